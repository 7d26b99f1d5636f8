//! The body of a record: a map from permanent field number to value, read through typed handles.

use crate::field::{Field, FieldType};
use crate::value::Value;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What stands under one field number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Slot {
    /// The value.
    Held(Value),
    /// No value, and why: *not in this source* is not *no*.
    NotHeld(NotHeld),
}

/// Why a field has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum NotHeld {
    /// The source that the record came from does not carry this field at all.
    NotInSource = 1,
    /// The person was asked and declined.
    Declined = 2,
    /// Asked, and not known.
    NotKnown = 3,
    /// The value was erased by law; its hash stays in the version's commitment.
    Erased = 4,
}

impl NotHeld {
    pub(crate) fn from_number(number: u8) -> Option<Self> {
        [Self::NotInSource, Self::Declined, Self::NotKnown, Self::Erased]
            .into_iter()
            .find(|why| *why as u8 == number)
    }
}

/// The fields of one version of a record, or of one row of a group.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Body {
    slots: BTreeMap<u16, Slot>,
}

impl Body {
    /// The value under a typed handle; `None` where there is none or it is of another type.
    #[must_use]
    pub fn get<T: FieldType>(&self, field: Field<T>) -> Option<T> {
        self.value(field.number()).and_then(T::from_value)
    }

    /// Puts a value under a typed handle.
    pub fn set<T: FieldType>(&mut self, field: Field<T>, value: T) -> &mut Self {
        self.put(field.number(), Slot::Held(value.into_value()))
    }

    /// Puts a value where there is one, and leaves the field alone otherwise.
    pub fn set_some<T: FieldType>(&mut self, field: Field<T>, value: Option<T>) -> &mut Self {
        match value {
            Some(value) => self.set(field, value),
            None => self,
        }
    }

    /// Says why a field has no value.
    pub fn set_not_held<T: FieldType>(&mut self, field: Field<T>, why: NotHeld) -> &mut Self {
        self.put(field.number(), Slot::NotHeld(why))
    }

    /// Why a field has no value, where that is known.
    #[must_use]
    pub fn not_held(&self, number: u16) -> Option<NotHeld> {
        match self.slots.get(&number) {
            Some(Slot::NotHeld(why)) => Some(*why),
            _ => None,
        }
    }

    /// The untyped value under a number.
    #[must_use]
    pub fn value(&self, number: u16) -> Option<&Value> {
        match self.slots.get(&number) {
            Some(Slot::Held(value)) => Some(value),
            _ => None,
        }
    }

    /// Puts a slot under a number.
    pub fn put(&mut self, number: u16, slot: Slot) -> &mut Self {
        self.slots.insert(number, slot);
        self
    }

    /// Takes a slot out.
    pub fn remove(&mut self, number: u16) -> Option<Slot> {
        self.slots.remove(&number)
    }

    /// The slot under a number.
    #[must_use]
    pub fn slot(&self, number: u16) -> Option<&Slot> {
        self.slots.get(&number)
    }

    /// All slots in ascending order of number.
    pub fn slots(&self) -> impl Iterator<Item = (u16, &Slot)> {
        self.slots.iter().map(|(number, slot)| (*number, slot))
    }

    /// Overwrites what the body says, before its memory is given back.
    pub fn wipe(&mut self) {
        for slot in self.slots.values_mut() {
            if let Slot::Held(value) = slot {
                value.wipe();
            }
        }
    }

    /// Whether nothing is said at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }
}
