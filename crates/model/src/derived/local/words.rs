//! From the words of a force's file to a declaration. The check has already passed; what has no
//! meaning gives `None`, which the check has reported.

use super::*;

pub(super) fn declaration(field: &LocalField, rules: Vec<Rule>) -> Option<FieldDecl> {
    let constant = format!("{LOCAL}{}", field.name).to_ascii_uppercase().replace('-', "_");
    let mut decl = FieldDecl::new(
        field.number,
        lasting(&constant),
        kind(field.kind.as_deref()?)?,
        lasting(field.label.as_deref()?),
        about(field.about.as_deref()?)?,
        class(field.class.as_deref()?)?,
    );
    decl.help = lasting(field.help.as_deref().unwrap_or_default());
    decl.is_sensitive = field.sensitive.unwrap_or(false);
    decl.may_disclose = field.disclose.unwrap_or(true);
    decl.search_as = field.search.as_deref().map_or(Some(SearchAs::No), search)?;
    decl.code_list = field.list.as_deref().map(lasting);
    decl.identifier = field.identifier.as_deref().and_then(IdentifierKind::by_word);
    decl.is_long = field.long;
    decl.from = field.from;
    decl.until = field.until;
    let rules: Vec<Rule> = rules.into_iter().map(|rule| of_added(rule, field)).collect();
    decl.rules = Vec::leak(rules);
    Some(decl)
}

/// The rule of an added field: under a name that no rule of ours has, and at an end with its field.
fn of_added(rule: Rule, field: &LocalField) -> Rule {
    let until = rule.until.into_iter().chain(field.until).min();
    Rule { name: lasting(&format!("{LOCAL}{}", rule.name)), until, ..rule }
}

pub(super) fn rule(kind: &Kind, local: &[LocalField], rule: &LocalRule) -> Option<Rule> {
    let condition =
        rule.when.as_ref().map_or(Some(When::Always), |condition| when(kind, local, condition))?;
    Some(Rule {
        name: lasting(&rule.name),
        when: condition,
        from: rule.from,
        until: rule.until,
        law: lasting(&rule.law),
        stops: rule.stops,
        mend: lasting(&rule.mend),
    })
}

/// Declarations live as long as the program, so their texts do.
fn lasting(text: &str) -> &'static str {
    String::leak(text.to_owned())
}

pub(super) fn when(kind: &Kind, local: &[LocalField], condition: &LocalWhen) -> Option<When> {
    let number = |name: &str| number_of(kind, local, name);
    let parts = |parts: &[LocalWhen]| -> Option<&'static [When]> {
        let parts: Option<Vec<When>> = parts.iter().map(|part| when(kind, local, part)).collect();
        Some(Vec::leak(parts?))
    };
    Some(match condition {
        LocalWhen::Answered(field) => When::Answered(number(field)?),
        LocalWhen::Is(field) => When::Is(number(field)?),
        LocalWhen::IsNot(field) => When::IsNot(number(field)?),
        LocalWhen::Under(field, limit) => When::Under(number(field)?, *limit),
        LocalWhen::OneOf(field, codes) => {
            let codes: Vec<&'static str> = codes.iter().map(|code| lasting(code)).collect();
            When::OneOf(number(field)?, Vec::leak(codes))
        }
        LocalWhen::All(all) => When::All(parts(all)?),
        LocalWhen::Any(any) => When::Any(parts(any)?),
        LocalWhen::Not(part) => When::Not(Box::leak(Box::new(when(kind, local, part)?))),
    })
}

pub(super) fn number_of(kind: &Kind, local: &[LocalField], name: &str) -> Option<u16> {
    match name.strip_prefix(LOCAL) {
        Some(own) => local.iter().find(|field| field.name == own).map(|field| field.number),
        None => kind.declared.alone().iter().find(|field| field.name() == name).map(|field| field.number),
    }
}

pub(super) fn kind(word: &str) -> Option<Type> {
    use Type::{Bool, Code, Date, Identifier, Instant, Number, Place, Record, Text};
    [Bool, Text, Number, Instant, Date, Code, Identifier, Place, Record]
        .into_iter()
        .find(|kind| kind.word() == word)
}

pub(super) fn class(word: &str) -> Option<Class> {
    [Class::Fact, Class::Opinion, Class::Allegation, Class::Assessment]
        .into_iter()
        .find(|class| class.word() == word)
}

pub(super) fn about(word: &str) -> Option<About> {
    match word {
        "own" => Some(About::Own),
        "officer" => Some(About::Officer),
        "event" => Some(About::Event),
        "mixed" => Some(About::Mixed),
        _ => word
            .strip_prefix("linked:")
            .filter(|role| !role.is_empty())
            .map(|role| About::Linked(lasting(role))),
    }
}

pub(super) fn search(word: &str) -> Option<SearchAs> {
    use SearchAs::{Date, Exact, Name, No, Number, Place, Words};
    let all = [No, Words, Name, Exact, Date, Number, Place];
    all.into_iter().find(|how| crate::derived::shapes::search(*how) == word)
}
