//! What the commonest tasks cost a person, counted at the real pages and printed into `docs/usability.md`.

use crate::support::browser::Browser;
use crate::support::person::{Cost, Person};
use crate::support::{Force, GROUP, member};
use std::fmt::Write;
use std::path::Path;

/// Set to 1 to write the document anew; then read the difference before committing it.
const REGENERATE: &str = "BLUELAMP_REGENERATE";

/// Seconds of the operators of the keystroke-level model.
struct Operators {
    /// A key, and a press of the mouse's button.
    key: f64,
    /// The pointer is moved to something.
    point: f64,
    /// The hand goes from the keyboard to the mouse, or back.
    home: f64,
    /// A thought before an act.
    think: f64,
    /// A page is waited for.
    respond: f64,
}

const OPERATORS: Operators = Operators { key: 0.28, point: 1.1, home: 0.4, think: 1.35, respond: 0.1 };

impl Operators {
    fn seconds(&self, cost: &Cost) -> f64 {
        self.key * f64::from(cost.keystrokes + cost.clicks)
            + self.point * f64::from(cost.pointings)
            + self.home * f64::from(cost.homings)
            + self.think * f64::from(cost.thoughts)
            + self.respond * f64::from(cost.waits)
    }
}

/// A task as it was done.
struct Done {
    task: &'static str,
    who: &'static str,
    cost: Cost,
    steps: Vec<String>,
}

impl Done {
    fn by(who: &'static str, task: &'static str, person: &Person<'_>) -> Self {
        Self { task, who, cost: person.cost(), steps: person.steps.clone() }
    }
}

#[track_caller]
fn says(person: &Person<'_>, words: &str) {
    let main = person.page().text.split("<main").nth(1).unwrap_or(&person.page().text);
    assert!(main.contains(words), "{words:?} is not said: {main}");
}

const PERSON: [(&str, &str); 5] = [
    ("names[1].forenames", "Ottoline"),
    ("names[1].surname", "Exampleby"),
    ("dates-of-birth[1].date-day", "4"),
    ("dates-of-birth[1].date-month", "3"),
    ("dates-of-birth[1].date-year", "1987"),
];

/// A person who is in the records already; gives their reference.
async fn recorded(browser: &mut Browser<'_>) -> String {
    let mut typed = PERSON.to_vec();
    typed.extend([("addresses[1].place.words", "12 Canal Street, Lampton"), ("do", "save")]);
    browser.sends("/new/nominal", "/new/nominal", &typed).await.good();
    browser.at.trim_start_matches("/records/").split('?').next().unwrap().to_owned()
}

async fn finds_a_person(force: &Force) -> Done {
    let mut person = Person::at(force.browser("officer").await, "/").await;
    person.types("query", "otoline examplbey");
    person.enters().await;
    says(&person, "EXAMPLEBY, Ottoline");
    Done::by("officer", "Find a person by a misspelt name", &person)
}

async fn opens_from_the_door(force: &Force) -> Done {
    let mut person = Person::at(force.browser("officer").await, "/").await;
    person.types("query", "exampleby 12 canal street");
    person.enters().await;
    person.follows_to("/records/").await;
    says(&person, "aria-label=\"Warnings\"");
    Done::by("officer", "Open a person’s record from the door", &person)
}

fn begins_a_stop(person: &mut Person<'_>, grounds: &str) {
    person.types("place.words", "High Street, Lampton");
    person.chooses("search-type", "person");
    person.chooses("power", "mda-s23");
    person.chooses("object", "drugs");
    person.types("grounds", grounds);
    person.chooses("self-defined-ethnicity", "W1");
    person.chooses("gender", "male");
}

async fn records_a_stop(force: &Force) -> Done {
    let mut person = Person::at(force.browser("officer").await, "/").await;
    person.follows("New: stop and search").await;
    begins_a_stop(&mut person, "Smell of cannabis, and dropped a small bag when he saw us.");
    person.types("age", "24");
    person.chooses("more-than-outer", "no");
    person.chooses("outcome", "no-action");
    person.chooses("copy-given", "yes");
    person.presses("Save").await;
    says(&person, "Saved. The record is in the log");
    Done::by("officer", "Record a stop and search", &person)
}

