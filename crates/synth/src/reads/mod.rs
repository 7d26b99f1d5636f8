//! How officers of the synthetic force read: a stream of searches and openings in the order of time,
//! with the truth about which of them were ordinary work and which were browsing. It serves the
//! benchmarks and, later, the detection of browsing.
//!
//! Officers are one for every 600 nominals, and at least 20, so unlike people they depend on the size
//! of the force. An hour is held in memory at a time.

mod officer;

pub use officer::Officer;

use crate::force::{Force, Home, NEIGHBOURHOOD, record_id};
use crate::random::Random;
use model::RecordId;

/// What the officer did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Searched with these words.
    Search(String),
    /// Opened this record.
    Open(RecordId),
}

/// Why it was done, in truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pattern {
    /// Work on a task.
    Ordinary,
    /// Work without a task named: careless, not wrong.
    WithoutTask,
    /// One record after another within minutes, without a task.
    Burst,
    /// The officer's own name.
    OwnName,
    /// People of the officer's own household.
    Family,
    /// People of the officer's own street.
    Neighbour,
    /// Another officer.
    Colleague,
    /// The person whom the newspapers write about that day.
    InTheNews,
}

impl Pattern {
    /// Every pattern.
    pub const ALL: [Self; 8] = [
        Self::Ordinary,
        Self::WithoutTask,
        Self::Burst,
        Self::OwnName,
        Self::Family,
        Self::Neighbour,
        Self::Colleague,
        Self::InTheNews,
    ];

    /// The word in the truth.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::WithoutTask => "without-task",
            Self::Burst => "burst",
            Self::OwnName => "own-name",
            Self::Family => "family",
            Self::Neighbour => "neighbour",
            Self::Colleague => "colleague",
            Self::InTheNews => "in-the-news",
        }
    }

    /// Whether it is browsing.
    #[must_use]
    pub const fn is_browsing(self) -> bool {
        !matches!(self, Self::Ordinary | Self::WithoutTask)
    }
}

/// One act of reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// When, in microseconds since 1970-01-01T00:00:00Z.
    pub at: i64,
    /// Number of the officer, from 0; see [`Reads::officer`].
    pub officer: u64,
    /// What was done.
    pub deed: Deed,
    /// The purpose that was given.
    pub purpose: &'static str,
    /// The task that gives it context, where one was named.
    pub task: Option<String>,
    /// The truth.
    pub pattern: Pattern,
}

/// Days of reading, the last of them the day before the force stands.
pub const DAYS: u64 = 28;
/// 2025-12-04T00:00:00Z, the first moment.
const FIRST_MOMENT: i64 = 1_764_806_400_000_000;
const HOUR: i64 = 3_600_000_000;
const MINUTE: i64 = 60_000_000;
const NOMINALS_AN_OFFICER: u64 = 600;
const LEAST_OFFICERS: u64 = 20;

/// The stream of acts.
#[derive(Debug)]
pub struct Reads<'a> {
    force: &'a Force,
    seed: u64,
    households: u64,
    officers: u64,
    hour: u64,
    waiting: std::vec::IntoIter<Act>,
    /// Acts of errands that reach into the next hour.
    later: Vec<Act>,
}

impl<'a> Reads<'a> {
    /// The reading of a force that has been made to its end: of its households so far.
    #[must_use]
    pub fn of(force: &'a Force) -> Self {
        let plan = force.plan();
        Self {
            force,
            seed: plan.seed,
            households: force.households().max(1),
            officers: (plan.nominals / NOMINALS_AN_OFFICER).max(LEAST_OFFICERS),
            hour: 0,
            waiting: Vec::new().into_iter(),
            later: Vec::new(),
        }
    }

    /// How many officers read.
    #[must_use]
    pub fn officers(&self) -> u64 {
        self.officers
    }

    /// An officer.
    #[must_use]
    pub fn officer(&self, number: u64) -> Officer {
        Officer::of(self.force, self.seed, number, self.households)
    }

    fn fill(&mut self) {
        let mut acts = Vec::new();
        for number in 0..self.officers {
            let mut random = Random::numbered(self.seed, "reads", &[number, self.hour]);
            let officer = self.officer(number);
            if self.hour >= DAYS * 24 || !officer.is_on_duty(self.hour) {
                continue;
            }
            let tasks = random.below(3);
            for task in 0..tasks {
                self.work(&officer, task, &mut random, &mut acts);
            }
            if random.happens(officer.browses_in_a_thousand) {
                self.browse(&officer, &mut random, &mut acts);
            }
        }
        self.hour += 1;
        acts.append(&mut self.later);
        let end = FIRST_MOMENT + self.hour as i64 * HOUR;
        let (mut now, later) = acts.into_iter().partition::<Vec<_>, _>(|act| act.at < end);
        now.sort_by_key(|act| (act.at, act.officer));
        (self.waiting, self.later) = (now.into_iter(), later);
    }

    fn moment(&self, random: &mut Random) -> i64 {
        FIRST_MOMENT + self.hour as i64 * HOUR + random.between(0, 50) * MINUTE
    }

