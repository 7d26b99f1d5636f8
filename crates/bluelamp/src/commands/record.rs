//! `bluelamp show`, `history`, `compare`, `new`, `correct` and `label`.

use crate::arguments::{Arguments, LabelArguments};
use crate::output::{self, Complaint};
use crate::session::{Door, at_door};
use desk::Session;
use desk::clock::moment_text;
use desk::find::reference_of_row;
use desk::record::{Edit, REASON, Written, editable, reference_of};
use model::derived::{compare as compared, form::first_of, json as body_json, show as shown};
use model::{Body, Kind, Labels, Marking};
use serde_json::json;
use std::collections::BTreeSet;
use vault::Plain;
use web::shapes::{Comparison, History, Receipt, Record};

pub async fn show(arguments: &Arguments, reference: &str, version: Option<u32>) -> Result<(), Complaint> {
    let plain = at_door(arguments, async |desk, who| {
        let record = desk.resolve(who, reference).await?;
        Ok(match version {
            Some(ordinal) => desk.open_version(who, record, ordinal).await?,
            None => desk.open_record(who, record).await?,
        })
    })
    .await?;
    print_opened(arguments, &plain)
}

/// Prints an opened record.
pub fn print_opened(arguments: &Arguments, plain: &Plain) -> Result<(), Complaint> {
    let kind = kind_of(plain)?;
    if arguments.json {
        return output::json(&json!(Record::of(plain)));
    }
    let row = plain.row();
    output::line(&format!("{} {}", kind.title, reference_of_row(row)))?;
    output::line(&format!(
        "version {}, written {}, review due {}",
        row.ordinal,
        moment_text(row.written),
        row.review_due
    ))?;
    if row.labels != "{}" {
        output::line(&format!("restricted: {}", row.labels))?;
    }
    for line in shown::lines(kind, &editable(plain)) {
        output::line(&format!("  {:<44} {}", line.label, line.text))?;
    }
    Ok(())
}

pub async fn history(arguments: &Arguments, reference: &str) -> Result<(), Complaint> {
    let (versions, names) = at_door(arguments, async |desk, who| {
        let record = desk.resolve(who, reference).await?;
        let versions = desk.open_history(who, record).await?;
        let names = desk.author_names(&versions).await?;
        Ok((versions, names))
    })
    .await?;
    let author = |plain: &Plain| {
        let author = plain.row().author;
        names.get(&author).cloned().unwrap_or_else(|| author.to_string())
    };
    if arguments.json {
        let named = |plain: &Plain| Record { author_name: Some(author(plain)), ..Record::of(plain) };
        return output::json(&json!(History { versions: versions.iter().map(named).collect() }));
    }
    let mut before: Option<Body> = None;
    for plain in &versions {
        let row = plain.row();
        let why = plain.get(REASON).unwrap_or_else(|| "taken in".to_owned());
        output::line(&format!(
            "version {} written {} by {}: {why}",
            row.ordinal,
            moment_text(row.written),
            author(plain)
        ))?;
        let body = editable(plain);
        if let Some(before) = &before {
            print_differences(&compared::differences(kind_of(plain)?, before, &body))?;
        }
        before = Some(body);
    }
    Ok(())
}

pub async fn compare(
    arguments: &Arguments,
    reference: &str,
    before: u32,
    after: u32,
) -> Result<(), Complaint> {
    let versions = at_door(arguments, async |desk, who| {
        let record = desk.resolve(who, reference).await?;
        Ok(desk.open_history(who, record).await?)
    })
    .await?;
    let find = |ordinal: u32| {
        let found = versions.iter().find(|plain| plain.row().ordinal == ordinal);
        found.ok_or_else(|| {
            Complaint::new(format!("there is no version {ordinal}"), "See `bluelamp history`.")
        })
    };
    let (earlier, later) = (find(before)?, find(after)?);
    let differences = compared::differences(kind_of(later)?, &editable(earlier), &editable(later));
    if arguments.json {
        return output::json(&json!(Comparison::of(differences)));
    }
    print_differences(&differences)
}

pub async fn new(
    arguments: &Arguments,
    kind: &str,
    fields: &[String],
    labels: &LabelArguments,
) -> Result<(), Complaint> {
    let kind = named_kind(kind)?;
    // The force's own fields are known once its door is open.
    let written = at_door(arguments, async |desk, who| {
        let mut body = Body::default();
        set_all(kind, &mut body, fields)?;
        let labels = labels_from(labels);
        Ok(desk.create_record(who, kind, body, labels).await?)
    })
    .await?;
    report(arguments, kind, &written)
}

pub async fn correct(
    arguments: &Arguments,
    reference: &str,
    fields: &[String],
    reason: &str,
    from_version: Option<u32>,
) -> Result<(), Complaint> {
    let (kind, written) = at_door(arguments, async |desk, who| {
        let plain = opened(desk, who, reference, from_version).await?;
        let kind = kind_of(&plain)?;
        let mut body = editable(&plain);
        set_all(kind, &mut body, fields)?;
        let version = plain.row().version;
        let edit = Edit {
            record: version.record,
            before: version.version,
            body,
            labels: None,
            anew: named(kind, fields),
            reason: reason.to_owned(),
        };
        Ok((kind, desk.change_record(who, edit).await?))
    })
    .await?;
    report(arguments, kind, &written)
}

