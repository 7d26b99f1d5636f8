//! Help in plain English, one page of Markdown for each kind, from its declaration.

use super::fields::Fields;
use super::show;
use crate::field::{About, FieldDecl, Rule};
use crate::kind::{Group, Kind};
use std::fmt::Write;

/// The help page of a kind.
#[must_use]
pub fn page(kind: &'static Kind) -> String {
    let mut page = Page(String::new());
    page.line(&format!("# {}", kind.title));
    page.line(&format!("References begin with {}. Name in commands and JSON: `{}`.", kind.prefix, kind.name));
    page.basis(kind);
    page.line("## Fields");
    let groups = page.fields(Fields::of(kind));
    page.groups(groups);
    page.line("Written from the declaration of the kind; a test keeps the two together.");
    page.0.trim_end().to_owned() + "\n"
}

struct Page(String);

impl Page {
    fn line(&mut self, text: &str) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.0, "{text}\n");
    }

    fn basis(&mut self, kind: &Kind) {
        let schedule_8 = kind.basis.schedule_8.unwrap_or("not needed: nothing in it is sensitive processing");
        let rows = [
            ("Why we may hold it", kind.basis.power.to_owned()),
            ("What for", kind.basis.purpose.to_owned()),
            ("Condition for sensitive data", schedule_8.to_owned()),
            (
                "Kept",
                format!(
                    "{}; first review after {}",
                    kind.retention.rule,
                    months(kind.retention.review_after_months)
                ),
            ),
            ("Source of that period", format!("{} ({})", kind.retention.source, kind.retention.sure)),
            ("Seen by", kind.access.view.join(", ")),
            ("Written by", kind.access.create.join(", ")),
            ("Changed by", kind.access.change.join(", ")),
        ];
        let rows: Vec<String> = rows.iter().map(|(what, text)| format!("| {what} | {text} |")).collect();
        self.line(&format!("| | |\n|---|---|\n{}", rows.join("\n")));
    }

    /// The fields; gives back the groups that they hold rows of.
    fn fields(&mut self, all: Fields<'_>) -> Vec<&'static Group> {
        for field in all.iter() {
            self.field(all, field);
        }
        all.iter().filter_map(|field| field.row_group).collect()
    }

    fn field(&mut self, all: Fields<'_>, field: &FieldDecl) {
        let mut lines = vec![format!("**{}** (`{}`): {}.", field.label, field.name(), kind_of(field))];
        lines.push(format!("{}.", standing(all, field)));
        if !field.help.is_empty() {
            lines.push(field.help.to_owned());
        }
        if let Some(when) = field.shown_when {
            lines.push(format!("Asked only if {}.", when.in_words(&|number| all.label(number))));
        }
        let rules = all.rules(field).map(|rule| format!("\n- {}", rule_line(all, rule)));
        let rules: String = rules.collect();
        self.line(&format!("{}{}{rules}", lines.join(" "), if rules.is_empty() { "" } else { "\n" }));
    }

    fn groups(&mut self, groups: Vec<&'static Group>) {
        for group in groups {
            self.line(&format!("## {}", group.title));
            let inner = self.fields(Fields::of_group(group));
            self.groups(inner);
        }
    }
}

fn kind_of(field: &FieldDecl) -> String {
    match (field.code_list.and_then(crate::codes::list), field.row_group, field.identifier) {
        (Some(list), _, _) => format!("one of “{}” (`{}`)", list.title, list.id),
        (_, Some(group), _) => format!("rows of “{}”", group.title),
        (_, _, Some(identifier)) => format!("identifier, `{}`", identifier.word()),
        _ => show::takes(field.kind).to_owned(),
    }
}

fn standing(all: Fields<'_>, field: &FieldDecl) -> String {
    let about = match field.about {
        About::Own => "about the person of the record".to_owned(),
        About::Linked(role) => format!("about the {}", role.replace('-', " ")),
        About::Officer => "about the officer".to_owned(),
        About::Event => "about the event or thing".to_owned(),
        About::Mixed => "may be about several people".to_owned(),
    };
    let class = field.class.word();
    let mut text = format!("{}{}, {about}", class[..1].to_uppercase(), &class[1..]);
    if all.is_sensitive(field) {
        text.push_str("; sensitive");
    }
    if !all.may_disclose(field) {
        text.push_str("; given to nobody without a reviewer");
    }
    if field.is_local() {
        text.push_str("; the force's own");
    }
    if let Some(from) = field.from {
        let _ = write!(text, ", answered from {from} on");
    }
    if let Some(until) = field.until {
        let _ = write!(text, ", and no more after {until}");
    }
    text
}

fn rule_line(all: Fields<'_>, rule: &Rule) -> String {
    let when = rule.when.in_words(&|number| all.label(number));
    let until = rule.until.map_or_else(String::new, |until| format!(" until {until}"));
    let stops = if rule.stops { "It cannot be saved without" } else { "A warning is given without" };
    format!("Needed {} ({}, from {}{until}). {stops}. {}", if_text(&when), rule.law, rule.from, rule.mend)
}

fn if_text(when: &str) -> String {
    if when == "always" { when.to_owned() } else { format!("if {when}") }
}

fn months(months: u16) -> String {
    match (months / 12, months % 12) {
        (years, 0) => format!("{years} years"),
        _ => format!("{months} months"),
    }
}