    /// A person is looked for and opened, with what is linked to their household's first people.
    fn work(&self, officer: &Officer, task: u64, random: &mut Random, acts: &mut Vec<Act>) {
        let household = self.met(random);
        let Some(home) = self.force.home(household) else { return };
        let has_task = !random.happens(30);
        let context = Context {
            officer: officer.number,
            purpose: random.pick(PURPOSES).copied().unwrap_or("response"),
            task: has_task.then(|| format!("LX-{:03}-{:05}", self.hour / 24, officer.number * 3 + task)),
            pattern: if has_task { Pattern::Ordinary } else { Pattern::WithoutTask },
        };
        let at = self.moment(random);
        acts.push(context.act(at, Deed::Search(query(&home, 0, random))));
        let opened = 1 + random.ranked(home.people.len() as u64);
        for member in 0..opened {
            let later = at + (member as i64 + 1) * random.between(15, 90) * 1_000_000;
            acts.push(context.act(later, Deed::Open(record_id(self.seed, household, member))));
        }
    }

    /// Few households are met again and again: the first ones of each neighbourhood.
    fn met(&self, random: &mut Random) -> u64 {
        let neighbourhood = random.below(self.households.div_ceil(NEIGHBOURHOOD));
        let first = neighbourhood * NEIGHBOURHOOD;
        first + random.ranked(NEIGHBOURHOOD.min(self.households - first))
    }

    fn browse(&self, officer: &Officer, random: &mut Random, acts: &mut Vec<Act>) {
        let at = self.moment(random);
        let pattern = random.weighted(BROWSING).copied().unwrap_or(Pattern::Burst);
        let is_named = random.happens(300);
        let context = Context {
            officer: officer.number,
            purpose: "intelligence check",
            // Who browses sometimes writes a task down that has nothing to do with it.
            task: is_named.then(|| format!("LX-{:03}-{:05}", self.hour / 24, officer.number * 3)),
            pattern,
        };
        match pattern {
            Pattern::OwnName => acts.push(context.act(at, Deed::Search(officer.name()))),
            Pattern::Colleague => {
                let other = self.officer(random.below(self.officers));
                acts.push(context.act(at, Deed::Search(other.name())));
            }
            Pattern::Family => self.look_at(&context, at, &[officer.household], random, acts),
            Pattern::Neighbour => {
                let near: Vec<u64> = (1..4).filter_map(|step| officer.household.checked_sub(step)).collect();
                self.look_at(&context, at, &near, random, acts);
            }
            Pattern::InTheNews => self.look_at(&context, at, &[self.in_the_news()], random, acts),
            _ => {
                let many: Vec<u64> = (0..random.between(12, 40)).map(|_| self.met(random)).collect();
                for (step, household) in many.into_iter().enumerate() {
                    let later = at + step as i64 * 7_000_000;
                    acts.push(context.act(later, Deed::Open(record_id(self.seed, household, 0))));
                }
            }
        }
    }

    /// The household of the day's news.
    fn in_the_news(&self) -> u64 {
        Random::numbered(self.seed, "news", &[self.hour / 24]).below(self.households)
    }

    fn look_at(
        &self,
        context: &Context,
        at: i64,
        households: &[u64],
        random: &mut Random,
        acts: &mut Vec<Act>,
    ) {
        for (step, household) in households.iter().enumerate() {
            let Some(home) = self.force.home(*household) else { continue };
            let later = at + step as i64 * MINUTE;
            acts.push(context.act(later, Deed::Search(query(&home, 0, random))));
            let opened = Deed::Open(record_id(self.seed, *household, 0));
            acts.push(context.act(later + 20_000_000, opened));
        }
    }
}

impl Iterator for Reads<'_> {
    type Item = Act;

    fn next(&mut self) -> Option<Act> {
        loop {
            if let Some(act) = self.waiting.next() {
                return Some(act);
            }
            // One hour more than there are, for what reaches into it.
            if self.hour > DAYS * 24 {
                return None;
            }
            self.fill();
        }
    }
}

/// What the acts of one errand share.
struct Context {
    officer: u64,
    purpose: &'static str,
    task: Option<String>,
    pattern: Pattern,
}

impl Context {
    fn act(&self, at: i64, deed: Deed) -> Act {
        let Self { officer, purpose, pattern, .. } = *self;
        Act { at, officer, deed, purpose, task: self.task.clone(), pattern }
    }
}

const PURPOSES: &[&str] = &[
    "response",
    "investigation",
    "custody",
    "intelligence check",
    "safeguarding",
    "traffic",
    "missing person",
];
const BROWSING: &[(u32, Pattern)] = &[
    (3, Pattern::Burst),
    (2, Pattern::OwnName),
    (2, Pattern::Family),
    (3, Pattern::Neighbour),
    (2, Pattern::Colleague),
    (4, Pattern::InTheNews),
];

/// What an officer types to find a person: mostly name and year of birth, sometimes only part of it.
fn query(home: &Home, member: usize, random: &mut Random) -> String {
    let Some(person) = home.people.get(member) else { return String::new() };
    let first = person.name.forenames.split(' ').next().unwrap_or_default();
    let surname = &person.name.surname;
    let text = match random.below(10) {
        0..5 => format!("{first} {surname} {}", person.born.year()),
        5..8 => format!("{first} {surname}"),
        _ => format!("{surname} {}", home.street.name),
    };
    text.trim().to_owned()
}

#[cfg(test)]
mod tests;
