//! One field of a kind: its permanent number, type, legal class and all that follows from them.

use crate::body::Body;
use crate::kind::{FIRST_LOCAL_FIELD, Group};
use crate::value::{PartialDate, Place, Value};
use crate::when::When;
use jiff::civil::Date;
use std::marker::PhantomData;
use uuid::Uuid;

/// The types that a field can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the value of the same name in `value::Value`")]
pub enum Type {
    Bool,
    Text,
    Number,
    Instant,
    Date,
    Code,
    Identifier,
    Place,
    Record,
    Rows,
}

impl Type {
    /// The word that stands for this type in `shapes.lock` and in local fields.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Text => "text",
            Self::Number => "number",
            Self::Instant => "instant",
            Self::Date => "date",
            Self::Code => "code",
            Self::Identifier => "identifier",
            Self::Place => "place",
            Self::Record => "record",
            Self::Rows => "rows",
        }
    }
}

/// Whose personal data a field is: it decides what an access request returns (DPA 2018 s.45).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// The record's own subject.
    Own,
    /// The person linked to the record in this role ("suspect", "searched-person" …).
    Linked(&'static str),
    /// The officer or member of staff who acted.
    Officer,
    /// The event or thing, no person.
    Event,
    /// Several people at once; a reviewer decides line by line.
    Mixed,
}

/// Fact or personal assessment (DPA 2018 s.38(2)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Based on fact.
    Fact,
    /// What somebody believes.
    Opinion,
    /// What somebody says that another did.
    Allegation,
    /// A judgement made from several facts or opinions.
    Assessment,
}

impl Class {
    /// The word that is shown beside the field.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Fact => "fact",
            Self::Opinion => "opinion",
            Self::Allegation => "allegation",
            Self::Assessment => "assessment",
        }
    }
}

/// How a field is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchAs {
    /// Not at all.
    No,
    /// By its words.
    Words,
    /// As a person's name: words, later variants too.
    Name,
    /// By the code or identifier exactly.
    Exact,
    /// By date and range of dates.
    Date,
    /// By number and range.
    Number,
    /// By place.
    Place,
}

/// When something must be said, and by what law or policy.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Short name, also the index term `missing:NAME`.
    pub name: &'static str,
    /// When the rule bites, beyond its dates.
    pub when: When,
    /// First day of events that it applies to.
    pub from: Date,
    /// Last day of events that it applies to, where it has ended.
    pub until: Option<Date>,
    /// The statute, code or policy that says so.
    pub law: &'static str,
    /// Whether it stops the saving of what is typed here. It never stops intake.
    pub stops: bool,
    /// What the person can do about it, in plain words.
    pub mend: &'static str,
}

/// The declaration of one field.
#[derive(Debug, Clone, Copy)]
pub struct FieldDecl {
    /// Permanent number, never reused. From 10,000: a force's own fields.
    pub number: u16,
    /// Name as declared (`PLACE`); see [`FieldDecl::name`].
    pub constant: &'static str,
    /// Type of the value.
    pub kind: Type,
    /// Label that people see.
    pub label: &'static str,
    /// Whose personal data it is.
    pub about: About,
    /// Fact or assessment.
    pub class: Class,
    /// Help under the label.
    pub help: &'static str,
    /// Sensitive processing (DPA 2018 s.35(8)).
    pub is_sensitive: bool,
    /// How it is searched.
    pub search_as: SearchAs,
    /// Whether it may be disclosed to its subject without a reviewer.
    pub may_disclose: bool,
    /// Code list, for codes.
    pub code_list: Option<&'static str>,
    /// Kind of identifier, for identifiers.
    pub identifier: Option<crate::identifiers::IdentifierKind>,
    /// The group, for rows.
    pub row_group: Option<&'static Group>,
    /// When the field is shown at all.
    pub shown_when: Option<When>,
    /// When it must be answered.
    pub rules: &'static [Rule],
    /// The place field that says what a placeholder code such as “other” stands for.
    pub named_in: Option<u16>,
    /// Least and greatest number, for numbers.
    pub range: Option<(i64, i64)>,
    /// Whether a text has room for sentences, whatever else it is.
    pub is_long: bool,
    /// First day on which it may be answered: of a force's own fields ([`crate::derived::local`]).
    pub from: Option<Date>,
    /// Last day on which it may be answered, where a force has ended it. What was answered stays.
    pub until: Option<Date>,
}

impl FieldDecl {
    /// A field with the parts that every field must state.
    #[must_use]
    pub const fn new(
        number: u16,
        constant: &'static str,
        kind: Type,
        label: &'static str,
        about: About,
        class: Class,
    ) -> Self {
        Self {
            number,
            constant,
            kind,
            label,
            about,
            class,
            help: "",
            is_sensitive: false,
            search_as: SearchAs::No,
            may_disclose: true,
            code_list: None,
            identifier: None,
            row_group: None,
            shown_when: None,
            rules: &[],
            named_in: None,
            range: None,
            is_long: false,
            from: None,
            until: None,
        }
    }