pub async fn label(
    arguments: &Arguments,
    reference: &str,
    reason: &str,
    lift: bool,
    labels: &LabelArguments,
) -> Result<(), Complaint> {
    let (kind, written) = at_door(arguments, async |desk, who| {
        let plain = opened(desk, who, reference, None).await?;
        let off = taken_off(&plain, &labels_from(labels))?;
        if !lift && !off.is_empty() {
            let what = format!("this would take off: {}; nothing was changed", off.join(", "));
            return Err(Complaint::new(what, "Name all labels that the record is to have, or add --lift."));
        }
        let version = plain.row().version;
        let edit = Edit {
            record: version.record,
            before: version.version,
            body: editable(&plain),
            labels: Some(labels_from(labels)),
            anew: Vec::new(),
            reason: reason.to_owned(),
        };
        Ok((kind_of(&plain)?, desk.change_record(who, edit).await?))
    })
    .await?;
    report(arguments, kind, &written)
}

async fn opened(
    desk: &Door,
    who: &Session,
    reference: &str,
    version: Option<u32>,
) -> Result<Plain, Complaint> {
    let record = desk.resolve(who, reference).await?;
    Ok(match version {
        Some(ordinal) => desk.open_version(who, record, ordinal).await?,
        None => desk.open_record(who, record).await?,
    })
}

fn report(arguments: &Arguments, kind: &Kind, written: &Written) -> Result<(), Complaint> {
    let reference = reference_of(kind.number, written.reference);
    if arguments.json {
        return output::json(&json!(Receipt::of(written)));
    }
    output::line(&format!(
        "{} {reference}, version {}, {}",
        kind.title,
        written.ordinal,
        written
            .leaf
            .map_or_else(|| "entered in the log".to_owned(), |leaf| format!("entry {leaf} of the log"))
    ))
}

fn set_all(kind: &'static Kind, body: &mut Body, fields: &[String]) -> Result<(), Complaint> {
    let mut named = BTreeSet::new();
    for field in fields {
        let (path, text) = field.split_once('=').ok_or_else(|| {
            Complaint::new(
                format!("“{field}” is not of the form field=value"),
                "Write for instance outcome=arrest.",
            )
        })?;
        if !named.insert(path.trim().to_lowercase()) {
            let what = format!("“{}” is named twice", path.trim());
            return Err(Complaint::new(what, "Give each field once: nothing was saved."));
        }
        body_json::set_from_text(kind, body, path.trim(), text)
            .map_err(|problem| Complaint::new(format!("{}: {}", problem.field, problem.mend), ""))?;
    }
    Ok(())
}

/// Numbers of the fields that are named: who names one states it, even where it was erased before.
fn named(kind: &Kind, fields: &[String]) -> Vec<u16> {
    let paths = fields.iter().filter_map(|field| field.split(['=', '[']).next());
    let names = paths.map(|path| first_of(path.trim()).0);
    names.filter_map(|name| kind.field_named(name.trim())).map(|field| field.number).collect()
}

/// The kind with a name.
pub fn named_kind(name: &str) -> Result<&'static Kind, Complaint> {
    model::kinds::by_name(name).ok_or_else(|| {
        let names: Vec<&str> = model::kinds::ALL.iter().map(|kind| kind.name).collect();
        Complaint::new(format!("there is no kind “{name}”"), format!("Choose of {}.", names.join(", ")))
    })
}

/// What is on a record and would not be any more, in words.
fn taken_off(plain: &Plain, new: &Labels) -> Result<Vec<String>, Complaint> {
    let old = Labels::parse(&plain.row().labels)
        .map_err(|error| Complaint::new(error.to_string(), "Run `bluelamp doctor`."))?;
    let mut off: Vec<String> =
        old.groups.difference(&new.groups).map(|group| format!("the group {group}")).collect();
    let marks = [
        (old.covert && !new.covert, "covert"),
        (old.sensitive && !new.sensitive, "sensitive"),
        (old.handling_conditions && !new.handling_conditions, "handling conditions"),
        (new.marking < old.marking, "the marking OFFICIAL-SENSITIVE"),
    ];
    off.extend(marks.iter().filter(|(is_off, _)| *is_off).map(|(_, what)| (*what).to_owned()));
    Ok(off)
}

fn labels_from(labels: &LabelArguments) -> Labels {
    Labels {
        groups: labels.groups.iter().cloned().collect(),
        covert: labels.covert,
        sensitive: labels.sensitive,
        handling_conditions: labels.handling_conditions,
        marking: if labels.official_sensitive { Marking::OfficialSensitive } else { Marking::Official },
        owner: None,
    }
}

fn kind_of(plain: &Plain) -> Result<&'static Kind, Complaint> {
    let number = plain.row().version.kind;
    model::kinds::by_number(number).ok_or_else(|| {
        Complaint::new(format!("the record is of kind {number}, which this release does not know"), "")
    })
}

fn print_differences(differences: &[compared::Difference]) -> Result<(), Complaint> {
    for difference in differences {
        let text = |side: &Option<String>| side.clone().unwrap_or_else(|| "nothing".to_owned());
        output::line(&format!(
            "  {}: {} → {}",
            difference.label,
            text(&difference.before),
            text(&difference.after)
        ))?;
    }
    Ok(())
}
