//! A force's own code lists: reference data with a source and how sure it is, each code with its days. A list
//! is proposed as a whole; a code that was in force is never taken away or given another meaning, for stored
//! records have it. It can be given a last day.

use super::asked::check_name;
use super::{Closed, check_not_approved, check_waits, closed, named};
use crate::Desk;
use crate::approval::TwoPersons;
use crate::error::DeskError;
use crate::session::Session;
use law::access::Act;
use ledger::Detail;
use model::codes::{CodeEntry, CodeList};
use model::derived::local::Lists;
use model::kind::LOCAL;
use serde::{Deserialize, Serialize};
use vault::store::RecordStore;

/// Area of the sealed lists.
const LIST: &str = "local-list";
/// Name of the counter that numbers them: no kind has it.
const COUNTER: u16 = u16::MAX - 5;
/// Most codes of a list: more is no list that a person chooses from.
const MOST_CODES: usize = 1_000;
/// How sure a list may be.
const SURE: [&str; 3] = ["read", "recalled", "force policy"];

/// A code list that somebody proposed, or a new state of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclaredList {
    /// `LL-1`, `LL-2` …
    pub id: String,
    /// The whole list.
    pub list: CodeList,
    /// Who proposed and who approved it.
    pub persons: TwoPersons,
    /// Who refused it, and why.
    #[serde(default)]
    pub refused: Option<Closed>,
}

impl DeclaredList {
    fn is_approved(&self) -> bool {
        self.persons.approved.is_some() && self.refused.is_none()
    }

    fn entry(&self, done: &str) -> Detail {
        let codes = self.list.codes.len();
        let subject = format!("local code list {} {done}: {} with {codes} codes", self.id, self.list.id);
        Detail { subject: Some(subject), ..Detail::default() }
    }
}

/// A list that somebody wants to have, or to have otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListAsked {
    /// Its name: `patrol-area`, which fields name as `local.patrol-area`.
    pub name: String,
    /// Title that people see.
    pub title: String,
    /// Who publishes or decides it.
    pub source: String,
    /// How sure it is: `read`, `recalled` or `force policy`.
    pub sure: String,
    /// The codes, in the order in which people should see them.
    pub codes: Vec<CodeEntry>,
}

impl ListAsked {
    fn list(&self) -> Result<CodeList, DeskError> {
        let name = self.name.trim().trim_start_matches(LOCAL);
        check_name(name)?;
        let said = [
            ("title", self.title.trim(), "write what people call the list"),
            ("source", self.source.trim(), "say who publishes or decides it"),
        ];
        if let Some((what, _, mend)) = said.iter().find(|(_, text, _)| text.is_empty()) {
            return Err(DeskError::unusable(format!("{what}: {mend}")));
        }
        if !SURE.contains(&self.sure.trim()) {
            return Err(DeskError::unusable(format!("sure: say how sure it is: {}", SURE.join(", "))));
        }
        check_codes(&self.codes)?;
        let [title, source, sure] =
            [&self.title, &self.source, &self.sure].map(|text| text.trim().to_owned());
        let list = CodeList::new(format!("{LOCAL}{name}"), title, source, sure, self.codes.clone());
        list.map_err(|error| DeskError::unusable(format!("codes: {error}")))
    }
}

/// Codes as people write them, one a line: `north | North of the river | 2026-01-01 | 2026-12-31`, the days
/// only where the code has a first or last one.
///
/// # Errors
/// The line that is none, by its number.
pub fn read_codes(text: &str) -> Result<Vec<CodeEntry>, DeskError> {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(number, line)| read_code(number, line)).collect()
}

fn read_code(number: usize, line: &str) -> Result<CodeEntry, DeskError> {
    let wrong = |why: &str| {
        DeskError::unusable(format!(
            "codes: line {number} {why}; write: code | what people see | first day | last day"
        ))
    };
    let parts: Vec<&str> = line.split('|').map(str::trim).collect();
    let day = |at: usize| match parts.get(at).filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => {
            text.parse().map(Some).map_err(|_| wrong("has a day that is not of the form 2026-12-31"))
        }
    };
    match parts.as_slice() {
        [code, label, ..] if parts.len() <= 4 => Ok(CodeEntry {
            code: (*code).to_owned(),
            label: (*label).to_owned(),
            from: day(2)?,
            until: day(3)?,
            ..CodeEntry::default()
        }),
        [_] => Err(wrong("has no words that people see")),
        _ => Err(wrong("has more than four parts")),
    }
}

