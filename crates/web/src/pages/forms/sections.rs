//! In which order a form asks. What law or policy asks for comes first; what is seldom needed is folded away
//! below. A declaration may give the order itself.

use model::derived::Fields;
use model::derived::form::is_typed;
use model::kinds::nominal;
use model::{FieldDecl, Kind};

/// Fields that are asked together.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Section {
    /// Heading; none where it is empty.
    pub title: &'static str,
    /// Numbers of the fields, in the order in which they are asked.
    pub fields: Vec<u16>,
    /// Whether it is folded away until somebody opens it.
    pub folded: bool,
}

/// The sections of the form of a kind. What a force added stands together; another field that no section names
/// stands in the last.
pub(super) fn sections(kind: &Kind) -> Vec<Section> {
    let mut sections = if kind.asks.is_empty() { needed_first(kind) } else { declared(kind) };
    let named: Vec<u16> = sections.iter().flat_map(|section| section.fields.clone()).collect();
    let others = Fields::of(kind).iter().filter(|decl| is_typed(decl) && !named.contains(&decl.number));
    let (local, others): (Vec<&FieldDecl>, Vec<&FieldDecl>) = others.partition(|decl| decl.is_local());
    let numbers = |decls: Vec<&FieldDecl>| -> Vec<u16> { decls.iter().map(|decl| decl.number).collect() };
    if !local.is_empty() {
        sections.push(Section { title: "Asked by this force", fields: numbers(local), folded: false });
    }
    let others = numbers(others);
    if !others.is_empty() {
        // A form that asks for little shows all of it.
        let folded = named.len() >= FEW;
        sections.push(Section { title: if folded { "More" } else { "" }, fields: others, folded });
    }
    sections
}

/// Questions beside which others are folded away.
const FEW: usize = 5;

fn declared(kind: &Kind) -> Vec<Section> {
    let section =
        |asks: &model::Asks| Section { title: asks.title, fields: asks.fields.to_vec(), folded: false };
    kind.asks.iter().map(section).collect()
}

fn needed_first(kind: &Kind) -> Vec<Section> {
    let fields = Fields::of(kind);
    let is_needed = |decl: &&FieldDecl| !decl.is_local() && fields.rules(decl).next().is_some();
    let needed = fields.iter().filter(|decl| is_typed(decl)).filter(is_needed);
    vec![Section { title: "", fields: needed.map(|decl| decl.number).collect(), folded: false }]
}

/// Fields by which somebody looks whether a record of this kind is there already: paths of controls.
pub(super) fn recognised_by(kind: &Kind) -> Vec<String> {
    use model::{SearchAs, Type};
    if kind.number == nominal::KIND.number {
        return ["names[1].forenames", "names[1].surname", "dates-of-birth[1].date"]
            .map(str::to_owned)
            .to_vec();
    }
    if kind.happened.is_some()
        || kind.happened_about.is_some()
        || kind.number == model::kinds::link::KIND.number
    {
        return Vec::new();
    }
    let identifies = |decl: &&model::FieldDecl| {
        matches!(decl.search_as, SearchAs::Name | SearchAs::Place) || decl.kind == Type::Identifier
    };
    let mut paths: Vec<String> = Vec::new();
    for decl in Fields::of(kind).iter().filter(|decl| is_typed(decl) && !decl.is_local()) {
        match decl.row_group {
            Some(group) => {
                let inner = group.fields.iter().filter(identifies);
                paths.extend(inner.map(|field| format!("{}[1].{}", decl.name(), field.name())));
            }
            None if identifies(&decl) => paths.push(decl.name()),
            None => {}
        }
    }
    paths.truncate(3);
    paths
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::kinds;
    use std::collections::BTreeSet;

    #[test]
    fn every_form_asks_for_every_field_once() {
        for kind in kinds::ALL {
            let sections = sections(kind);
            let asked: Vec<u16> = sections.iter().flat_map(|section| section.fields.clone()).collect();
            let typed: BTreeSet<u16> =
                Fields::of(kind).iter().filter(|decl| is_typed(decl)).map(|decl| decl.number).collect();
            assert_eq!(asked.iter().copied().collect::<BTreeSet<u16>>(), typed, "{}", kind.name);
            assert_eq!(asked.len(), typed.len(), "{} asks twice", kind.name);
        }
    }

    #[test]
    fn what_the_law_asks_for_is_never_folded_away() {
        for kind in kinds::ALL {
            for section in sections(kind).iter().filter(|section| section.folded) {
                for number in &section.fields {
                    let decl = kind.field(*number).unwrap();
                    assert!(!decl.rules.iter().any(|rule| rule.stops), "{}: {}", kind.name, decl.label);
                }
            }
        }
    }

    #[test]
    fn things_that_last_are_looked_for_before_they_are_made() {
        for kind in kinds::ALL {
            let lasts = kind.happened.is_none() && kind.happened_about.is_none() && kind.name != "link";
            assert_eq!(!recognised_by(kind).is_empty(), lasts, "{}", kind.name);
        }
    }
}
