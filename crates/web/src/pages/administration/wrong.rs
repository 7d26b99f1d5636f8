//! What is wrong with a form of these pages, and tables that can be read on a phone.

use crate::pages::sheet::Sheet;
use components::{Cell, Content, ErrorLink, ErrorSummary, Markup, Table, html};
use desk::DeskError;

/// Why a change was not made, in words, and the control that it is about.
#[derive(Debug)]
pub(crate) struct Wrong {
    control: Option<&'static str>,
    words: String,
}

impl Wrong {
    /// That of a control.
    pub(crate) fn at(control: &'static str, words: impl Into<String>) -> Self {
        Self { control: Some(control), words: words.into() }
    }

    /// What the desk says of a change that it did not make; `controls` names the control of each field
    /// that its words may begin with.
    ///
    /// # Errors
    /// Refusals and faults, which end the request.
    pub(crate) fn of(error: DeskError, controls: &[(&str, &'static str)]) -> Result<Self, DeskError> {
        let (DeskError::Unusable(why) | DeskError::NotNow(why) | DeskError::Unknown(why)) = error else {
            return Err(error);
        };
        for (field, control) in controls {
            if let Some(words) = why.strip_prefix(field).and_then(|rest| rest.strip_prefix(':')) {
                return Ok(Self::at(control, sentence(words)));
            }
        }
        Ok(Self { control: None, words: sentence(&why) })
    }

    /// The words beside a control, where they are about it.
    pub(crate) fn beside(wrong: Option<&Self>, control: &str) -> Option<String> {
        wrong.filter(|wrong| wrong.control == Some(control)).map(|wrong| wrong.words.clone())
    }

    /// What stands above the form.
    pub(crate) fn above(wrong: Option<&Self>) -> Markup {
        let link = |wrong: &Self| match wrong.control {
            Some(control) => ErrorLink::new(format!("#{control}"), &wrong.words),
            None => ErrorLink::general(&wrong.words),
        };
        html! { @if let Some(wrong) = wrong { (ErrorSummary::new([link(wrong)])) } }
    }

    /// A page as it is answered, where something may be wrong.
    pub(crate) fn on(wrong: Option<&Self>, sheet: Sheet) -> Sheet {
        if wrong.is_some() { sheet.with_errors() } else { sheet }
    }
}

/// Words that begin with a capital and have an end.
fn sentence(words: &str) -> String {
    let mut letters = words.trim().trim_end_matches('.').chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", letters.as_str())
}

/// A cell that says on a phone, where there are no columns, what it holds.
pub(crate) fn labelled(column: &str, content: impl Into<Content>) -> Cell {
    let content = content.into();
    match content.is_nothing() {
        true => Cell::new(""),
        false => Cell::new(html! { span class="bluelamp-cell-label" { (column) ": " } (content) }),
    }
}

/// A table whose rows become blocks on a phone.
pub(crate) fn stacked<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = Vec<Cell>>) -> Table {
    Table::new(head.map(Cell::new), rows).classes("bluelamp-table--stacked")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_desk_says_stands_beside_its_control() {
        let error = DeskError::Unusable("ground: say why".into());
        let wrong = Wrong::of(error, &[("ground", "ground")]).unwrap();
        assert_eq!(Wrong::beside(Some(&wrong), "ground").as_deref(), Some("Say why."));
        assert_eq!(Wrong::beside(Some(&wrong), "group"), None);
        assert!(Wrong::above(Some(&wrong)).into_string().contains("#ground"));
        let general = Wrong::of(DeskError::NotNow("it is yours.".into()), &[("ground", "ground")]).unwrap();
        assert!(Wrong::above(Some(&general)).into_string().contains("It is yours.<"));
        Wrong::of(DeskError::NotFound, &[]).unwrap_err();
    }
}