    /// Help under the label, in plain English.
    #[must_use]
    pub const fn hint(mut self, text: &'static str) -> Self {
        self.help = text;
        self
    }

    /// Marks sensitive processing (DPA 2018 s.35(8)).
    #[must_use]
    pub const fn sensitive(mut self, yes: bool) -> Self {
        self.is_sensitive = yes;
        self
    }

    /// How the field is searched.
    #[must_use]
    pub const fn search(mut self, how: SearchAs) -> Self {
        self.search_as = how;
        self
    }

    /// Whether it may be disclosed to its subject without a reviewer.
    #[must_use]
    pub const fn disclose(mut self, yes: bool) -> Self {
        self.may_disclose = yes;
        self
    }

    /// The code list of a code.
    #[must_use]
    pub const fn list(mut self, id: &'static str) -> Self {
        self.code_list = Some(id);
        self
    }

    /// The kind of an identifier.
    #[must_use]
    pub const fn identifies(mut self, kind: crate::identifiers::IdentifierKind) -> Self {
        self.identifier = Some(kind);
        self
    }

    /// The group whose rows the field holds.
    #[must_use]
    pub const fn group(mut self, group: &'static Group) -> Self {
        self.row_group = Some(group);
        self
    }

    /// When the field is shown.
    #[must_use]
    pub const fn reveal(mut self, when: When) -> Self {
        self.shown_when = Some(when);
        self
    }

    /// When the field must be answered.
    #[must_use]
    pub const fn require(mut self, rules: &'static [Rule]) -> Self {
        self.rules = rules;
        self
    }

    /// The place field that says what a placeholder code such as “other” stands for: with it
    /// answered, the code answers too.
    #[must_use]
    pub const fn named_by(mut self, place: Field<crate::value::Place>) -> Self {
        self.named_in = Some(place.number());
        self
    }

    /// Least and greatest number.
    #[must_use]
    pub const fn between(mut self, range: (i64, i64)) -> Self {
        self.range = Some(range);
        self
    }

    /// The field's name in JSON and on the command line: `more-than-outer`, and of a force's own
    /// `local.ward`.
    #[must_use]
    pub fn name(&self) -> String {
        self.constant.to_ascii_lowercase().replace('_', "-")
    }

    /// Whether a force declared it for itself.
    #[must_use]
    pub const fn is_local(&self) -> bool {
        self.number >= FIRST_LOCAL_FIELD
    }

    /// Whether it may be answered, or answered otherwise, on this day.
    #[must_use]
    pub fn is_open_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// A typed handle to a field: `body.get(stop_and_search::PLACE) -> Option<Place>`.
#[derive(Debug)]
pub struct Field<T> {
    number: u16,
    value: PhantomData<fn() -> T>,
}

impl<T> Clone for Field<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Field<T> {}

impl<T> Field<T> {
    /// A handle; made by [`crate::kind!`] and [`crate::group!`].
    #[must_use]
    pub const fn new(number: u16) -> Self {
        Self { number, value: PhantomData }
    }

    /// The field's permanent number.
    #[must_use]
    pub const fn number(self) -> u16 {
        self.number
    }
}

/// Types that a handle can read and write.
pub trait FieldType: Sized {
    /// The declared type.
    const TYPE: Type;
    /// As an untyped value.
    fn into_value(self) -> Value;
    /// From an untyped value; `None` where it is of another type.
    fn from_value(value: &Value) -> Option<Self>;
}

macro_rules! field_type {
    ($(#[$doc:meta])* $name:ident wraps $inner:ty) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(pub $inner);
        field_type!($name, $name, |v: $name| v.0, |v: &$inner| $name(v.clone()));
    };
    ($type:ty, $variant:ident, $into:expr, $from:expr) => {
        impl FieldType for $type {
            const TYPE: Type = Type::$variant;
            fn into_value(self) -> Value {
                Value::$variant(($into)(self))
            }
            fn from_value(value: &Value) -> Option<Self> {
                match value {
                    Value::$variant(inner) => Some(($from)(inner)),
                    _ => None,
                }
            }
        }
    };
}

field_type!(bool, Bool, |v| v, |v: &bool| *v);
field_type!(String, Text, |v| v, |v: &String| v.clone());
field_type!(i64, Number, |v| v, |v: &i64| *v);
field_type!(PartialDate, Date, |v| v, |v: &PartialDate| *v);
field_type!(Place, Place, |v| v, |v: &Place| v.clone());
field_type!(Uuid, Record, |v| v, |v: &Uuid| *v);
field_type!(Vec<Body>, Rows, |v| v, |v: &Vec<Body>| v.clone());
field_type! {
    /// An instant: microseconds since 1970-01-01T00:00:00Z.
    Instant wraps i64
}
field_type! {
    /// A code of the field's list.
    Code wraps String
}
field_type! {
    /// An identifier as it was given; how it reads is [`crate::identifiers`]' business.
    Identifier wraps String
}
