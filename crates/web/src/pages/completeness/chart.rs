//! A line over months, drawn as SVG without styles of its own. The table beside it says the same in
//! figures, and is what those are led to who do not see it.

use super::table::{percent, share, summed};
use components::{Markup, html};
use desk::completeness::{Figures, Row};

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 220.0;
/// Where the plot begins and ends.
const LEFT: f64 = 48.0;
const RIGHT: f64 = 704.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 188.0;
/// Months up to which each is marked.
const MOST_MARKS: usize = 60;

/// One month and its share.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Point {
    /// Months since year 0.
    month: i64,
    share: f64,
}

/// The share answered by month, of one rule or of all; nothing where there are not two months.
pub(super) fn of_months(figures: &Figures, rule: Option<&str>, title: &str) -> Markup {
    let rows: Vec<Row> = match rule {
        Some(rule) => figures.rows.iter().filter(|row| row.rule == rule).cloned().collect(),
        None => summed(figures, |row| row.period.clone()),
    };
    let points: Vec<Point> = rows.iter().filter_map(point).collect();
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Markup::default() };
    if first.month == last.month {
        return Markup::default();
    }
    let axis = Axis { first: first.month, last: last.month };
    html! {
        figure class="bluelamp-chart" {
            figcaption class="govuk-body govuk-!-font-weight-bold" id="chart-title" { (title) }
            svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-labelledby="chart-title" aria-describedby="chart-words" {
                (grid())
                (axis.labels())
                @for run in runs(&points) { (axis.line(run)) }
                @if points.len() <= MOST_MARKS { @for point in &points { (axis.mark(*point)) } }
            }
            p class="govuk-body-s" id="chart-words" { (in_words(*first, *last, &points)) }
        }
    }
}

fn point(row: &Row) -> Option<Point> {
    let (year, month) = row.period.split_once('-')?;
    let month = year.parse::<i64>().ok()? * 12 + month.parse::<i64>().ok()? - 1;
    Some(Point { month, share: share(row)? })
}

/// Points of months that follow each other: a month without records is a gap, not a fall.
fn runs(points: &[Point]) -> impl Iterator<Item = &[Point]> {
    points.chunk_by(|before, after| before.month + 1 == after.month)
}

fn height(share: f64) -> f64 {
    BOTTOM - share * (BOTTOM - TOP)
}

fn grid() -> Markup {
    html! {
        @for quarter in 0..=4_u8 {
            @let y = height(f64::from(quarter) / 4.0);
            line class="bluelamp-chart__grid" x1=(LEFT) x2=(RIGHT) y1=(y) y2=(y) {}
            text class="bluelamp-chart__label" x=(LEFT - 6.0) y=(y + 4.0) text-anchor="end" { (quarter * 25) "%" }
        }
    }
}

/// Which months lie where.
struct Axis {
    first: i64,
    last: i64,
}

impl Axis {
    fn x(&self, month: i64) -> f64 {
        let along = (month - self.first) as f64 / (self.last - self.first) as f64;
        ((LEFT + along * (RIGHT - LEFT)) * 10.0).round() / 10.0
    }

    fn y(share: f64) -> f64 {
        (height(share) * 10.0).round() / 10.0
    }

    /// The first and the last month, and as many years between them as there is room for.
    fn labels(&self) -> Markup {
        let years = (self.first / 12 + 1)..=(self.last / 12);
        let every = (years.clone().count() as i64 / 8 + 1).max(1);
        let near = |month: i64, end: i64| (self.x(month) - self.x(end)).abs() < 130.0;
        let shown = years.filter(|year| year % every == 0).map(|year| year * 12);
        let shown = shown.filter(|month| !near(*month, self.first) && !near(*month, self.last));
        html! {
            (self.label(self.first, "start", &said(self.first)))
            @for month in shown { (self.label(month, "middle", &(month / 12).to_string())) }
            (self.label(self.last, "end", &said(self.last)))
        }
    }

    fn label(&self, month: i64, anchor: &str, words: &str) -> Markup {
        html! { text class="bluelamp-chart__label" x=(self.x(month)) y=(BOTTOM + 20.0) text-anchor=(anchor) { (words) } }
    }

    fn line(&self, run: &[Point]) -> Markup {
        let points: Vec<String> =
            run.iter().map(|point| format!("{},{}", self.x(point.month), Self::y(point.share))).collect();
        html! { @if run.len() > 1 { polyline class="bluelamp-chart__line" points=(points.join(" ")) {} } }
    }

    fn mark(&self, point: Point) -> Markup {
        html! {
            circle class="bluelamp-chart__mark" cx=(self.x(point.month)) cy=(Self::y(point.share)) r="3.5" {
                title { (said(point.month)) ": " (percent(point.share)) }
            }
        }
    }
}

fn said(month: i64) -> String {
    super::scope::month_in_words(&format!("{:04}-{:02}", month / 12, month % 12 + 1))
}

fn in_words(first: Point, last: Point, points: &[Point]) -> String {
    let lowest =
        points.iter().copied().min_by(|one, other| one.share.total_cmp(&other.share)).unwrap_or(first);
    format!(
        "{}: {}. {}: {}. Lowest, {}: {}. The figures of each month stand in the table below.",
        said(first.month),
        percent(first.share),
        said(last.month),
        percent(last.share),
        said(lowest.month),
        percent(lowest.share),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(period: &str, answered: u64, missing: u64) -> Row {
        let text = String::new;
        Row {
            kind: text(),
            field: text(),
            rule: "place".into(),
            unit: text(),
            period: period.into(),
            records: answered + missing,
            answered,
            missing,
            placeholder: 0,
            not_in_source: 0,
            law: text(),
        }
    }

    fn figures(rows: Vec<Row>) -> Figures {
        Figures { position: None, records: 0, possible_repeats: 0, rows }
    }

    #[test]
    fn a_month_without_records_is_a_gap() {
        let rows =
            vec![row("(none)", 1, 0), row("2023-12", 1, 1), row("2024-01", 3, 1), row("2024-04", 1, 0)];
        let drawn = of_months(&figures(rows), Some("place"), "Share").into_string();
        assert_eq!(drawn.matches("<polyline").count(), 1);
        assert_eq!(drawn.matches("<circle").count(), 3);
        assert!(drawn.contains("December 2023: 50%"), "{drawn}");
        assert!(!drawn.contains("style="));
    }

    #[test]
    fn one_month_is_no_line() {
        assert_eq!(of_months(&figures(vec![row("2024-01", 1, 1)]), None, "Share").into_string(), "");
        assert_eq!(of_months(&figures(vec![row("2024-01", 0, 0)]), None, "Share").into_string(), "");
    }
}
