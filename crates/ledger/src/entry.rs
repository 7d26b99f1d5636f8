//! Makes the payload of an entry from a permit, a refusal or a machine job.

use crate::commitment::{Hash, Payload};
use crate::error::LedgerError;
use crate::tags;
use law::access::{Context, Permit, Refusal, Why};
use model::{ActorId, VersionId, VersionRef};

/// Operations in the order of their numbers in the plain touches.
pub const OPERATIONS: &[&str] = &[
    "collection",
    "alteration",
    "consultation",
    "disclosure",
    "combination",
    "erasure",
    "refusal",
    "log-in",
    "permission-change",
    "log-read",
    "approval",
    "hold",
    "machine",
    "generation",
    "certificate",
    "maintenance",
    "plan",
];

/// Number of an operation, 255 where this release does not know it.
#[must_use]
pub fn operation_number(operation: &[u8]) -> u8 {
    OPERATIONS.iter().position(|known| known.as_bytes() == operation).map_or(255, |n| n as u8)
}

/// What an entry says beyond what the permit says.
#[derive(Debug, Clone, Default)]
pub struct Detail {
    /// Fields shown or changed.
    pub fields: Vec<u16>,
    /// The query of a search.
    pub query: Option<String>,
    /// The leaf up to which the index was built.
    pub index_position: Option<u64>,
    /// How many answers there were in all.
    pub results: Option<u64>,
    /// To whom something was disclosed.
    pub recipients: Vec<String>,
    /// Versions that an act is about though its permit shows none: an approval, a hold. Who may see
    /// them follows from this no more than before.
    pub about: Vec<VersionRef>,
    /// Versions made, with their commitments; they stand in for the permit's versions.
    pub commitments: Vec<(VersionRef, Hash)>,
    /// The ground of an erasure, approval or hold.
    pub ground: Option<String>,
    /// Leaves and tags whose erasure this entry authorises.
    pub erases_leaves: Vec<(u64, u16)>,
    /// Versions and fields whose erasure this entry authorises; field 0 is the whole version.
    pub erases_versions: Vec<(VersionId, u16)>,
    /// What an act is about where it is no record.
    pub subject: Option<String>,
    /// How many things a bulk act touched.
    pub count: Option<u64>,
    /// Digest of a certificate or export.
    pub digest: Option<Hash>,
    /// Free detail without personal data.
    pub detail: Option<String>,
    /// Mark of the paper that the entry is about: by it whoever has the paper's code finds the entry.
    pub paper: Option<Hash>,
    /// Digests of the sections of a paper, in their order, keyed by its code.
    pub sections: Vec<Hash>,
    /// Another operation than the permit's, for the entries that belong to an act.
    pub operation: Option<&'static str>,
    /// The name under which the program's log tells of it, where the permit does not say enough
    /// ([`crate::events`]). It is not entered.
    pub event: Option<&'static str>,
}

type Values = Vec<(u16, Vec<u8>)>;

/// The payload of an entry for something permitted.
///
/// # Errors
/// Where the operating system has no randomness.
pub fn permitted(permit: &Permit, detail: &Detail) -> Result<Payload, LedgerError> {
    let mut values = person(permit.context());
    put_text(&mut values, tags::OPERATION, detail.operation.unwrap_or(permit.operation()));
    put_text(&mut values, tags::POLICY, permit.policy());
    if !permit.labels().is_empty() {
        put_text(&mut values, tags::LABELS, permit.labels());
    }
    let records = if detail.commitments.is_empty() {
        records(permit.versions().iter().chain(&detail.about))
    } else {
        records(detail.commitments.iter().map(|(version, _)| version))
    };
    put_some(&mut values, tags::RECORDS, records);
    put_detail(&mut values, detail);
    Payload::new(values)
}

/// The payload of an entry for a refusal.
///
/// # Errors
/// Where the operating system has no randomness.
pub fn refused(refusal: &Refusal) -> Result<Payload, LedgerError> {
    let mut values = person(&refusal.context);
    put_text(&mut values, tags::OPERATION, "refusal");
    put_text(&mut values, tags::POLICY, &refusal.policy);
    put_text(&mut values, tags::SUBJECT, refusal.wanted);
    put_text(&mut values, tags::GROUND, why(&refusal.why));
    put_some(&mut values, tags::RECORDS, records(refusal.version.iter()));
    Payload::new(values)
}

