//! The part of a query that names: a person by name or date of birth, a thing by its identifier, a
//! record by its reference. Only that may point to a record which the reader may not read; words from
//! inside it would tell what it says.

use super::{Leaf, Node, Query};
use crate::matching::birth::BIRTH;
use model::derived::Fields;
use model::derived::local::Following;
use model::{FieldDecl, SearchAs, kinds};
use std::collections::BTreeSet;

/// The fields that name, as they are called in the index.
static NAMING: Following<BTreeSet<String>> = Following::new(|| {
    let mut paths = BTreeSet::new();
    for kind in kinds::ALL {
        add_paths(&mut paths, "", Fields::of(kind), &|field| {
            field.search_as == SearchAs::Name || field.identifier.is_some()
        });
    }
    paths
});

/// The fields that hold names of people.
static NAMES: Following<BTreeSet<String>> = Following::new(|| {
    let mut paths = BTreeSet::new();
    for kind in kinds::ALL {
        add_paths(&mut paths, "", Fields::of(kind), &|field| field.search_as == SearchAs::Name);
    }
    paths
});

/// Whether a field holds names.
pub(crate) fn is_name(path: &str) -> bool {
    NAMES.get().contains(path)
}

fn add_paths(
    paths: &mut BTreeSet<String>,
    outer: &str,
    fields: Fields<'_>,
    is_wanted: &impl Fn(&FieldDecl) -> bool,
) {
    for field in fields.iter() {
        let path = format!("{outer}{}", field.name());
        if let Some(group) = field.row_group {
            add_paths(paths, &format!("{path}."), Fields::of_group(group), is_wanted);
        }
        if is_wanted(field) {
            paths.insert(path);
        }
    }
}

impl Query {
    /// The same query where words are looked for only in what names; `None` where it asks for
    /// anything else, or names nothing.
    #[must_use]
    pub fn naming(&self) -> Option<Self> {
        let mut names = false;
        let root = naming(&self.root, &mut names)?;
        names.then(|| Self { root, reference: self.reference.clone(), manner: self.manner })
    }
}

fn naming(node: &Node, names: &mut bool) -> Option<Node> {
    match node {
        Node::Leaf(leaf) => of_leaf(leaf, names),
        Node::All(parts) => {
            parts.iter().map(|part| naming(part, names)).collect::<Option<_>>().map(Node::All)
        }
        Node::Any(parts) => {
            parts.iter().map(|part| naming(part, names)).collect::<Option<_>>().map(Node::Any)
        }
        // What a record lacks tells what it says.
        Node::Not(_) => None,
    }
}

fn of_leaf(leaf: &Leaf, names: &mut bool) -> Option<Node> {
    match leaf {
        Leaf::Words { field: None, text, phrase } => {
            *names = true;
            let within = |path: &String| {
                Node::Leaf(Leaf::Words { field: Some(path.clone()), text: text.clone(), phrase: *phrase })
            };
            Some(Node::Any(NAMING.get().iter().map(within).collect()))
        }
        Leaf::Words { field: Some(field), .. } if NAMING.get().contains(field) => {
            *names = true;
            Some(Node::Leaf(leaf.clone()))
        }
        Leaf::Reference(_) => {
            *names = true;
            Some(Node::Leaf(leaf.clone()))
        }
        Leaf::Days { field, .. } if field == BIRTH => Some(Node::Leaf(leaf.clone())),
        Leaf::Kind(_) => Some(Node::Leaf(leaf.clone())),
        // A part of a name, or names near each other, would let somebody feel their way to one.
        Leaf::Pattern { .. } | Leaf::Together { .. } | Leaf::Area { .. } => None,
        Leaf::Words { .. } | Leaf::Mark(_) | Leaf::Days { .. } | Leaf::Numbers { .. } | Leaf::Unit(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Manner;

    #[test]
    fn names_identifiers_and_references_name_and_nothing_else_does() {
        for text in ["smith john", "surname:smith", "vrm:AB12CDE", "kind:nominal smith", "N-0000001-K"] {
            let query = Query::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert!(query.naming().is_some(), "{text}");
        }
        let others = [
            "smith -knife",
            "kind:nominal",
            "grounds:knife",
            "missing:place",
            "smith at:2024",
            "smi*",
            "surname:smi?h",
            "smith vrm:AB1*",
            "\"john smith\"~2",
            "smith near:51.5,-0.1~1km",
            "place.near:51.5,-0.1~1km",
        ];
        for text in others {
            let query = Query::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert!(query.naming().is_none(), "{text}");
        }
    }

    #[test]
    fn a_date_of_birth_narrows_a_name() {
        let naming = NAMING.get();
        assert!(naming.contains("names.surname") && naming.contains("vrm"), "{naming:?}");
        let birth = Leaf::Days {
            field: BIRTH.to_owned(),
            days: crate::span::Days {
                from: jiff::civil::date(1987, 3, 4),
                to: jiff::civil::date(1987, 3, 4),
            },
        };
        let word = Leaf::Words { field: None, text: "smith".into(), phrase: false };
        let query = Query {
            root: Node::All(vec![Node::Leaf(word), Node::Leaf(birth.clone())]),
            reference: None,
            manner: Manner::default(),
        };
        assert!(query.naming().is_some());
        assert!(
            Query { root: Node::Leaf(birth), reference: None, manner: Manner::default() }.naming().is_none()
        );
    }
}
