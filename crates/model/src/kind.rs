//! How a record kind is declared: once, in one file, with everything that the law needs to know
//! of it. See `kinds/vehicle.rs` for a short one; ARCHITECTURE.md walks through adding one.

use crate::body::Body;
use crate::codes::{DeclaredCode, DeclaredList};
use crate::derived::Fields;
use crate::field::{FieldDecl, Type};
use crate::value::{PartialDate, Value};
use jiff::civil::Date;

/// Why the force may process this kind at all (DPA 2018 s.35(2), s.36(1)).
#[derive(Debug, Clone, Copy)]
pub struct Basis {
    /// The power or duty in law.
    pub power: &'static str,
    /// The law enforcement purpose (DPA 2018 s.31).
    pub purpose: &'static str,
    /// The Schedule 8 condition where sensitive fields are processed (DPA 2018 s.35(5)).
    pub schedule_8: Option<&'static str>,
}

/// How long a kind is kept and when it is looked at again (DPA 2018 s.39).
#[derive(Debug, Clone, Copy)]
pub struct Retention {
    /// The rule's name, shown to reviewers.
    pub rule: &'static str,
    /// Months after the event (or the writing, where no event date is known) to the first review.
    pub review_after_months: u16,
    /// The source of the period.
    pub source: &'static str,
    /// How sure the period is: `read`, `recalled` or `force policy`.
    pub sure: &'static str,
}

/// The default access row of a kind: roles by name for each action. The committed matrix in
/// `law` must agree with it or say why not.
#[derive(Debug, Clone, Copy)]
pub struct DefaultAccess {
    /// Roles that may see it.
    pub view: &'static [&'static str],
    /// Roles that may create it.
    pub create: &'static [&'static str],
    /// Roles that may change it.
    pub change: &'static [&'static str],
}

/// A group of fields that repeats inside a kind, for instance one name of a person.
#[derive(Debug)]
pub struct Group {
    /// Name in JSON.
    pub name: &'static str,
    /// Title that people see.
    pub title: &'static str,
    /// Its fields, ascending by number.
    pub fields: &'static [FieldDecl],
}

/// Fields that a form asks together.
#[derive(Debug, Clone, Copy)]
pub struct Asks {
    /// Heading; none where it is empty.
    pub title: &'static str,
    /// Numbers of the fields, in the order in which they are asked.
    pub fields: &'static [u16],
}

/// An upcast: reads a body of an older shape as the next one. Stored versions are never rewritten.
#[derive(Debug, Clone, Copy)]
pub struct Upcast {
    /// The shape that it reads; it gives `from + 1`.
    pub from: u16,
    /// The pure function.
    pub apply: fn(Body) -> Body,
}

/// The declaration of one record kind.
#[derive(Debug)]
pub struct Kind {
    /// Permanent number, never reused.
    pub number: u16,
    /// Name in addresses, files and commands: `stop-and-search`.
    pub name: &'static str,
    /// Title that people see, one.
    pub title: &'static str,
    /// Title that people see, many.
    pub plural: &'static str,
    /// Letters that lead its reference numbers.
    pub prefix: &'static str,
    /// The present shape. A new shape needs an upcast from the one before.
    pub shape: u16,
    /// Legal basis.
    pub basis: Basis,
    /// Retention.
    pub retention: Retention,
    /// Default access row.
    pub access: DefaultAccess,
    /// Field that says when the event happened, where the kind is an event.
    pub happened: Option<u16>,
    /// Field that says at least in which month it happened, where no more is known.
    pub happened_about: Option<u16>,
    /// Field that says which unit the record is of, where a source says so.
    pub unit: Option<u16>,
    /// Lists of codes that no other kind needs.
    pub lists: &'static [DeclaredList],
    /// Roles that people and things have in a record of this kind, further types of links
    /// (DPA 2018 s.38(3)). The first is that of its subject.
    pub roles: &'static [DeclaredCode],
    /// In which order its form asks, where that is not the order of the numbers. A field that is not
    /// named stands after them.
    pub asks: &'static [Asks],
    /// Its fields as this release declares them, ascending by number. Whoever walks the fields of a kind takes
    /// [`crate::derived::Fields`], which has a force's own among them.
    pub declared: Declared,
    /// Upcasts from every older shape, ascending.
    pub upcasts: &'static [Upcast],
    /// One line to recognise a record by; see [`crate::derived::show::summary`].
    pub summary: fn(&Body) -> String,
}

