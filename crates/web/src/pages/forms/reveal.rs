//! When a field is asked at all, as data for the script of the form. Without the script everything is asked,
//! and what does not apply is left empty.

use model::derived::Fields;
use model::{FieldDecl, When};
use serde_json::{Value, json};

/// The condition of a field over the names of controls that begin with `before`; `None` where it is always
/// asked. A rule's condition counts like that of showing: what must be answered only for some is asked of them
/// alone.
pub(super) fn condition(fields: Fields<'_>, decl: &FieldDecl, before: &str) -> Option<String> {
    decl.shown_when.map(|when| as_json(&when, fields, before).to_string())
}

fn as_json(when: &When, fields: Fields<'_>, before: &str) -> Value {
    let name = |number: &u16| {
        let name = fields.number(*number).map_or_else(|| number.to_string(), FieldDecl::name);
        format!("{before}{name}")
    };
    let each =
        |parts: &[When]| -> Vec<Value> { parts.iter().map(|part| as_json(part, fields, before)).collect() };
    match when {
        When::Always => json!({ "all": [] }),
        When::Answered(field) => json!({ "answered": name(field) }),
        When::Is(field) => json!({ "field": name(field), "in": ["yes"] }),
        When::IsNot(field) => json!({ "field": name(field), "in": ["no"] }),
        When::Under(field, limit) => json!({ "field": name(field), "under": limit }),
        When::OneOf(field, codes) => json!({ "field": name(field), "in": codes }),
        When::All(parts) => json!({ "all": each(parts) }),
        When::Any(parts) => json!({ "any": each(parts) }),
        When::Not(part) => json!({ "not": as_json(part, fields, before) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::kinds::stop_and_search as stop;

    #[test]
    fn conditions_name_the_controls_that_they_look_at() {
        let fields = Fields::of(&stop::KIND);
        let decl = fields.number(stop::VRM.number()).unwrap();
        let said = condition(fields, decl, "").unwrap();
        assert_eq!(said, r#"{"field":"search-type","in":["vehicle","person-and-vehicle"]}"#);
        assert_eq!(condition(fields, fields.number(stop::AT.number()).unwrap(), ""), None);
    }
}