/// Somebody who showed a proof of who they are.
#[derive(Debug, Clone, Copy)]
pub enum LogIn<'a> {
    /// It proves them.
    By {
        /// Who they are.
        context: &'a Context,
        /// What they showed and what followed, in words; nothing for a token.
        how: Option<&'a str>,
    },
    /// It proves nobody.
    Failed {
        /// Why it does not.
        ground: &'static str,
        /// Whose account it was shown for, and what followed for that, where there is such an account.
        account: Option<&'a str>,
        /// Whose account it was shown for, where failures of it count.
        whom: Option<ActorId>,
        /// Whether the failure locked what it was shown for.
        locks: bool,
        /// When: microseconds since 1970-01-01T00:00:00Z.
        at: i64,
    },
}

/// The payload of an entry for somebody who signed in, or did not.
///
/// # Errors
/// Where the operating system has no randomness.
pub fn log_in(log_in: LogIn<'_>) -> Result<Payload, LedgerError> {
    match log_in {
        LogIn::By { context, how } => {
            let mut values = person(context);
            put_text(&mut values, tags::OPERATION, "log-in");
            put_some(&mut values, tags::DETAIL, how.unwrap_or_default().as_bytes().to_vec());
            Payload::new(values)
        }
        LogIn::Failed { ground, account, at, .. } => {
            let subject = account.map_or_else(|| "log-in".to_owned(), |account| format!("log-in: {account}"));
            Payload::new(vec![
                (tags::OPERATION, b"refusal".to_vec()),
                (tags::TIME, at.to_be_bytes().to_vec()),
                (tags::ACTOR, ActorId::SYSTEM.octets().to_vec()),
                (tags::SUBJECT, subject.into_bytes()),
                (tags::GROUND, ground.as_bytes().to_vec()),
            ])
        }
    }
}

/// The payload of an entry for a machine job: one for a batch, with its range and count.
///
/// # Errors
/// Where the operating system has no randomness.
pub fn machine(purpose: &str, versions: &[VersionRef], at: i64) -> Result<Payload, LedgerError> {
    let mut values = vec![
        (tags::OPERATION, b"machine".to_vec()),
        (tags::TIME, at.to_be_bytes().to_vec()),
        (tags::ACTOR, ActorId::SYSTEM.octets().to_vec()),
        (tags::SYSTEM_PURPOSE, purpose.as_bytes().to_vec()),
        (tags::COUNT, (versions.len() as u64).to_be_bytes().to_vec()),
    ];
    let ids = versions.iter().map(|version| version.version);
    if let (Some(first), Some(last)) = (ids.clone().min(), ids.max()) {
        put_text(&mut values, tags::DETAIL, &format!("versions {first} to {last}"));
    }
    Payload::new(values)
}

/// The payload of the first entry of a later generation.
///
/// # Errors
/// Where the operating system has no randomness.
pub fn generation(
    permit: &Permit,
    checkpoint: &str,
    lost: (u64, u64),
    ground: &str,
) -> Result<Payload, LedgerError> {
    let mut range = lost.0.to_be_bytes().to_vec();
    range.extend(lost.1.to_be_bytes());
    let mut values = person(permit.context());
    put_text(&mut values, tags::OPERATION, "generation");
    put_text(&mut values, tags::POLICY, permit.policy());
    put_text(&mut values, tags::EARLIER_CHECKPOINT, checkpoint);
    values.push((tags::LOST_LEAVES, range));
    put_text(&mut values, tags::GROUND, ground);
    Payload::new(values)
}

fn why(why: &Why) -> &'static str {
    match why {
        Why::NotFound => "existence is a secret",
        Why::AskOwner(_) => "restricted",
        Why::Role => "role",
        Why::NoPurpose => "no purpose",
    }
}

fn person(context: &Context) -> Values {
    let mut values = vec![
        (tags::TIME, context.at.to_be_bytes().to_vec()),
        (tags::ACTOR, context.actor.octets().to_vec()),
        (tags::ACTOR_NAME, context.name.as_bytes().to_vec()),
        (tags::ROLES, texts(&context.roles)),
    ];
    if !context.groups.is_empty() {
        values.push((tags::GROUPS, texts(&context.groups)));
    }
    let some = [
        (tags::UNIT, &context.unit),
        (tags::DEVICE, &context.device),
        (tags::PURPOSE, &context.purpose),
        (tags::TASK, &context.task),
    ];
    for (tag, text) in some {
        if let Some(text) = text {
            put_text(&mut values, tag, text);
        }
    }
    values
}