/// The fields of a kind that this release declares, ascending by number. Outside this crate nobody can walk
/// them alone: a force's own fields would be forgotten there.
#[derive(Debug, Clone, Copy)]
pub struct Declared(&'static [FieldDecl]);

impl Declared {
    /// The fields of a declaration.
    #[must_use]
    pub const fn new(fields: &'static [FieldDecl]) -> Self {
        Self(fields)
    }

    /// The fields without a force's own: for what is frozen with a release, and for checks of
    /// declarations.
    pub(crate) const fn alone(self) -> &'static [FieldDecl] {
        self.0
    }
}

/// What the names of a force's own fields and lists begin with. No field of ours does, in this release or a
/// later one ([`Kind::check`]), so that none can take a name away from a force.
pub const LOCAL: &str = "local.";

/// First number of a force's own fields.
pub const FIRST_LOCAL_FIELD: u16 = 10_000;
/// First tag of plain columns; no field reaches it.
pub const FIRST_PLAIN_COLUMN: u16 = 60_000;

impl Kind {
    /// Refuses at compile time what would be found too late otherwise: a number used twice or out
    /// of order, a code without a list, rows without a group, an identifier without its kind, a
    /// missing purpose, an empty label, a rule without law or mend, a missing upcast, a list without its
    /// source, a form that asks for what is not there.
    pub const fn check(&self) {
        assert!(self.number > 0, "a kind needs a number above 0");
        assert!(!self.basis.power.is_empty(), "a kind needs a power in law (DPA 2018 s.35)");
        assert!(!self.basis.purpose.is_empty(), "a kind needs a purpose (DPA 2018 s.36)");
        assert!(!self.retention.rule.is_empty(), "a kind needs a retention rule (DPA 2018 s.39)");
        assert!(self.retention.review_after_months > 0, "a kind needs a review (DPA 2018 s.39(2))");
        assert!(!self.access.view.is_empty(), "a kind needs a default access row");
        assert!(self.upcasts.len() + 1 == self.shape as usize, "every older shape needs an upcast");
        check_upcasts(self.upcasts);
        let fields = self.declared.alone();
        check_fields(fields);
        check_sensitive(fields, self.basis.schedule_8.is_some());
        check_rule_names(fields, fields);
        check_lists(self.lists);
        check_asks(self.asks, fields);
    }

    /// When in London the event of this record happened, as far as that is known.
    #[must_use]
    pub fn date_of(&self, body: &Body) -> Option<PartialDate> {
        let date = |number: Option<u16>| match body.value(number?)? {
            Value::Instant(micros) => {
                crate::derived::show::london(*micros).map(|at| PartialDate::full(at.date()))
            }
            Value::Date(date) => Some(*date),
            _ => None,
        };
        date(self.happened).or_else(|| date(self.happened_about))
    }

    /// The day in London on which the event of this record happened, where that is known; the first
    /// of the month where only that is. Rules and codes are judged as of this day.
    #[must_use]
    pub fn day_of(&self, body: &Body) -> Option<Date> {
        let date = self.date_of(body)?;
        PartialDate { day: date.day.or(Some(1)), ..date }.whole()
    }

    /// The field with this number, a force's own too.
    #[must_use]
    pub fn field(&self, number: u16) -> Option<&'static FieldDecl> {
        Fields::of(self).number(number)
    }

    /// The field with this name (`more-than-outer`, `local.ward`).
    #[must_use]
    pub fn field_named(&self, name: &str) -> Option<&'static FieldDecl> {
        Fields::of(self).named(name)
    }

    /// Reads a body of an older shape as the present one.
    #[must_use]
    pub fn upcast(&self, shape: u16, body: Body) -> Body {
        let due = self.upcasts.iter().filter(|upcast| upcast.from >= shape);
        due.fold(body, |body, upcast| (upcast.apply)(body))
    }
}