fn check_codes(codes: &[CodeEntry]) -> Result<(), DeskError> {
    if codes.is_empty() || codes.len() > MOST_CODES {
        return Err(DeskError::unusable(format!("codes: give from 1 to {MOST_CODES} codes")));
    }
    for entry in codes {
        check_name(&entry.code).map_err(|_| {
            let code = &entry.code;
            DeskError::unusable(format!(
                "codes: “{code}” is no code; write lower-case letters and digits with hyphens between words"
            ))
        })?;
        if entry.label.trim().is_empty() {
            return Err(DeskError::unusable(format!("codes: “{}” needs what people see", entry.code)));
        }
        if entry.from.zip(entry.until).is_some_and(|(from, until)| until < from) {
            return Err(DeskError::unusable(format!("codes: “{}” ends before it begins", entry.code)));
        }
    }
    let twice =
        codes.iter().enumerate().find(|(at, entry)| codes[..*at].iter().any(|one| one.code == entry.code));
    match twice {
        None => Ok(()),
        Some((_, entry)) => Err(DeskError::unusable(format!("codes: “{}” stands twice", entry.code))),
    }
}

/// What was in force stays: stored records have those codes, and they mean what they meant.
fn check_keeps(before: Option<&CodeList>, after: &CodeList) -> Result<(), DeskError> {
    for old in before.into_iter().flat_map(|list| &list.codes) {
        let why = match after.code(&old.code) {
            None => "is in force and cannot be taken away; give it a last day",
            Some(new) if new.label != old.label => {
                "is in force and keeps what people see; end it, and add another"
            }
            Some(_) => continue,
        };
        return Err(DeskError::unusable(format!("codes: “{}” {why}", old.code)));
    }
    Ok(())
}

impl<S: RecordStore> Desk<S> {
    /// Proposes a code list of the force's own, or a new state of one. It counts once somebody else has
    /// approved it.
    ///
    /// # Errors
    /// A refusal; what is missing or cannot be; a code in force that would go or mean something else.
    pub async fn propose_local_list(
        &self,
        who: &Session,
        asked: &ListAsked,
    ) -> Result<DeclaredList, DeskError> {
        let permit = self.permit_act(who, Act::ProposeLocalField).await?;
        let list = asked.list()?;
        check_keeps(self.lists_in_force().await?.get(&list.id), &list)?;
        let mut tx = self.vault.store.begin().await?;
        let number = self.vault.store.take_references(&mut tx, COUNTER, 1).await?;
        let persons = TwoPersons::proposed(who, self.clock.now());
        let declared = DeclaredList { id: format!("LL-{number}"), list, persons, refused: None };
        self.keep_item(&mut tx, LIST, &declared.id, &declared).await?;
        let pending = self.ledger.record_in(&mut tx, &[(&permit, declared.entry("proposed"))]).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        Ok(declared)
    }

    /// Approves a list, as somebody else than who proposed it: fields may use it from now on.
    ///
    /// # Errors
    /// A refusal; an unknown list; the proposer themselves; one that was decided already, or that another
    /// approval has overtaken.
    pub async fn approve_local_list(&self, who: &Session, id: &str) -> Result<DeclaredList, DeskError> {
        let permit = self.permit_act(who, Act::ApproveLocalField).await?;
        let (now, lists) = (self.clock.now(), self.lists_in_force().await?);
        let approve = |declared: &mut DeclaredList| {
            check_waits(&declared.id, declared.refused.as_ref())?;
            check_keeps(lists.get(&declared.list.id), &declared.list)?;
            declared.persons.approve(&declared.id, who, now)?;
            Ok(declared.entry("approved"))
        };
        let approved = self.decide(&permit, (LIST, "local code list"), &named(id), approve).await?;
        self.use_declarations().await?;
        Ok(approved)
    }

