//! What changed between two versions of a record, for people.

use super::fields::Fields;
use super::show;
use crate::body::{Body, Slot};
use crate::kind::Kind;
use std::collections::BTreeSet;

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Name of the field: `outcome`.
    pub field: String,
    /// Label that people see.
    pub label: String,
    /// Before, as people see it; `None` where nothing was said.
    pub before: Option<String>,
    /// After, as people see it; `None` where nothing is said.
    pub after: Option<String>,
}

/// The fields that differ, ascending by number.
#[must_use]
pub fn differences(kind: &Kind, before: &Body, after: &Body) -> Vec<Difference> {
    differences_in(Fields::of(kind), before, after)
}

/// [`differences`] with a force's own fields.
#[must_use]
pub fn differences_in(fields: Fields<'_>, before: &Body, after: &Body) -> Vec<Difference> {
    let numbers: BTreeSet<u16> = before.slots().chain(after.slots()).map(|(number, _)| number).collect();
    let differing = numbers.into_iter().filter(|number| before.slot(*number) != after.slot(*number));
    differing.map(|number| difference(fields, number, before.slot(number), after.slot(number))).collect()
}

fn difference(fields: Fields<'_>, number: u16, before: Option<&Slot>, after: Option<&Slot>) -> Difference {
    let decl = fields.number(number);
    let text = |slot: &Slot| match decl {
        Some(decl) => show::slot_text(decl, slot),
        None => show::undeclared_text(slot),
    };
    Difference {
        field: decl.map_or_else(|| number.to_string(), crate::FieldDecl::name),
        label: fields.label(number),
        before: before.map(text),
        after: after.map(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::NotHeld;
    use crate::field::Code;
    use crate::kinds::stop_and_search::{AGE, KIND, OBJECT, OUTCOME};

    #[test]
    fn what_changed_is_told_in_words() {
        let mut before = Body::default();
        before.set(OUTCOME, Code("no-action".into())).set(OBJECT, Code("drugs".into()));
        let mut after = before.clone();
        after.set(OUTCOME, Code("arrest".into())).set_not_held(AGE, NotHeld::Declined);
        let found = differences(&KIND, &before, &after);
        let told: Vec<_> = found
            .iter()
            .map(|d| (d.field.as_str(), d.before.as_deref().unwrap_or(""), d.after.as_deref().unwrap_or("")))
            .collect();
        assert_eq!(told, [("outcome", "No further action", "Arrest"), ("age", "", "Asked and declined")]);
        assert_eq!(differences(&KIND, &after, &after), []);
    }

    #[test]
    fn a_field_of_a_later_release_is_compared_too() {
        let mut after = Body::default();
        after.put(777, Slot::Held(crate::Value::Text("x".into())));
        let found = differences(&KIND, &Body::default(), &after);
        assert_eq!((found[0].label.as_str(), found[0].after.as_deref()), ("field 777", Some("x")));
    }
}
