//! The faults of a force's own fields, all at once, each with the name of its field.

use super::*;
use crate::field::FieldDecl;

const NEEDS_SCHEDULE_8: &str =
    "a kind with a sensitive field needs a Schedule 8 condition (DPA 2018 s.35(5)), and this has none";

pub(super) fn faults(kind: &Kind, local: &[LocalField], lists: &Lists) -> Vec<String> {
    let mut faults = Vec::new();
    for (at, field) in local.iter().enumerate() {
        let mut see = |fault: String| faults.push(format!("{} ({}): {fault}", field.name, field.number));
        if local[..at].iter().any(|before| before.number == field.number) {
            see("the number stands twice".to_owned());
        }
        match field.number {
            0..FIRST_LOCAL_FIELD => check_tightening(kind, field, &mut see),
            FIRST_LOCAL_FIELD..FIRST_PLAIN_COLUMN => check_addition(kind, local, field, lists, &mut see),
            _ => see(format!("the number must be below {FIRST_PLAIN_COLUMN}")),
        }
        for rule in &field.rules {
            let is_ours = field.number < FIRST_LOCAL_FIELD && has_rule(kind.declared.alone(), &rule.name);
            check_rule(kind, local, (rule, is_ours), &mut see);
        }
    }
    faults
}

fn check_tightening(kind: &Kind, field: &LocalField, see: &mut dyn FnMut(String)) {
    let Some(ours) = kind.field(field.number) else {
        return see(format!("{} has no such field; a force's own begin at {FIRST_LOCAL_FIELD}", kind.name));
    };
    if ours.name() != field.name {
        see(format!("field {} is called “{}”", ours.number, ours.name()));
    }
    let restated = [
        &field.kind,
        &field.label,
        &field.about,
        &field.class,
        &field.search,
        &field.list,
        &field.identifier,
    ];
    if restated.iter().any(|part| part.is_some()) || field.help.is_some() {
        see("a field of ours keeps its type, label, legal class, list and search; only rules can be added"
            .to_owned());
    }
    if field.sensitive == Some(true) && kind.basis.schedule_8.is_none() {
        see(NEEDS_SCHEDULE_8.to_owned());
    }
    if field.sensitive == Some(false) && ours.is_sensitive {
        see("it is sensitive processing (DPA 2018 s.35(8)); that cannot be taken away".to_owned());
    }
    if field.disclose == Some(true) && !ours.may_disclose {
        see("it goes to a reviewer before disclosure; that cannot be taken away".to_owned());
    }
}

fn check_addition(
    kind: &Kind,
    local: &[LocalField],
    field: &LocalField,
    lists: &Lists,
    see: &mut dyn FnMut(String),
) {
    let is_named = |name: &str| name == field.name;
    if !is_name(&field.name) {
        see("a name is lower-case letters and digits with hyphens between, and begins with a letter"
            .to_owned());
    }
    if local.iter().filter(|other| is_named(&other.name)).count() > 1 {
        see("two fields have this name".to_owned());
    }
    if field.sensitive == Some(true) && kind.basis.schedule_8.is_none() {
        see(NEEDS_SCHEDULE_8.to_owned());
    }
    check_words(field, see);
    if let Some(decl) = words::declaration(field, Vec::new()) {
        check_parts(&decl, lists, see);
    }
}

fn check_words(field: &LocalField, see: &mut dyn FnMut(String)) {
    let mut need = |what: &str, is_known: Option<bool>, known: &str| match is_known {
        None => see(format!("{what} is missing; it is {known}")),
        Some(false) => see(format!("{what} is not one of {known}")),
        Some(true) => {}
    };
    let kinds = "bool, text, number, instant, date, code, identifier, place, record";
    need("type", field.kind.as_deref().map(|word| words::kind(word).is_some()), kinds);
    need("label", field.label.as_deref().map(|label| !label.trim().is_empty()), "what people see");
    let subjects = "own, officer, event, mixed, linked:ROLE";
    need("about", field.about.as_deref().map(|word| words::about(word).is_some()), subjects);
    let classes = "fact, opinion, allegation, assessment";
    need("class", field.class.as_deref().map(|word| words::class(word).is_some()), classes);
    if field.search.as_deref().is_some_and(|word| words::search(word).is_none()) {
        see("search is not one of words, name, exact, date, number, place, unsearched".to_owned());
    }
}

fn check_parts(decl: &FieldDecl, lists: &Lists, see: &mut dyn FnMut(String)) {
    let is_list = |id: &str| crate::codes::committed(id).is_some() || lists.contains_key(id);
    let has_list = decl.code_list.is_some_and(is_list);
    if (decl.kind == Type::Code) != has_list {
        see("a code needs a list that exists, and nothing else has one".to_owned());
    }
    if (decl.kind == Type::Identifier) != decl.identifier.is_some() {
        let kinds: Vec<&str> = IdentifierKind::ALL.iter().map(|kind| kind.word()).collect();
        see(format!("an identifier needs its kind ({}), and nothing else has one", kinds.join(", ")));
    }
}

fn check_rule(
    kind: &Kind,
    local: &[LocalField],
    (rule, is_ours): (&LocalRule, bool),
    see: &mut dyn FnMut(String),
) {
    let name = &rule.name;
    let is_same = |other: &&LocalRule| other.name == *name;
    let times = local.iter().flat_map(|field| &field.rules).filter(is_same).count();
    // Those of added fields have a name that begins otherwise.
    if times > 1 || is_ours {
        see(format!("the rule “{name}” has the name of another; a force adds rules, and replaces none"));
    }
    if !is_name(name) || rule.law.trim().is_empty() || rule.mend.trim().is_empty() {
        see(format!(
            "the rule “{name}” needs a name in lower case, the policy that it comes from, and a mend"
        ));
    }
    if rule.until.is_some_and(|until| until < rule.from) {
        see(format!("the rule “{name}” ends before it begins"));
    }
    if let Some(condition) = &rule.when {
        check_when(kind, local, condition, name, see);
    }
}

fn check_when(
    kind: &Kind,
    local: &[LocalField],
    condition: &LocalWhen,
    rule: &str,
    see: &mut dyn FnMut(String),
) {
    match condition {
        LocalWhen::Answered(field)
        | LocalWhen::Is(field)
        | LocalWhen::IsNot(field)
        | LocalWhen::Under(field, _)
        | LocalWhen::OneOf(field, _) => {
            if words::number_of(kind, local, field).is_none() {
                see(format!(
                    "the condition of the rule “{rule}” names the field “{field}”, which there is not"
                ));
            }
        }
        LocalWhen::All(parts) | LocalWhen::Any(parts) => {
            parts.iter().for_each(|part| check_when(kind, local, part, rule, see));
        }
        LocalWhen::Not(part) => check_when(kind, local, part, rule, see),
    }
}

fn has_rule(fields: &[FieldDecl], name: &str) -> bool {
    fields.iter().any(|field| {
        field.rules.iter().any(|rule| rule.name == name)
            || field.row_group.is_some_and(|group| has_rule(group.fields, name))
    })
}

fn is_name(name: &str) -> bool {
    let is_part =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.split('-').all(is_part)
}
