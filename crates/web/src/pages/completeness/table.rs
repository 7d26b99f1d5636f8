//! Figures as tables: by rule, by month, by unit. Each leads to the records behind it, for those who may
//! list them.

use super::scope::{Scope, month_in_words};
use crate::pages::words;
use components::{Cell, Markup, Table, html};
use desk::completeness::{Figures, NONE, Row, STATES};
use model::Kind;
use model::derived::validate::{self, DeclaredRule};

/// What the tables of a page share.
pub(super) struct Figured<'a> {
    /// The kind.
    pub kind: &'static Kind,
    /// Of which unit and period.
    pub scope: &'a Scope,
    /// Whether the visitor may list records of the kind.
    pub leads: bool,
}

/// How the columns are called, in the order of [`STATES`].
const COLUMNS: [&str; STATES.len()] = ["Applies to", "Answered", "Missing", "Placeholder", "Not in source"];

impl Figured<'_> {
    /// A row for each rule.
    pub(super) fn by_rule(&self, figures: &Figures) -> Table {
        let declared = validate::rules(self.kind);
        let rows = figures.rows.iter().filter_map(|row| {
            let rule = declared.iter().find(|rule| rule.rule.name == row.rule && rule.field == row.field)?;
            Some(self.line(self.name_of(rule), row, Some(self.scope.clone())))
        });
        table("Asked for", rows).caption("What is asked for, and how it is answered").caption_hidden(true)
    }

    fn name_of(&self, rule: &DeclaredRule) -> Markup {
        let path = format!("/completeness/{}/{}", self.kind.name, rule.rule.name);
        html! {
            a class="govuk-link" href=(self.scope.address(&path, &[])) { (rule.label) }
            @if !rule.field.ends_with(rule.rule.name) { " (" (rule.rule.name.replace('-', " ")) ")" }
            br; span class="bluelamp-law" { (rule.rule.law) }
        }
    }

    /// A row for each month, the newest first, with the figures of all rules together.
    pub(super) fn by_month(&self, figures: &Figures) -> Table {
        let months = summed(figures, |row| row.period.clone());
        let rows = months.iter().rev().map(|row| {
            let name = if row.period == NONE { "Time not known".into() } else { month_in_words(&row.period) };
            self.line(html! { (name) }, row, None)
        });
        table("Month", rows).caption("All that is asked for, by month")
    }

    /// A row for each month of one rule, the newest first.
    pub(super) fn months_of(&self, rows: &[&Row]) -> Table {
        let lines = rows.iter().rev().map(|row| match row.period.as_str() {
            NONE => self.line(html! { "Time not known" }, row, None),
            month => self.line(html! { (month_in_words(month)) }, row, Some(self.scope.of_period(month))),
        });
        table("Month", lines).caption("By month, the newest first")
    }

    /// A row for each unit of one rule.
    pub(super) fn units_of(&self, rows: &[&Row]) -> Table {
        let lines = rows.iter().map(|row| match row.unit.as_str() {
            NONE => self.line(html! { "Unit not known" }, row, None),
            unit => self.line(html! { (unit) }, row, Some(self.scope.of_unit(unit))),
        });
        table("Unit", lines).caption("By unit")
    }

    /// One row of figures; `scope` is of which unit and period they are, where records can be asked for so.
    pub(super) fn line(&self, name: Markup, row: &Row, scope: Option<Scope>) -> Vec<Cell> {
        let counts = [row.records, row.answered, row.missing, row.placeholder, row.not_in_source];
        let figures = counts.into_iter().zip(STATES).zip(COLUMNS).map(|((count, state), column)| {
            let scope = scope.as_ref().filter(|_| self.leads && count > 0);
            let path = format!("/completeness/{}/{}/{state}", self.kind.name, row.rule);
            Cell::number(html! {
                span class="bluelamp-figures__column" aria-hidden="true" { (column) }
                @match scope {
                    Some(scope) => a class="govuk-link" href=(scope.address(&path, &[])) { (words::number(count)) },
                    None => (words::number(count)),
                }
            })
        });
        let share = Cell::number(html! {
            span class="bluelamp-figures__column" aria-hidden="true" { "Share" }
            (share(row).map_or_else(|| "–".to_owned(), percent))
        });
        std::iter::once(Cell::new(name)).chain(figures).chain([share]).collect()
    }
}

fn table(first: &str, rows: impl Iterator<Item = Vec<Cell>>) -> Table {
    let head =
        std::iter::once(Cell::new(first)).chain(COLUMNS.map(Cell::number)).chain([Cell::number("Share")]);
    Table::new(head, rows).first_cell_is_header(true).classes("bluelamp-table--stacked bluelamp-figures")
}

/// The figures of all rules together, by what `part` names.
pub(super) fn summed(figures: &Figures, part: impl Fn(&Row) -> String) -> Vec<Row> {
    let mut sums = std::collections::BTreeMap::new();
    for row in &figures.rows {
        let sum = sums.entry(part(row)).or_insert_with(|| Row {
            rule: String::new(),
            field: String::new(),
            records: 0,
            answered: 0,
            missing: 0,
            placeholder: 0,
            not_in_source: 0,
            ..row.clone()
        });
        sum.records += row.records;
        sum.answered += row.answered;
        sum.missing += row.missing;
        sum.placeholder += row.placeholder;
        sum.not_in_source += row.not_in_source;
    }
    sums.into_values().collect()
}

/// Answered, of the records that could have answered it, between 0 and 1; `None` where none could.
pub(super) fn share(row: &Row) -> Option<f64> {
    let asked = row.answered + row.missing + row.placeholder;
    (asked > 0).then(|| row.answered as f64 / asked as f64)
}

/// `97.3%`, rounded down: what lacks something is never called whole.
pub(super) fn percent(share: f64) -> String {
    let tenths = (share * 1000.0).floor() as u64;
    match (tenths / 10, tenths % 10) {
        (whole, 0) => format!("{whole}%"),
        (whole, tenth) => format!("{whole}.{tenth}%"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_never_rounded_up_to_all() {
        for (share, said) in [(1.0, "100%"), (0.9999, "99.9%"), (0.5, "50%"), (0.0, "0%"), (0.1234, "12.3%")]
        {
            assert_eq!(percent(share), said);
        }
    }
}
