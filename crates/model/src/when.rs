//! Conditions as data: one expression drives the form's reveal, the schema's if/then, validation,
//! the `missing:` terms and the help in plain English.

use crate::body::Body;
use crate::value::Value;

/// A condition over the fields of one body.
#[derive(Debug, Clone, Copy)]
pub enum When {
    /// Always.
    Always,
    /// The field is answered with anything.
    Answered(u16),
    /// The yes/no field is yes.
    Is(u16),
    /// The yes/no field is no.
    IsNot(u16),
    /// The number is below this.
    Under(u16, i64),
    /// The code is one of these.
    OneOf(u16, &'static [&'static str]),
    /// All of these hold.
    All(&'static [When]),
    /// At least one of these holds.
    Any(&'static [When]),
    /// This does not hold.
    Not(&'static When),
}

impl When {
    /// Whether the condition holds. What is not answered makes no condition true but `Not`.
    #[must_use]
    pub fn holds(&self, body: &Body) -> bool {
        match self {
            Self::Always => true,
            Self::Answered(field) => body.value(*field).is_some(),
            Self::Is(field) => body.value(*field) == Some(&Value::Bool(true)),
            Self::IsNot(field) => body.value(*field) == Some(&Value::Bool(false)),
            Self::Under(field, limit) => {
                matches!(body.value(*field), Some(Value::Number(number)) if number < limit)
            }
            Self::OneOf(field, codes) => {
                matches!(body.value(*field), Some(Value::Code(code)) if codes.contains(&code.as_str()))
            }
            Self::All(parts) => parts.iter().all(|part| part.holds(body)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(body)),
            Self::Not(part) => !part.holds(body),
        }
    }

    /// Calls `see` with the number of every field that the condition looks at.
    pub fn fields(&self, see: &mut dyn FnMut(u16)) {
        match self {
            Self::Always => {}
            Self::Answered(field)
            | Self::Is(field)
            | Self::IsNot(field)
            | Self::Under(field, _)
            | Self::OneOf(field, _) => see(*field),
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.fields(see)),
            Self::Not(part) => part.fields(see),
        }
    }

    /// The condition in plain English, with the labels that `label` gives.
    #[must_use]
    pub fn in_words(&self, label: &dyn Fn(u16) -> String) -> String {
        match self {
            Self::Always => "always".to_owned(),
            Self::Answered(field) => format!("“{}” is answered", label(*field)),
            Self::Is(field) => format!("“{}” is yes", label(*field)),
            Self::IsNot(field) => format!("“{}” is no", label(*field)),
            Self::Under(field, limit) => format!("“{}” is under {limit}", label(*field)),
            Self::OneOf(field, codes) => format!("“{}” is {}", label(*field), codes.join(" or ")),
            Self::All(parts) => join(parts, " and ", label),
            Self::Any(parts) => join(parts, " or ", label),
            Self::Not(part) => format!("not ({})", part.in_words(label)),
        }
    }
}

fn join(parts: &[When], word: &str, label: &dyn Fn(u16) -> String) -> String {
    let words: Vec<String> = parts.iter().map(|part| bracketed(part, label)).collect();
    words.join(word)
}

fn bracketed(part: &When, label: &dyn Fn(u16) -> String) -> String {
    match part {
        When::All(_) | When::Any(_) => format!("({})", part.in_words(label)),
        _ => part.in_words(label),
    }
}
