//! The access matrix: role × kind × action as dated data that an overseer can read.

use super::context::{Act, Action};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

type Row = BTreeMap<String, BTreeSet<String>>;

/// The matrix in force from a day on.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matrix {
    /// Its version, which every entry of the log carries.
    pub version: String,
    /// First day on which it decides.
    pub from: Date,
    /// Who decided it.
    pub source: String,
    /// Every role and what it is for.
    pub roles: BTreeMap<String, String>,
    /// By kind: action to roles.
    pub kinds: BTreeMap<String, Row>,
    /// Acts that show no record: act to roles.
    pub acts: Row,
    #[serde(skip)]
    text: String,
}

/// Why a text is not a usable matrix.
#[derive(Debug, thiserror::Error)]
pub enum MatrixError {
    /// Not TOML of the right form.
    #[error("the access matrix cannot be read: {0}")]
    Form(#[from] toml::de::Error),
    /// A row names a role that is not declared.
    #[error(
        "the access matrix gives “{row}” to the role “{role}”, which it does not declare; add it under [roles]"
    )]
    UnknownRole {
        /// The row.
        row: String,
        /// The role.
        role: String,
    },
    /// Who runs the system would see records.
    #[error("the access matrix gives “{0}” to the administrator, who runs the system and reads no record")]
    AdministratorReads(String),
    /// Nobody could ever mend the matrix again.
    #[error("the access matrix leaves nobody who may “{0}”: then nobody could mend it; name a role")]
    Nobody(&'static str),
    /// Something has no row.
    #[error("the access matrix has no row for “{0}”; add one, even if it is empty")]
    Missing(String),
}

/// The role that runs the system.
const ADMINISTRATOR: &str = "administrator";
const COMMITTED: &str = include_str!("../../data/access-matrix.toml");

impl Matrix {
    /// The committed default.
    ///
    /// # Errors
    /// Never for the text of a release: a test reads it.
    pub fn committed() -> Result<Self, MatrixError> {
        Self::read(COMMITTED)
    }

    /// A matrix that allows nothing to anybody.
    #[must_use]
    pub fn nothing() -> Self {
        Self {
            version: "none".to_owned(),
            from: Date::MIN,
            source: String::new(),
            roles: BTreeMap::new(),
            kinds: BTreeMap::new(),
            acts: BTreeMap::new(),
            text: String::new(),
        }
    }

    /// Reads a matrix and checks that it is whole, and that who runs the system sees no record.
    ///
    /// # Errors
    /// [`MatrixError`] names the row and the mend.
    pub fn read(text: &str) -> Result<Self, MatrixError> {
        let matrix = Self::decided(text)?;
        matrix.check_rows()?;
        Ok(matrix)
    }

    /// Reads a matrix that a force decided, perhaps under an earlier release: a kind or an act that came
    /// since and that it does not name is given to nobody, until the force decides of it.
    ///
    /// # Errors
    /// [`MatrixError`] names the row and the mend.
    pub fn decided(text: &str) -> Result<Self, MatrixError> {
        let mut matrix: Self = toml::from_str(text)?;
        text.clone_into(&mut matrix.text);
        matrix.check_roles()?;
        matrix.check_administrator()?;
        Ok(matrix)
    }

    /// The text that it was read from.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether one of these roles has this action on this kind.
    #[must_use]
    pub fn allows(&self, roles: &BTreeSet<String>, kind: u16, action: Action) -> bool {
        let row = model::kinds::by_number(kind).and_then(|kind| self.kinds.get(kind.name));
        row.and_then(|row| row.get(action.row())).is_some_and(|held| !held.is_disjoint(roles))
    }

    /// Whether one of these roles has this action on some kind.
    #[must_use]
    pub fn allows_some(&self, roles: &BTreeSet<String>, action: Action) -> bool {
        let mut rows = self.kinds.values().filter_map(|row| row.get(action.row()));
        rows.any(|held| !held.is_disjoint(roles))
    }

    /// Whether one of these roles may do this act.
    #[must_use]
    pub fn allows_act(&self, roles: &BTreeSet<String>, act: Act) -> bool {
        self.acts.get(act.row()).is_some_and(|held| !held.is_disjoint(roles))
    }

    fn check_roles(&self) -> Result<(), MatrixError> {
        let rows = self.kinds.values().flatten().chain(&self.acts);
        for (row, roles) in rows {
            if let Some(role) = roles.iter().find(|role| !self.roles.contains_key(*role)) {
                return Err(MatrixError::UnknownRole { row: row.clone(), role: role.clone() });
            }
        }
        Ok(())
    }