    /// Refuses a list that waits for a second person, or takes one's own proposal back.
    ///
    /// # Errors
    /// A refusal; an unknown list; one that was decided already; no reason.
    pub async fn refuse_local_list(
        &self,
        who: &Session,
        id: &str,
        why: &str,
    ) -> Result<DeclaredList, DeskError> {
        let permit = self.permit_either(who, [Act::ApproveLocalField, Act::ProposeLocalField]).await?;
        let closed = closed(who, why, self.clock.now())?;
        let refuse = |declared: &mut DeclaredList| {
            check_waits(&declared.id, declared.refused.as_ref())?;
            check_not_approved(&declared.id, &declared.persons)?;
            declared.refused = Some(closed);
            Ok(declared.entry("refused"))
        };
        self.decide(&permit, (LIST, "local code list"), &named(id), refuse).await
    }

    /// All lists that were proposed, in the order of their approval, those that wait last.
    ///
    /// # Errors
    /// A refusal, or faults of the store.
    pub async fn local_lists(&self, who: &Session) -> Result<Vec<DeclaredList>, DeskError> {
        let permit = self.permit_either(who, [Act::ProposeLocalField, Act::ApproveLocalField]).await?;
        let detail = Detail { subject: Some("list of local code lists".to_owned()), ..Detail::default() };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        self.declared_lists().await
    }

    /// The lists that count: of each the state that was approved last.
    pub(super) async fn lists_in_force(&self) -> Result<Lists, DeskError> {
        let mut lists = Lists::new();
        for declared in self.declared_lists().await?.into_iter().filter(DeclaredList::is_approved) {
            let list = declared.list.with_spellings();
            let list = list.map_err(|error| DeskError::damaged(format!("{}: {error}", declared.id)))?;
            lists.insert(list.id.clone(), list);
        }
        Ok(lists)
    }

    async fn declared_lists(&self) -> Result<Vec<DeclaredList>, DeskError> {
        let kept = self.kept_under::<DeclaredList>(LIST, "").await?;
        let mut lists: Vec<DeclaredList> = kept.into_iter().map(|(_, declared)| declared).collect();
        lists.sort_by_key(|declared| declared.persons.approved.as_ref().map_or(i64::MAX, |deed| deed.at));
        Ok(lists)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(code: &str, label: &str) -> CodeEntry {
        CodeEntry { code: code.into(), label: label.into(), ..CodeEntry::default() }
    }

    fn asked(codes: Vec<CodeEntry>) -> ListAsked {
        ListAsked {
            name: "patrol-area".into(),
            title: "Patrol area".into(),
            source: "Neighbourhood policing plan".into(),
            sure: "force policy".into(),
            codes,
        }
    }

    #[test]
    fn a_code_in_force_stays_and_means_what_it_meant() {
        let before = asked(vec![entry("north", "North"), entry("south", "South")]).list().unwrap();
        let told = |codes| check_keeps(Some(&before), &asked(codes).list().unwrap()).unwrap_err().to_string();
        assert!(told(vec![entry("north", "North")]).contains("cannot be taken away"));
        assert!(told(vec![entry("north", "Up"), entry("south", "South")]).contains("keeps what people see"));
        let ended = CodeEntry { until: Some(jiff::civil::date(2026, 1, 1)), ..entry("south", "South") };
        let after = asked(vec![entry("north", "North"), ended, entry("west", "West")]).list().unwrap();
        check_keeps(Some(&before), &after).unwrap();
        assert_eq!(after.id, "local.patrol-area");
        assert_eq!(after.from_source("WEST").unwrap().code, "west");
    }

    #[test]
    fn codes_are_read_line_by_line() {
        let read = read_codes("north | North of the river\n\nsouth|South|2026-01-01|2026-12-31\n").unwrap();
        assert_eq!(read[0], entry("north", "North of the river"));
        assert_eq!(read[1].until, Some(jiff::civil::date(2026, 12, 31)));
        for (text, why) in [
            ("north", "line 1 has no words"),
            ("a | A\nb | B | soon", "line 2 has a day"),
            ("a | A | | | x", "line 1 has more than four"),
        ] {
            assert!(read_codes(text).unwrap_err().to_string().contains(why), "{text}");
        }
    }

    #[test]
    fn codes_that_are_none_are_told() {
        for codes in [
            vec![],
            vec![entry("North", "North")],
            vec![entry("north", " ")],
            vec![entry("north", "North"), entry("north", "Again")],
            vec![entry("north", "North"), entry("up", "north")],
        ] {
            let told = asked(codes).list().unwrap_err().to_string();
            assert!(told.starts_with("codes: "), "{told}");
        }
    }
}
