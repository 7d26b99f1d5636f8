//! Which of the answers to a search are looked at, in which order, and how: all that its address says besides the
//! name of the search. Nothing in it can name a person.

use desk::find::Wanted;
use jiff::civil::Date;
use model::derived::show;
use model::identifiers::grid_reference::{self, GridSquare};
use model::{Kind, PartialDate, kinds};
use search::{Order, Page, Query, State};

/// Answers of one page of a list or table.
const PAGE: usize = 20;
/// Answers of one page of a map.
const MAPPED: usize = 200;
/// Answers beyond which nobody pages.
const FARTHEST: usize = 10_000;

/// How answers are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum View {
    /// Under the person, vehicle or place that they are linked with.
    #[default]
    List,
    /// In rows and columns.
    Table,
    /// On a map, where they have a place.
    Map,
}

impl View {
    pub(super) const ALL: [Self; 3] = [Self::List, Self::Table, Self::Map];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Table => "table",
            Self::Map => "map",
        }
    }
}

/// The orders, by their names in addresses and what they are called.
pub(super) const ORDERS: [(Order, &str, &str); 4] = [
    (Order::Best, "best", "Best first"),
    (Order::Newest, "newest", "Newest first"),
    (Order::Oldest, "oldest", "Oldest first"),
    (Order::Kind, "kind", "By kind"),
];

/// Which of the answers, and how.
#[derive(Debug, Clone, Default)]
pub(super) struct Which {
    /// Of these kinds alone; of all where none is named.
    pub kinds: Vec<&'static Kind>,
    /// Of this unit alone.
    pub unit: String,
    /// Of which all of this is said.
    pub states: Vec<State>,
    /// The first day, month or year, as it was typed.
    pub from: String,
    /// The last, as it was typed.
    pub to: String,
    /// In this square of the National Grid alone.
    pub square: String,
    pub order: Order,
    pub view: View,
    /// The page, from 1.
    pub page: usize,
    /// What was done.
    pub done: String,
}

impl Which {
    /// From the query of an address. What is not known there is passed over.
    pub(super) fn read(query: &str) -> Self {
        let mut which = Self { page: 1, ..Self::default() };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            which.take(&name, value.trim());
        }
        which
    }

    fn take(&mut self, name: &str, value: &str) {
        match name {
            "kind" => self.kinds.extend(kinds::by_name(value)),
            "unit" => value.clone_into(&mut self.unit),
            "is" => self.states.extend(State::by_name(value)),
            "from" => value.clone_into(&mut self.from),
            "to" => value.clone_into(&mut self.to),
            "square" => value.clone_into(&mut self.square),
            "order" => {
                self.order = ORDERS.iter().find(|(_, name, _)| *name == value).map_or(Order::Best, |o| o.0)
            }
            "view" => self.view = View::ALL.into_iter().find(|view| view.name() == value).unwrap_or_default(),
            "page" => self.page = value.parse().unwrap_or(1).max(1),
            "done" => value.clone_into(&mut self.done),
            _ => {}
        }
    }

    /// The address of these answers of a search.
    pub(super) fn address(&self, search: &str) -> String {
        let query = self.written();
        if query.is_empty() { format!("/searches/{search}") } else { format!("/searches/{search}?{query}") }
    }

    /// As [`Which::read`] reads it.
    pub(super) fn written(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in self.pairs() {
            query.append_pair(name, &value);
        }
        if self.page > 1 {
            query.append_pair("page", &self.page.to_string());
        }
        query.finish()
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs: Vec<(&'static str, String)> = Vec::new();
        if self.view != View::List {
            pairs.push(("view", self.view.name().to_owned()));
        }
        pairs.extend(self.kinds.iter().map(|kind| ("kind", kind.name.to_owned())));
        pairs.extend(self.states.iter().map(|state| ("is", state.name().to_owned())));
        for (name, text) in
            [("unit", &self.unit), ("from", &self.from), ("to", &self.to), ("square", &self.square)]
        {
            if !text.is_empty() {
                pairs.push((name, text.clone()));
            }
        }
        if let Some((_, name, _)) =
            ORDERS.iter().find(|(order, ..)| *order == self.order && *order != Order::Best)
        {
            pairs.push(("order", (*name).to_owned()));
        }
        pairs
    }

    /// The same from the first page on, with a change.
    pub(super) fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut other = Self { page: 1, done: String::new(), ..self.clone() };
        change(&mut other);
        other
    }

    /// Nothing but the view and the order.
    pub(super) fn wide(&self) -> Self {
        Self { view: self.view, order: self.order, page: 1, ..Self::default() }
    }

    /// Whether anything is left out.
    pub(super) fn narrows(&self) -> bool {
        let texts = [&self.unit, &self.from, &self.to, &self.square];
        !self.kinds.is_empty() || !self.states.is_empty() || texts.iter().any(|text| !text.is_empty())
    }

    /// Answers of one page.
    pub(super) fn per_page(&self) -> usize {
        if self.view == View::Map { MAPPED } else { PAGE }
    }

    /// Answers before the first of the page.
    pub(super) fn offset(&self) -> usize {
        (self.page - 1).saturating_mul(self.per_page()).min(FARTHEST)
    }

    /// What is wanted of the desk.
    pub(super) fn wanted(&self) -> Wanted {
        let page = Page { offset: self.offset(), limit: self.per_page() };
        let unit = (!self.unit.is_empty()).then(|| self.unit.clone());
        Wanted { page, order: self.order, counts: true, unit }
    }

    /// A query, narrowed.
    ///
    /// # Errors
    /// What is wrong with the dates, by the name of the control.
    pub(super) fn narrowed(&self, query: &str) -> Result<String, (&'static str, String)> {
        let mut parts: Vec<String> = Vec::new();
        match self.kinds.as_slice() {
            [] => {}
            [kind] => parts.push(format!("kind:{}", kind.name)),
            several => {
                let several: Vec<String> = several.iter().map(|kind| format!("kind:{}", kind.name)).collect();
                parts.push(format!("({})", several.join(" OR ")));
            }
        }
        parts.extend(self.states.iter().map(|state| format!("is:{}", state.name())));
        parts.extend(self.period()?);
        parts.extend(self.grid_square().map(within));
        if self.view == View::Map && !self.states.contains(&State::Placed) {
            parts.push(format!("is:{}", State::Placed.name()));
        }
        if parts.is_empty() {
            return Ok(query.to_owned());
        }
        let query = if query.contains(" OR ") { format!("({query})") } else { query.to_owned() };
        parts.push(query);
        Ok(parts.join(" "))
    }

    fn period(&self) -> Result<Option<String>, (&'static str, String)> {
        let day = |name: &'static str, text: &str| match text.is_empty() {
            true => Ok(None),
            false => date(text).map(Some).ok_or_else(|| (name, not_a_date(text))),
        };
        let said = match (day("from", &self.from)?, day("to", &self.to)?) {
            (None, None) => return Ok(None),
            (Some(from), None) => format!("at:>={from}"),
            (None, Some(to)) => format!("at:<={to}"),
            (Some(from), Some(to)) if from == to => format!("at:{from}"),
            (Some(from), Some(to)) => format!("at:{from}..{to}"),
        };
        match Query::parse(&said) {
            Ok(_) => Ok(Some(said)),
            Err(error) => Err(("to", format!("The dates cannot be used: {}", error.problem))),
        }
    }

    /// The square of the National Grid that is looked at, where one is named.
    pub(super) fn grid_square(&self) -> Option<GridSquare> {
        grid_reference::parse(&self.square)
    }
}