fn put_detail(values: &mut Values, detail: &Detail) {
    put_some(values, tags::FIELDS, run(&detail.fields, |field| field.to_be_bytes().to_vec()));
    put_some(values, tags::RECIPIENTS, texts(&detail.recipients));
    put_some(values, tags::COMMITMENTS, run(&detail.commitments, |(_, hash)| hash.to_vec()));
    put_some(
        values,
        tags::ERASES_LEAVES,
        run(&detail.erases_leaves, |(leaf, tag)| {
            [leaf.to_be_bytes().as_slice(), &tag.to_be_bytes()].concat()
        }),
    );
    put_some(
        values,
        tags::ERASES_VERSIONS,
        run(&detail.erases_versions, |(version, field)| {
            [version.octets().as_slice(), &field.to_be_bytes()].concat()
        }),
    );
    let numbers = [
        (tags::INDEX_POSITION, detail.index_position),
        (tags::RESULTS, detail.results),
        (tags::COUNT, detail.count),
    ];
    for (tag, number) in numbers {
        put_some(values, tag, number.map(|n| n.to_be_bytes().to_vec()).unwrap_or_default());
    }
    let words = [
        (tags::QUERY, &detail.query),
        (tags::GROUND, &detail.ground),
        (tags::SUBJECT, &detail.subject),
        (tags::DETAIL, &detail.detail),
    ];
    for (tag, text) in words {
        if let Some(text) = text {
            put_text(values, tag, text);
        }
    }
    put_some(values, tags::DIGEST, detail.digest.map(|hash| hash.to_vec()).unwrap_or_default());
    put_some(values, tags::PAPER, detail.paper.map(|hash| hash.to_vec()).unwrap_or_default());
    put_some(values, tags::SECTIONS, detail.sections.concat());
}

fn records<'a>(versions: impl Iterator<Item = &'a VersionRef>) -> Vec<u8> {
    let mut out = Vec::new();
    for version in versions {
        out.extend(version.record.octets());
        out.extend(version.version.octets());
        out.extend(version.kind.to_be_bytes());
    }
    out
}

/// Reads the records of tag 12 back.
#[must_use]
pub fn read_records(octets: &[u8]) -> Vec<VersionRef> {
    let each = octets.as_chunks::<34>().0.iter();
    each.filter_map(|chunk| {
        let (record, rest) = chunk.split_first_chunk::<16>()?;
        let (version, kind) = rest.split_first_chunk::<16>()?;
        Some(VersionRef {
            record: model::RecordId::from_octets(*record),
            version: VersionId::from_octets(*version),
            kind: u16::from_be_bytes(kind.try_into().ok()?),
        })
    })
    .collect()
}

fn texts<'a>(words: impl IntoIterator<Item = &'a String>) -> Vec<u8> {
    let mut out = Vec::new();
    for word in words {
        out.extend((word.len() as u32).to_be_bytes());
        out.extend(word.as_bytes());
    }
    out
}

/// Reads texts back, as they stand in tags of several: roles, groups, recipients. What is cut off is left
/// out.
#[must_use]
pub fn read_texts(octets: &[u8]) -> Vec<String> {
    let (mut read, mut rest) = (Vec::new(), octets);
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let Some((word, after)) = after.split_at_checked(u32::from_be_bytes(*length) as usize) else { break };
        read.push(String::from_utf8_lossy(word).into_owned());
        rest = after;
    }
    read
}

fn run<T>(items: &[T], octets: impl Fn(&T) -> Vec<u8>) -> Vec<u8> {
    items.iter().flat_map(octets).collect()
}

fn put_text(values: &mut Values, tag: u16, text: &str) {
    values.push((tag, text.as_bytes().to_vec()));
}

fn put_some(values: &mut Values, tag: u16, octets: Vec<u8>) {
    if !octets.is_empty() {
        values.push((tag, octets));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_read_back_as_they_were_written() {
        let words = ["Kent Police", "", "O’Brien & Söhne"].map(str::to_owned);
        let written = texts(&words);
        assert_eq!(read_texts(&written), words);
        assert_eq!(read_texts(&[]), Vec::<String>::new());
        assert_eq!(read_texts(&written[..written.len() - 1]), words[..2], "what is cut off is left out");
    }
}