const fn check_upcasts(upcasts: &[Upcast]) {
    let mut i = 0;
    while i < upcasts.len() {
        assert!(upcasts[i].from as usize == i + 1, "upcasts must rise from shape 1, one for each");
        i += 1;
    }
}

const fn check_lists(lists: &[DeclaredList]) {
    let mut i = 0;
    while i < lists.len() {
        assert!(!lists[i].id.is_empty() && !lists[i].title.is_empty(), "a list needs a name and a title");
        assert!(!lists[i].source.is_empty() && !lists[i].sure.is_empty(), "a list needs its source");
        assert!(!lists[i].codes.is_empty(), "a list needs codes");
        i += 1;
    }
}

const fn check_asks(asks: &[Asks], fields: &[FieldDecl]) {
    let mut i = 0;
    while i < asks.len() {
        let mut j = 0;
        while j < asks[i].fields.len() {
            assert!(is_declared(fields, asks[i].fields[j]), "a form asks for a field that is not declared");
            j += 1;
        }
        i += 1;
    }
}

const fn is_declared(fields: &[FieldDecl], number: u16) -> bool {
    let mut i = 0;
    while i < fields.len() {
        if fields[i].number == number {
            return true;
        }
        i += 1;
    }
    false
}

/// Rows included: a sensitive field is no less so in a row.
const fn check_sensitive(fields: &[FieldDecl], has_condition: bool) {
    let mut i = 0;
    while i < fields.len() {
        assert!(
            !fields[i].is_sensitive || has_condition,
            "a kind with a sensitive field needs a Schedule 8 condition (DPA 2018 s.35(5))"
        );
        if let Some(group) = fields[i].row_group {
            check_sensitive(group.fields, has_condition);
        }
        i += 1;
    }
}

/// Every rule of a kind, those of its rows included, has a name of its own: the name is an index
/// term, and figures are counts of terms.
const fn check_rule_names(fields: &[FieldDecl], all: &[FieldDecl]) {
    let mut i = 0;
    while i < fields.len() {
        let mut j = 0;
        while j < fields[i].rules.len() {
            let times = times_named(all, fields[i].rules[j].name);
            assert!(times == 1, "two rules of a kind (or of its rows) have the same name");
            j += 1;
        }
        if let Some(group) = fields[i].row_group {
            check_rule_names(group.fields, all);
        }
        i += 1;
    }
}

const fn times_named(fields: &[FieldDecl], name: &str) -> usize {
    let mut times = 0;
    let mut i = 0;
    while i < fields.len() {
        let mut j = 0;
        while j < fields[i].rules.len() {
            times += is_same(fields[i].rules[j].name, name) as usize;
            j += 1;
        }
        if let Some(group) = fields[i].row_group {
            times += times_named(group.fields, name);
        }
        i += 1;
    }
    times
}

