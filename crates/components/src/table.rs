//! Rows and columns.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::classes::{classes, given, when};
use crate::{Content, Size};

/// How a column that can be sorted stands now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sorted {
    /// The rows stand in another order.
    Otherwise,
    /// The least first.
    Ascending,
    /// The most first.
    Descending,
}

impl Sorted {
    fn said(self) -> &'static str {
        match self {
            Sorted::Otherwise => "none",
            Sorted::Ascending => "ascending",
            Sorted::Descending => "descending",
        }
    }
}

/// A cell of a table, or the heading of a column. Plain text becomes one with `into()`.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct Cell {
    #[setters(skip)]
    content: Content,
    /// Whether it holds a number, which stands at the right.
    numeric: bool,
    /// How many columns it spans.
    #[setters(into = false, strip_option)]
    colspan: Option<u16>,
    /// How many rows it spans.
    #[setters(into = false, strip_option)]
    rowspan: Option<u16>,
    /// Further classes.
    classes: String,
    #[setters(skip)]
    sorted: Option<(Sorted, String)>,
}

impl Cell {
    /// A cell that holds `content`.
    pub fn new(content: impl Into<Content>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }

    /// A cell that holds a number.
    pub fn number(content: impl Into<Content>) -> Self {
        Self { numeric: true, ..Self::new(content) }
    }

    /// The heading `text` of a column by which the rows are sorted at `href`.
    pub fn sortable(text: impl Into<String>, href: impl Into<String>, sorted: Sorted) -> Self {
        let (text, href): (String, String) = (text.into(), href.into());
        let link = html! { a class="bluelamp-sort" href=(href) { (text) } };
        Self { sorted: Some((sorted, text)), ..Self::new(link) }
    }

    fn heading(&self, scope: &str) -> Markup {
        let numeric = when(self.numeric && scope == "col", "govuk-table__header--numeric");
        html! {
            th scope=(scope)
                aria-sort=[self.sorted.as_ref().map(|(sorted, _)| sorted.said())]
                class=(classes(&["govuk-table__header", numeric, &self.classes]))
                colspan=[self.colspan]
                rowspan=[self.rowspan] { (self.content) }
        }
    }

    /// What stands in it, where that is plain text or leads to another order.
    fn text(&self) -> Option<&str> {
        match (&self.content, &self.sorted) {
            (_, Some((_, text))) => Some(text),
            (Content::Text(text), _) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    fn cell(&self, head: Option<&str>) -> Markup {
        let numeric = when(self.numeric, "govuk-table__cell--numeric");
        html! {
            td class=(classes(&["govuk-table__cell", numeric, &self.classes]))
                data-head=[head]
                colspan=[self.colspan]
                rowspan=[self.rowspan] { (self.content) }
        }
    }
}

impl<T: Into<Content>> From<T> for Cell {
    fn from(content: T) -> Self {
        Cell::new(content)
    }
}

/// Class of a table whose rows become blocks on a phone.
const STACKED: &str = "bluelamp-table--stacked";

/// Rows and columns.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct Table {
    #[setters(skip)]
    head: Vec<Cell>,
    #[setters(skip)]
    rows: Vec<Vec<Cell>>,
    /// What the table is about. Each table needs one, if need be for those alone who do not see the page.
    caption: String,
    /// Size of the caption; that of body text where none is given.
    #[setters(strip_option)]
    caption_size: Option<Size>,
    /// Whether only those who do not see the page need the caption.
    caption_hidden: bool,
    /// Whether the first cell of each row is its heading.
    first_cell_is_header: bool,
    /// Whether it scrolls sideways by itself where it is wider than the screen, instead of breaking words.
    scrolls: bool,
    /// Id.
    id: String,
    /// Further classes.
    classes: String,
}

impl Table {
    /// Headings of the columns, and rows.
    pub fn new(head: impl IntoIterator<Item = Cell>, rows: impl IntoIterator<Item = Vec<Cell>>) -> Self {
        Self { head: head.into_iter().collect(), rows: rows.into_iter().collect(), ..Self::default() }
    }

    fn caption_markup(&self) -> Markup {
        let size = self.caption_size.map(|size| size.of("govuk-table__caption")).unwrap_or_default();
        let hidden = when(self.caption_hidden, "govuk-visually-hidden");
        html! {
            @if !self.caption.is_empty() {
                caption class=(classes(&["govuk-table__caption", &size, hidden])) { (self.caption) }
            }
        }
    }

    /// The heading of a column, which its cells say themselves where they stand one under the other on a
    /// phone. The first cell leads its row, and needs none.
    fn head_of(&self, place: usize) -> Option<&str> {
        let leads = place == 0 || !self.classes.contains(STACKED);
        if leads { None } else { self.head.get(place)?.text() }
    }

    fn table(&self) -> Markup {
        html! {
            table class=(classes(&["govuk-table", &self.classes])) id=[given(&self.id)] {
                (self.caption_markup())
                @if !self.head.is_empty() {
                    thead class="govuk-table__head" {
                        tr class="govuk-table__row" { @for cell in &self.head { (cell.heading("col")) } }
                    }
                }
                tbody class="govuk-table__body" { @for cells in &self.rows { (self.row(cells)) } }
            }
        }
    }

    fn row(&self, cells: &[Cell]) -> Markup {
        html! {
            tr class="govuk-table__row" {
                @for (place, cell) in cells.iter().enumerate() {
                    @if place == 0 && self.first_cell_is_header { (cell.heading("row")) } @else { (cell.cell(self.head_of(place))) }
                }
            }
        }
    }
}

impl Render for Table {
    fn render(&self) -> Markup {
        if !self.scrolls {
            return self.table();
        }
        html! {
            // Those who use the keyboard scroll it when it has the focus, and need its name there.
            div class="bluelamp-scroll" role="region" aria-label=(self.caption) tabindex="0" { (self.table()) }
        }
    }
}