/// The corners of a square.
fn within(square: GridSquare) -> String {
    let GridSquare { easting, northing, side } = square;
    let corner = |east: u32, north: u32| {
        let corner = GridSquare { easting: easting + east, northing: northing + north, side: 0 };
        let (latitude, longitude) = corner.degrees();
        format!("{latitude:.6},{longitude:.6}")
    };
    let corners = [corner(0, 0), corner(side, 0), corner(side, side), corner(0, side)];
    format!("within:({})", corners.join(" "))
}

fn not_a_date(text: &str) -> String {
    format!("“{text}” is no date. Write a day, a month or a year, as 27/3/2024, 2024-03 or 2024")
}

/// `27/3/2024` as people write it, or `2024-03-27`, `2024-03`, `2024`; as the query language has it.
pub(in crate::pages) fn date(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split(['/', '.']).map(str::trim).collect();
    if let [day, month, year] = parts.as_slice() {
        return Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
            .ok()
            .map(|day| day.to_string());
    }
    let date = PartialDate::parse(text)
        .filter(|date| date.year.is_some() && (date.day.is_none() || date.month.is_some()))?;
    Some(match (date.year?, date.month, date.day) {
        (year, None, _) => format!("{year:04}"),
        (year, Some(month), None) => format!("{year:04}-{month:02}"),
        (year, Some(month), Some(day)) => format!("{year:04}-{month:02}-{day:02}"),
    })
}

/// A date as it is said, or as it was typed where it is none.
pub(super) fn said(text: &str) -> String {
    let date = date(text).and_then(|date| PartialDate::parse(&date));
    date.map_or_else(|| text.to_owned(), show::date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_comes_back_as_it_was() {
        let query = "view=table&kind=crime&kind=nominal&is=lacking&unit=Response+A&from=2024&to=27%2F3%2F2024&order=oldest";
        let which = Which::read(query);
        assert_eq!(which.address("x"), format!("/searches/x?{query}"));
        assert_eq!(
            Which::read("page=3&kind=unicorn&order=best&view=list").address("x"),
            "/searches/x?page=3"
        );
        assert_eq!(which.with(|which| which.kinds.clear()).page, 1);
    }

    #[test]
    fn what_narrows_is_a_query_that_reads() {
        let narrowed = |query: &str, typed: &str| Which::read(query).narrowed(typed).unwrap();
        assert_eq!(narrowed("", "smith"), "smith");
        assert_eq!(narrowed("kind=crime", "smith"), "kind:crime smith");
        assert_eq!(
            narrowed("kind=crime&kind=nominal&from=27/3/2024&to=2024-05", "a OR b"),
            "(kind:crime OR kind:nominal) at:2024-03-27..2024-05 (a OR b)"
        );
        assert_eq!(narrowed("from=2024&to=2024&is=lacking", "a"), "is:lacking at:2024 a");
        assert_eq!(narrowed("view=map", "a"), "is:placed a");
        let square = narrowed("square=SU3814", "a");
        assert!(square.starts_with("within:(50.9"), "{square}");
        for text in [&square, "is:placed a", "is:official-sensitive", "is:restricted"] {
            Query::parse(text).unwrap();
        }
    }

    #[test]
    fn a_date_that_is_none_is_told_of_by_its_control() {
        for (query, control) in [("from=soon", "from"), ("to=31/2/2024", "to"), ("from=2025&to=2024", "to")] {
            assert_eq!(Which::read(query).narrowed("a").unwrap_err().0, control, "{query}");
        }
    }
}
