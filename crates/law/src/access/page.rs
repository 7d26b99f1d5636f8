//! The access matrix as one page in plain words, for an overseer.

use super::context::{Act, Action};
use super::matrix::Matrix;
use std::collections::BTreeSet;
use std::fmt::Write;

/// The page, in Markdown.
#[must_use]
pub fn page(matrix: &Matrix) -> String {
    let mut page = String::new();
    // Writing into a text cannot fail.
    let _ = head(&mut page, matrix);
    let _ = roles(&mut page, matrix);
    let _ = kinds(&mut page, matrix);
    let _ = acts(&mut page, matrix);
    page
}

fn head(page: &mut String, matrix: &Matrix) -> std::fmt::Result {
    writeln!(
        page,
        "# Who may do what\n\n\
         Version {}, in force from {}. Source: {}.\n\n\
         **The rule.** What is not here is refused, and every refusal is in the log. A person may hold several \
         roles, and may then do what any of them may. Every sight of a record needs a purpose and is in the log \
         before it is shown.\n\n\
         **Labels narrow this, nothing widens it.** A record may be *restricted* to groups: others learn that \
         it exists and whom to ask. It may be *covert*: others are told exactly what they would be told if it did \
         not exist, and its owner is told who searched. Where a life is at risk a restricted record, never a \
         covert one, can be opened at once with a reason; its owner and a supervisor are told, and a \
         supervisor reviews it within 24 hours.\n\n\
         **Two persons.** A change of this page, every membership of a restriction group, and an erasure \
         each need a second person.\n",
        matrix.version, matrix.from, matrix.source
    )
}

fn roles(page: &mut String, matrix: &Matrix) -> std::fmt::Result {
    writeln!(page, "## Roles\n\n| Role | What it is for |\n|---|---|")?;
    for (role, what) in &matrix.roles {
        writeln!(page, "| {} | {what} |", spoken(role))?;
    }
    writeln!(page)
}

fn kinds(page: &mut String, matrix: &Matrix) -> std::fmt::Result {
    writeln!(
        page,
        "## Records\n\n\
         R: open it and see it in lists. N: make a new one. C: correct it. I: take it in from another system. \
         E: plan and carry out its erasure.\n"
    )?;
    write!(page, "| Role |")?;
    for kind in model::kinds::ALL {
        write!(page, " {} |", kind.title)?;
    }
    write!(page, "\n|---|")?;
    model::kinds::ALL.iter().try_for_each(|_| write!(page, "---|"))?;
    writeln!(page)?;
    for role in matrix.roles.keys() {
        write!(page, "| {} |", spoken(role))?;
        let roles = BTreeSet::from([role.clone()]);
        for kind in model::kinds::ALL {
            write!(page, " {} |", letters(matrix, &roles, kind.number))?;
        }
        writeln!(page)?;
    }
    writeln!(page)
}

fn letters(matrix: &Matrix, roles: &BTreeSet<String>, kind: u16) -> String {
    let actions = [
        (Action::View, "R"),
        (Action::Create, "N"),
        (Action::Change, "C"),
        (Action::Intake, "I"),
        (Action::Erase, "E"),
    ];
    let held = actions.iter().filter(|(action, _)| matrix.allows(roles, kind, *action));
    let letters: Vec<&str> = held.map(|(_, letter)| *letter).collect();
    if letters.is_empty() { "nothing".to_owned() } else { letters.join(" ") }
}

fn acts(page: &mut String, matrix: &Matrix) -> std::fmt::Result {
    writeln!(page, "## Acts that show no record\n\n| Act | Who |\n|---|---|")?;
    for act in Act::ALL {
        let held = matrix.acts.get(act.row());
        let roles: Vec<String> = held.into_iter().flatten().map(|role| spoken(role)).collect();
        let roles = if roles.is_empty() { "nobody".to_owned() } else { roles.join(", ") };
        writeln!(page, "| {} | {roles} |", act.words())?;
    }
    Ok(())
}

fn spoken(role: &str) -> String {
    role.replace('-', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The page in `docs/` is what the committed matrix says; `BLUELAMP_REGENERATE=1` writes it.
    #[test]
    fn the_page_in_the_documents_is_this_matrix() {
        let written = page(&Matrix::committed().unwrap());
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/access-matrix.md");
        if std::env::var_os("BLUELAMP_REGENERATE").is_some() {
            std::fs::write(path, &written).unwrap();
        }
        let held = std::fs::read_to_string(path).unwrap_or_default();
        assert_eq!(held, written, "regenerate it: BLUELAMP_REGENERATE=1 cargo nextest run -p bluelamp-law");
    }

    #[test]
    fn every_role_kind_and_act_is_on_the_page() {
        let matrix = Matrix::committed().unwrap();
        let page = page(&matrix);
        for kind in model::kinds::ALL {
            assert!(page.contains(kind.title), "{}", kind.name);
        }
        for role in matrix.roles.keys() {
            let begins = format!("| {} |", spoken(role));
            assert_eq!(page.lines().filter(|line| line.starts_with(&begins)).count(), 2, "{role}");
        }
        for act in Act::ALL {
            assert!(page.contains(act.words()), "{}", act.row());
        }
    }
}