const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut i = 0;
    while i < one.len() {
        if one[i] != other[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// The checks of one list of fields, for kinds, groups and (at run time) local fields.
pub const fn check_fields(fields: &[FieldDecl]) {
    assert!(!fields.is_empty(), "a kind needs fields");
    let mut i = 0;
    while i < fields.len() {
        check_field(&fields[i]);
        assert!(
            i == 0 || fields[i - 1].number < fields[i].number,
            "field numbers must rise, and none may be used twice"
        );
        i += 1;
    }
}

const fn check_field(field: &FieldDecl) {
    assert!(field.number > 0 && field.number < FIRST_PLAIN_COLUMN, "a field number is out of range");
    assert!(!field.label.is_empty(), "a field needs a label");
    assert!(
        field.number >= FIRST_LOCAL_FIELD || !is_same(field.constant, "LOCAL"),
        "“local” leads the names of a force's own fields"
    );
    match field.kind {
        Type::Code => assert!(field.code_list.is_some(), "a code needs its list"),
        Type::Identifier => assert!(field.identifier.is_some(), "an identifier needs its kind"),
        Type::Rows => assert!(field.row_group.is_some(), "rows need their group"),
        _ => {}
    }
    if let Some((least, most)) = field.range {
        assert!(matches!(field.kind, Type::Number) && least <= most, "a range is of a number and rises");
    }
    let mut i = 0;
    while i < field.rules.len() {
        let rule = &field.rules[i];
        assert!(!rule.name.is_empty(), "a rule needs a name");
        assert!(!rule.law.is_empty(), "a rule needs the law or policy that it comes from");
        assert!(!rule.mend.is_empty(), "a rule needs a mend");
        i += 1;
    }
}

/// A day, for the dates of rules.
#[must_use]
pub const fn day(year: i16, month: i8, day: i8) -> Date {
    jiff::civil::date(year, month, day)
}

/// Declares the fields of a kind or group: typed handles and the table of declarations.
/// `label`, `about` and `class` are part of the syntax, so a field without a legal class does not
/// compile; what follows them are the builder methods of [`FieldDecl`].
#[macro_export]
macro_rules! fields {
    ($( $(#[$doc:meta])* $number:literal $name:ident : $type:ty {
        label: $label:literal, about: $about:expr, class: $class:ident
        $(, $key:ident : $value:expr)* $(,)?
    } )+) => {
        $(
            $(#[$doc])*
            #[doc = $label]
            pub const $name: $crate::Field<$type> = $crate::Field::new($number);
        )+
        /// The declarations, ascending by number.
        pub const FIELDS: &[$crate::FieldDecl] = &[$(
            $crate::FieldDecl::new(
                $number,
                stringify!($name),
                <$type as $crate::field::FieldType>::TYPE,
                $label,
                $about,
                $crate::Class::$class,
            )$(.$key($value))*
        ),+];
    };
}

/// Declares a record kind. See `kinds/vehicle.rs`.
#[macro_export]
macro_rules! kind {
    (
        $name:ident = $number:literal, $slug:literal, shape $shape:literal,
        title: $title:literal, plural: $plural:literal, prefix: $prefix:literal,
        basis: $basis:expr, retention: $retention:expr, access: $access:expr,
        $(happened: $happened:ident $(or $about:ident)?,)? $(unit: $unit:ident,)?
        $(lists: $lists:expr,)? $(roles: $roles:expr,)? $(asks: $asks:expr,)?
        $(upcasts: $upcasts:expr,)? summary: $summary:expr,
        fields { $($fields:tt)+ }
    ) => {
        $crate::fields! { $($fields)+ }

        /// The declaration of this kind.
        pub static KIND: $crate::Kind = DECLARATION;

        #[doc = concat!("Marks values of the kind “", $title, "” in types.")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name;

        const DECLARATION: $crate::Kind = $crate::Kind {
            number: $number,
            name: $slug,
            title: $title,
            plural: $plural,
            prefix: $prefix,
            shape: $shape,
            basis: $basis,
            retention: $retention,
            access: $access,
            happened: $crate::kind!(@field $($happened)?),
            happened_about: $crate::kind!(@field $($($about)?)?),
            unit: $crate::kind!(@field $($unit)?),
            lists: $crate::kind!(@each $($lists)?),
            roles: $crate::kind!(@each $($roles)?),
            asks: $crate::kind!(@each $($asks)?),
            declared: $crate::kind::Declared::new(FIELDS),
            upcasts: $crate::kind!(@each $($upcasts)?),
            summary: $summary,
        };
        const _: () = DECLARATION.check();
    };
    (@field) => { None };
    (@field $field:ident) => { Some($field.number()) };
    (@each) => { &[] };
    (@each $each:expr) => { $each };
}

/// Declares a group of fields that repeats inside kinds.
#[macro_export]
macro_rules! group {
    ($slug:literal, title: $title:literal, fields { $($fields:tt)+ }) => {
        $crate::fields! { $($fields)+ }

        /// The group.
        pub static GROUP: $crate::Group =
            $crate::Group { name: $slug, title: $title, fields: FIELDS };
        const _: () = $crate::kind::check_fields(FIELDS);
    };
}

#[cfg(test)]
mod tests;