async fn records_the_search_of_a_child(force: &Force) -> Done {
    let part = |name: &str| format!("more-thorough-search[1].{name}");
    let mut person = Person::at(force.browser("officer").await, "/").await;
    person.follows("New: stop and search").await;
    begins_a_stop(&mut person, "Seen to pass small packets and to hide one in his clothing.");
    person.types("age", "15");
    person.chooses("more-than-outer", "yes");
    person.chooses(&part("intimate-parts-exposed"), "yes");
    person.chooses(&part("location-kind"), "police-station");
    person.types(&part("place.words"), "Lampton police station, room 4");
    person.types(&part("reason"), "Small packets were believed to be hidden in his underwear.");
    person.types(&part("authoriser"), "Inspector 17 Example");
    person.chooses(&part("appropriate-adult-present"), "yes");
    person.chooses(&part("present[1].role"), "searcher");
    person.types(&part("safeguarding-referral"), "SG-17");
    person.types(&part("found"), "Nothing");
    person.chooses("outcome", "no-action");
    person.presses("Save").await;
    says(&person, "Saved. The record is in the log");
    Done::by("officer", "Record a more thorough search of a child", &person)
}

async fn makes_a_person(force: &Force) -> Done {
    let mut person = Person::at(force.browser("officer").await, "/").await;
    person.follows("New: person").await;
    for (name, text) in PERSON {
        person.types(name, if text == "Ottoline" { "Barnaby" } else { text });
    }
    person.presses("Look for it").await;
    person.presses("None of these: make a new one").await;
    person.chooses("gender", "male");
    person.types("addresses[1].place.words", "14 Canal Street, Lampton");
    person.types("addresses[1].place.postcode", "LX1 2AB");
    person.presses("Save").await;
    says(&person, "Saved. The record is in the log");
    Done::by("officer", "Make a nominal after searching first", &person)
}

async fn links_two_records(force: &Force, reference: &str, vehicle: &str) -> Done {
    let mut person = Person::at(force.browser("officer").await, &format!("/records/{reference}")).await;
    person.follows("Link").await;
    person.types("other", vehicle);
    person.chooses("type", "driver-of");
    person.chooses("source", "officer");
    person.presses("Link them").await;
    says(&person, "The two records are linked.");
    Done::by("officer", "Link two records, from the page of one", &person)
}

async fn changes_a_record(force: &Force, reference: &str) -> Done {
    let mut person = Person::at(force.browser("officer").await, &format!("/records/{reference}")).await;
    person.follows("Change").await;
    person.types("addresses[1].place.words", "3 Mill Lane, Lampton");
    person.types("reason", "told us the new address");
    person.presses("Save").await;
    says(&person, "Saved. What it said before stays in its history.");
    Done::by("officer", "Change a record, with a reason", &person)
}

async fn restricts_a_record(force: &Force, reference: &str) -> Done {
    let browser = force.browser(&member("officer")).await;
    let mut person = Person::at(browser, &format!("/records/{reference}")).await;
    person.follows("Restrict").await;
    person.chooses("who-knows", "restricted");
    person.types("groups", GROUP);
    person.types("reason", "Named in an operation under way");
    person.presses("Save").await;
    says(&person, "The restriction is changed");
    Done::by("officer in the group", "Restrict a record to a group", &person)
}

const FILE: &str = "2024-01-lampshire-street.csv";

/// Three street crimes, of which one stands nowhere on the earth.
fn file_of_crimes() -> String {
    let head = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,\
                Last outcome category,Context\n";
    let row = |id: u8, latitude: &str| {
        let id = format!("{id:02x}").repeat(32);
        format!(
            "{id},2024-01,Lampshire Police,Lampshire Police,-0.1,{latitude},On or near High Street,E01990001,\
             Lampton 001A,Burglary,Under investigation,\n"
        )
    };
    format!("{head}{}{}{}", row(1, "51.5"), row(2, "51.6"), row(3, "515"))
}

async fn takes_in_a_file(force: &Force) -> Done {
    std::fs::write(force.exchange().join(FILE), file_of_crimes()).unwrap();
    let mut person = Person::at(force.browser("records-reviewer").await, "/").await;
    person.follows("Intake").await;
    person.types("path", FILE);
    person.presses("Take it in").await;
    person.waits_while("Under way").await;
    says(&person, "3 rows read");
    says(&person, "1 rejected");
    person.follows("Look at the rejected rows").await;
    person.follows_to("/intake/rejects?field=").await;
    person.follows("Line 4").await;
    says(&person, "On or near High Street");
    Done::by("records reviewer", "Take in a file of street crime and look at a rejected row", &person)
}