    /// Running the system and reading records are never in one hand (DPA 2018 s.57).
    fn check_administrator(&self) -> Result<(), MatrixError> {
        match self.content_row_of(ADMINISTRATOR) {
            Some(row) => Err(MatrixError::AdministratorReads(row.to_owned())),
            None => Ok(()),
        }
    }

    /// A kind whose records, or an act whose content, a role is shown.
    fn content_row_of(&self, role: &str) -> Option<&str> {
        let sees = |(action, roles): (&String, &BTreeSet<String>)| {
            action != Action::Intake.row() && roles.contains(role)
        };
        let kind = self.kinds.iter().find(|(_, row)| row.iter().any(sees)).map(|(kind, _)| kind.as_str());
        let shown = |act: &&Act| {
            act.shows_content() && self.acts.get(act.row()).is_some_and(|roles| roles.contains(role))
        };
        kind.or_else(|| Act::ALL.iter().find(shown).map(|act| act.row()))
    }

    /// Of roles for one account the one that nobody may hold together with the administrator's, because
    /// it shows records or what was said of them; `None` where there is no such pair.
    #[must_use]
    pub fn role_apart_from_administrator<'a>(&self, roles: &[&'a str]) -> Option<&'a str> {
        if !roles.contains(&ADMINISTRATOR) {
            return None;
        }
        roles.iter().copied().find(|role| self.content_row_of(role).is_some())
    }

    fn check_rows(&self) -> Result<(), MatrixError> {
        for kind in model::kinds::ALL {
            let row = self.kinds.get(kind.name).ok_or_else(|| MatrixError::Missing(kind.name.to_owned()))?;
            let actions = [Action::View, Action::Create, Action::Change, Action::Intake, Action::Erase];
            if let Some(action) = actions.iter().find(|action| !row.contains_key(action.row())) {
                return Err(MatrixError::Missing(format!("{} of {}", action.row(), kind.name)));
            }
        }
        if let Some(act) = Act::ALL.iter().find(|act| !self.acts.contains_key(act.row())) {
            return Err(MatrixError::Missing(act.row().to_owned()));
        }
        let needed = [Act::ProposeMatrix, Act::ApproveMatrix, Act::ManageUsers, Act::Maintain];
        match needed.iter().find(|act| self.acts.get(act.row()).is_none_or(BTreeSet::is_empty)) {
            Some(act) => Err(MatrixError::Nobody(act.row())),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The declaration of a kind and the committed matrix say the same, so that neither can drift.
    #[test]
    fn the_matrix_agrees_with_what_each_kind_declares() {
        let matrix = Matrix::committed().unwrap();
        for kind in model::kinds::ALL {
            let declared = [
                (Action::View, kind.access.view),
                (Action::Create, kind.access.create),
                (Action::Change, kind.access.change),
            ];
            for (action, roles) in declared {
                let committed = &matrix.kinds[kind.name][action.row()];
                let roles: BTreeSet<String> = roles.iter().map(|role| (*role).to_owned()).collect();
                assert_eq!(committed, &roles, "{} of {}", action.row(), kind.name);
            }
        }
    }

    /// The row of a kind that the committed matrix does not have, as its declaration gives it. Who may take
    /// such records in and who may erase them is the same for every kind.
    fn row_declared(kind: &model::Kind) -> String {
        let row = [
            (Action::View, kind.access.view),
            (Action::Create, kind.access.create),
            (Action::Change, kind.access.change),
            (Action::Intake, &["administrator", "records-reviewer"][..]),
            (Action::Erase, &["records-reviewer", "data-protection-officer"][..]),
        ];
        let lines = row.map(|(action, roles)| format!("{} = {roles:?}\n", action.row()));
        format!("[kinds.{}]\n{}\n", kind.name, lines.concat())
    }

    /// The committed text with a row for every kind, and a version of its own where one was added.
    fn with_every_kind(text: &str) -> String {
        let lacks = |kind: &&&model::Kind| !text.contains(&format!("[kinds.{}]", kind.name));
        let rows: String = model::kinds::ALL.iter().filter(lacks).map(|kind| row_declared(kind)).collect();
        let version = text.lines().find(|line| line.starts_with("version = ")).unwrap();
        let (day, number) = version.trim_end_matches('"').rsplit_once('.').unwrap();
        let next = format!("{day}.{}\"", number.parse::<u32>().unwrap() + 1);
        match (rows.is_empty(), text.split_once("# Acts")) {
            (true, _) => text.to_owned(),
            (false, Some((kinds, acts))) => format!("{kinds}{rows}# Acts{acts}").replace(version, &next),
            (false, None) => panic!("no line of the matrix says where the acts begin"),
        }
    }

    /// `BLUELAMP_REGENERATE=1` gives a new kind the row that it declares; read it, then run the tests anew.
    #[test]
    fn every_kind_has_its_row() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/access-matrix.toml");
        let held = std::fs::read_to_string(path).unwrap();
        let whole = with_every_kind(&held);
        if std::env::var_os("BLUELAMP_REGENERATE").is_some() {
            std::fs::write(path, &whole).unwrap();
        }
        let held = std::fs::read_to_string(path).unwrap();
        assert_eq!(held, whole, "regenerate it: BLUELAMP_REGENERATE=1 cargo nextest run -p bluelamp-law");
    }

    #[test]
    fn a_row_that_is_added_is_as_declared_and_has_a_version_of_its_own() {
        let (begin, rest) = COMMITTED.split_once("[kinds.vehicle]").unwrap();
        let without = format!("{begin}{}", &rest[rest.find("[kinds.").unwrap()..]);
        assert!(matches!(Matrix::read(&without), Err(MatrixError::Missing(kind)) if kind == "vehicle"));
        let officer = BTreeSet::from(["officer".to_owned()]);
        let decided = Matrix::decided(&without).unwrap();
        let sees = |kind: &model::Kind| decided.allows(&officer, kind.number, Action::View);
        assert!(!sees(&model::kinds::vehicle::KIND) && sees(&model::kinds::crime::KIND));
        let mended = Matrix::read(&with_every_kind(&without)).unwrap();
        let committed = Matrix::committed().unwrap();
        assert_eq!(mended.kinds, committed.kinds);
        assert_ne!(mended.version, committed.version);
        assert_eq!(with_every_kind(COMMITTED), COMMITTED);
    }

    #[test]
    fn the_administrator_sees_makes_and_changes_no_record() {
        let matrix = Matrix::committed().unwrap();
        let administrator = BTreeSet::from(["administrator".to_owned()]);
        for kind in model::kinds::ALL {
            for action in [Action::View, Action::List, Action::Create, Action::Change, Action::Erase] {
                assert!(
                    !matrix.allows(&administrator, kind.number, action),
                    "{} of {}",
                    action.row(),
                    kind.name
                );
            }
        }
    }

    #[test]
    fn a_matrix_that_shows_the_administrator_content_by_an_act_is_refused_by_name() {
        let shown: Vec<&str> =
            Act::ALL.iter().filter(|act| act.shows_content()).map(|act| act.row()).collect();
        for act in &shown {
            let given =
                COMMITTED.replace(&format!("\n{act} = ["), &format!("\n{act} = [\"administrator\", "));
            assert_ne!(given, COMMITTED, "{act}");
            let told = Matrix::read(&given).unwrap_err().to_string();
            assert!(told.contains(&format!("gives “{act}” to the administrator")), "{told}");
        }
        for act in ["open-reject", "read-log", "export-log", "disclose", "search-list"] {
            assert!(shown.contains(&act), "{act}");
        }
    }

    #[test]
    fn nobody_holds_the_administrators_role_with_one_that_shows_content() {
        let matrix = Matrix::committed().unwrap();
        for role in matrix.roles.keys().filter(|role| *role != ADMINISTRATOR) {
            let expected = (role != "overseer").then_some(role.as_str());
            assert_eq!(matrix.role_apart_from_administrator(&[ADMINISTRATOR, role]), expected);
            assert_eq!(matrix.role_apart_from_administrator(&[role, "officer"]), None);
        }
    }

    #[test]
    fn a_matrix_with_a_gap_or_an_unknown_role_is_refused_by_name() {
        let gap = COMMITTED.replace("maintain = [\"administrator\"]", "");
        assert!(Matrix::read(&gap).unwrap_err().to_string().contains("no row for “maintain”"));
        let stranger = COMMITTED.replace("maintain = [\"administrator\"]", "maintain = [\"king\"]");
        assert!(Matrix::read(&stranger).unwrap_err().to_string().contains("to the role “king”"));
    }
}