async fn verifies_the_log(force: &Force) -> Done {
    let mut person = Person::at(force.browser("auditor").await, "/").await;
    person.follows("Log").await;
    person.follows("Export").await;
    person.types("recipient", "the overseer");
    person.types("folder", "for-the-overseer");
    person.presses("Export").await;
    says(&person, "The log is exported");
    person.commands("bluelamp-verify for-the-overseer");
    Done::by("auditor", "Verify the log", &person)
}

async fn all() -> Vec<Done> {
    let force = Force::new().await;
    let mut maker = force.browser("supervisor").await;
    let reference = recorded(&mut maker).await;
    let vehicle = force.vehicle("AB12 CDE", serde_json::json!({})).await;
    vec![
        finds_a_person(&force).await,
        opens_from_the_door(&force).await,
        records_a_stop(&force).await,
        records_the_search_of_a_child(&force).await,
        makes_a_person(&force).await,
        links_two_records(&force, &reference, &vehicle).await,
        changes_a_record(&force, &reference).await,
        restricts_a_record(&force, &reference).await,
        takes_in_a_file(&force).await,
        verifies_the_log(&force).await,
    ]
}

fn document(tasks: &[Done]) -> String {
    let Operators { key, point, home, think, respond } = OPERATORS;
    let mut text = format!(
        "# What the commonest tasks cost a person\n\n\
         A test does each task at the real pages, as somebody without scripts does who makes no mistake, counts what \
         they must do, and prints this page (`crates/web/tests/http/usability.rs`). It fails when a page asks for more \
         or less than what stands here; `{REGENERATE}=1` writes it anew. **Nobody was watched or timed: these are the \
         figures of a model.**\n\n\
         Each task begins signed in, the purpose said and the hands on the keyboard, at the home page unless the task \
         says another. The time is that of the keystroke-level model (S. K. Card, T. P. Moran and A. Newell, *The \
         Keystroke-Level Model for User Performance Time with Interactive Systems*, Communications of the ACM 23(7), \
         1980, pages 396 to 410), with these values:\n\n\
         | Operator | Seconds | What it is here |\n\
         |---|---:|---|\n\
         | K | {key:.2} | a key, or a press of the mouse’s button: a typist of 40 words a minute |\n\
         | P | {point:.2} | the pointer is moved to a control |\n\
         | H | {home:.2} | the hand goes from the keyboard to the mouse, or back |\n\
         | M | {think:.2} | a thought: one before each link, button and control |\n\
         | R | {respond:.2} | a page is waited for: the goal for our server; the network and drawing come on top |\n\n\
         Where the next control is at most three away, it is reached by the tabulator key, and otherwise by the mouse. \
         What stands in a control is marked with two keys and typed over. Reading, finding out what to write, and the \
         running of an intake are not in the time.\n\n\
         | Task | Who | Clicks | Fields | Keystrokes | Page waits | Seconds |\n\
         |---|---|---:|---:|---:|---:|---:|\n"
    );
    for done in tasks {
        let Cost { clicks, fields, keystrokes, waits, .. } = done.cost;
        let seconds = OPERATORS.seconds(&done.cost);
        writeln!(
            text,
            "| {} | {} | {clicks} | {fields} | {keystrokes} | {waits} | {seconds:.0} |",
            done.task, done.who
        )
        .unwrap();
    }
    for done in tasks {
        writeln!(text, "\n## {}\n", done.task).unwrap();
        for (at, step) in (1..).zip(&done.steps) {
            writeln!(text, "{at}. {step}").unwrap();
        }
    }
    text
}

#[tokio::test]
async fn the_commonest_tasks_cost_what_the_document_says() {
    let now = document(&all().await);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/usability.md");
    if std::env::var(REGENERATE).is_ok_and(|value| value == "1") {
        std::fs::write(&path, now).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(&path).expect("docs/usability.md is committed");
    let differs = committed.lines().zip(now.lines()).find(|(old, new)| old != new);
    assert!(
        committed == now,
        "the pages ask for other things than docs/usability.md says (first difference: {differs:?}). Where that is \
         meant, run the test with {REGENERATE}=1 and read the difference."
    );
}
