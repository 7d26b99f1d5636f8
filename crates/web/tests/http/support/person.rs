//! A person at the pages, whose every act is counted. They see what a page shows without scripts, follow its
//! links, fill in its controls and press its buttons; what is not there they cannot use.

use super::Answer;
use super::browser::Browser;
use axum::http::StatusCode;
use scraper::{ElementRef, Html, Selector};
use std::collections::{BTreeMap, BTreeSet};

/// What a person did, as the operators of the keystroke-level model.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cost {
    /// Presses of the mouse's button.
    pub clicks: u32,
    /// Controls that were answered.
    pub fields: u32,
    /// Keys that were pressed.
    pub keystrokes: u32,
    /// Pages that were waited for.
    pub waits: u32,
    /// Movements of the pointer to something.
    pub pointings: u32,
    /// Movements of the hand between keyboard and mouse.
    pub homings: u32,
    /// Thoughts before an act.
    pub thoughts: u32,
}

/// Where the right hand is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hand {
    Keyboard,
    Mouse,
}

/// Somebody at a page.
pub struct Person<'a> {
    browser: Browser<'a>,
    page: Answer,
    /// What was answered on this page, by the name of the control.
    answers: BTreeMap<String, BTreeSet<String>>,
    /// Parts of this page that were folded away and are open now.
    opened: BTreeSet<String>,
    /// The control that was typed into last, by its place among the controls of this page.
    typed_into: Option<usize>,
    hand: Hand,
    cost: Cost,
    /// What they did, in words.
    pub steps: Vec<String>,
}

fn select(selector: &str) -> Selector {
    Selector::parse(selector).unwrap()
}

fn words_of(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn attribute(element: ElementRef<'_>, name: &str) -> String {
    element.attr(name).unwrap_or_default().to_owned()
}

fn around<'a>(element: ElementRef<'a>, name: &str) -> Option<ElementRef<'a>> {
    element.ancestors().filter_map(ElementRef::wrap).find(|outer| outer.value().name() == name)
}

/// What people read at a control: its label, or the legend around it.
fn label_of(page: &Html, control: ElementRef<'_>) -> String {
    let id = attribute(control, "id");
    let own = page.select(&select("label")).find(|label| attribute(*label, "for") == id).map(words_of);
    let legend =
        around(control, "fieldset").and_then(|set| set.select(&select("legend")).next()).map(words_of);
    match attribute(control, "type").as_str() {
        "radio" | "checkbox" => format!("{}: {}", legend.unwrap_or_default(), own.unwrap_or_default()),
        _ => own.or(legend).unwrap_or_default(),
    }
}

const CONTROLS: &str = "input:not([type=hidden]), select, textarea";
/// Controls that are reached by the tabulator key; from further away the mouse is quicker.
const NEAR: usize = 3;

impl<'a> Person<'a> {
    /// Somebody with a page before them and their hands on the keyboard.
    pub async fn at(mut browser: Browser<'a>, path: &str) -> Self {
        let page = browser.opens(path).await.good();
        Self {
            browser,
            page,
            answers: BTreeMap::new(),
            opened: BTreeSet::new(),
            typed_into: None,
            hand: Hand::Keyboard,
            cost: Cost::default(),
            steps: Vec::new(),
        }
    }

    pub fn cost(&self) -> Cost {
        self.cost
    }

    /// The page before them.
    pub fn page(&self) -> &Answer {
        &self.page
    }

    /// Follows the link that reads so.
    pub async fn follows(&mut self, words: &str) {
        self.follows_one(|link| words_of(link) == words, words).await;
    }

    /// Follows the first link that leads where an address begins so.
    pub async fn follows_to(&mut self, begin: &str) {
        self.follows_one(|link| attribute(link, "href").starts_with(begin), begin).await;
    }

    async fn follows_one(&mut self, is_meant: impl Fn(ElementRef<'_>) -> bool, said: &str) {
        let (words, path) = {
            let page = Html::parse_document(&self.page.text);
            let links: Vec<ElementRef<'_>> =
                page.select(&select("a[href]")).filter(|link| is_meant(*link)).collect();
            let Some(link) = links.iter().find(|link| around(**link, "main").is_some()).or(links.first())
            else {
                let all: Vec<String> = page.select(&select("a[href]")).map(words_of).collect();
                panic!("no link is “{said}”; there are {all:?}");
            };
            (words_of(*link), attribute(*link, "href"))
        };
        self.cost.thoughts += 1;
        self.clicks();
        self.steps.push(format!("follow “{words}”"));
        self.goes(&path).await;
    }

    /// Types into a control, by its name; what stands in it is typed over.
    pub fn types(&mut self, name: &str, text: &str) {
        let page = Html::parse_document(&self.page.text);
        let (place, control) = self.control(&page, name, None);
        let is_typed = control.value().name() == "textarea"
            || !["radio", "checkbox"].contains(&attribute(control, "type").as_str());
        assert!(is_typed && control.value().name() != "select", "{name} is chosen, not typed");
        self.unfolds(control);
        self.cost.thoughts += 1;
        match self.typed_into.map(|before| place.checked_sub(before)) {
            Some(Some(steps @ 1..=NEAR)) if self.hand == Hand::Keyboard => {
                self.cost.keystrokes += steps as u32
            }
            _ => {
                self.clicks();
                self.moves(Hand::Keyboard);
            }
        }
        let held = match control.value().name() {
            "textarea" => words_of(control),
            _ => attribute(control, "value"),
        };
        // All of it is marked with two keys held together, and typed over.
        self.cost.keystrokes += if held.is_empty() { 0 } else { 2 };
        self.cost.keystrokes += text.chars().count() as u32;
        self.steps.push(format!(
            "type {} into “{}”",
            counted(text.chars().count(), "character"),
            label_of(&page, control)
        ));
        self.answered(name, text);
        self.typed_into = Some(place);
    }

    /// Chooses an answer, by the name of the control and its value.
    pub fn chooses(&mut self, name: &str, value: &str) {
        let page = Html::parse_document(&self.page.text);
        let (_, control) = self.control(&page, name, Some(value));
        self.unfolds(control);
        self.cost.thoughts += 1;
        self.clicks();
        let label = label_of(&page, control);
        if control.value().name() == "select" {
            let options = select("option");
            let option = control.select(&options).find(|option| attribute(*option, "value") == value);
            let option = option.unwrap_or_else(|| panic!("{name} has no answer {value}"));
            self.clicks();
            self.steps.push(format!("choose “{}” of “{label}”", words_of(option)));
        } else {
            self.steps.push(format!("choose “{label}”"));
        }
        self.answered(name, value);
        self.typed_into = None;
    }

    /// Presses the button that reads so.
    pub async fn presses(&mut self, words: &str) {
        let sent = {
            let page = Html::parse_document(&self.page.text);
            let button = page
                .select(&select("button"))
                .find(|button| words_of(*button) == words && attribute(*button, "aria-hidden") != "true");
            let Some(button) = button else {
                let all: Vec<String> = page.select(&select("button")).map(words_of).collect();
                panic!("no button reads “{words}”; there are {all:?}");
            };
            self.sent_by(button)
        };
        self.cost.thoughts += 1;
        self.clicks();
        self.steps.push(format!("press “{words}”"));
        self.sends(sent).await;
    }

    /// Presses Enter in the control that was typed into last.
    pub async fn enters(&mut self) {
        let sent = {
            let page = Html::parse_document(&self.page.text);
            let place = self.typed_into.unwrap();
            let control = page.select(&select(CONTROLS)).nth(place).unwrap();
            assert_eq!(control.value().name(), "input", "Enter in a text area is a new line");
            let form = around(control, "form").unwrap();
            self.sent_by(form.select(&select("button:not([type=button])")).next().unwrap())
        };
        self.cost.keystrokes += 1;
        self.steps.push("press Enter".to_owned());
        self.sends(sent).await;
    }

    /// Types a command at a terminal, as the page gives it.
    pub fn commands(&mut self, command: &str) {
        assert!(
            Html::parse_document(&self.page.text).root_element().text().collect::<String>().contains(command)
        );
        self.cost.thoughts += 1;
        self.moves(Hand::Keyboard);
        self.cost.keystrokes += command.chars().count() as u32 + 1;
        self.steps.push(format!(
            "type the command that the page gives, {}",
            counted(command.chars().count(), "character")
        ));
    }

    /// Looks at the page again until something that takes its time is done; nobody does anything meanwhile.
    pub async fn waits_while(&mut self, words: &str) {
        let path = self.browser.at.clone();
        for _ in 0..400 {
            if !self.page.text.contains(words) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
            self.page = self.browser.opens(&path).await.good();
        }
        panic!("{path} still says “{words}”");
    }

    fn control<'p>(&self, page: &'p Html, name: &str, value: Option<&str>) -> (usize, ElementRef<'p>) {
        let selector = select(CONTROLS);
        let is_meant = |control: &ElementRef<'_>| {
            let is_one_of = ["radio", "checkbox"].contains(&attribute(*control, "type").as_str());
            let named = attribute(*control, "name");
            // A checkbox among rows has the row in its name: it is known by what it is of, and its value.
            let is_named = named == name || (is_one_of && value.is_some() && row_free(&named) == name);
            is_named && (!is_one_of || value.is_none_or(|value| attribute(*control, "value") == value))
        };
        page.select(&selector).enumerate().find(|(_, control)| is_meant(control)).unwrap_or_else(|| {
            let all: Vec<String> = page.select(&selector).map(|control| attribute(control, "name")).collect();
            panic!("no control {name} ({value:?}); there are {all:?}")
        })
    }

    fn answered(&mut self, name: &str, value: &str) {
        let page = Html::parse_document(&self.page.text);
        let (_, control) = self.control(&page, name, Some(value));
        let named = attribute(control, "name");
        let is_any_of = attribute(control, "type") == "checkbox";
        let answers = self.answers.entry(named).or_default();
        if !is_any_of {
            answers.clear();
        }
        answers.insert(value.to_owned());
        self.cost.fields += 1;
    }

    /// Opens what is folded away around a control, from the outside in.
    fn unfolds(&mut self, control: ElementRef<'_>) {
        let folded = control
            .ancestors()
            .filter_map(ElementRef::wrap)
            .filter(|outer| outer.value().name() == "details" && outer.attr("open").is_none());
        let summaries: Vec<String> =
            folded.filter_map(|details| details.select(&select("summary")).next()).map(words_of).collect();
        for summary in summaries.into_iter().rev() {
            if self.opened.insert(summary.clone()) {
                self.cost.thoughts += 1;
                self.clicks();
                self.steps.push(format!("open “{summary}”"));
            }
        }
    }

    fn moves(&mut self, to: Hand) {
        self.cost.homings += u32::from(self.hand != to);
        self.hand = to;
    }

    fn clicks(&mut self) {
        self.moves(Hand::Mouse);
        self.cost.pointings += 1;
        self.cost.clicks += 1;
    }

    /// Where a button sends its form, and with what.
    fn sent_by(&self, button: ElementRef<'_>) -> (bool, String, Vec<(String, String)>) {
        let form = around(button, "form").unwrap();
        let mut texts: Vec<(String, String)> = Vec::new();
        for control in form.select(&select("input, select, textarea")) {
            texts.extend(self.value_of(control).map(|value| (attribute(control, "name"), value)));
        }
        if button.attr("name").is_some() {
            texts.push((attribute(button, "name"), attribute(button, "value")));
        }
        let action = button.attr("formaction").or(form.attr("action")).unwrap_or(&self.browser.at).to_owned();
        (attribute(form, "method") == "post", action, texts)
    }

    /// What a browser sends of a control: what was answered, or else what stands in it.
    fn value_of(&self, control: ElementRef<'_>) -> Option<String> {
        let (name, value) = (attribute(control, "name"), attribute(control, "value"));
        let answered = self.answers.get(&name);
        let first = || answered.and_then(|answers| answers.first().cloned());
        if name.is_empty() || control.attr("disabled").is_some() {
            return None;
        }
        match (control.value().name(), attribute(control, "type").as_str()) {
            (_, "radio") => {
                let is_on =
                    answered.map_or(control.attr("checked").is_some(), |answers| answers.contains(&value));
                is_on.then_some(value)
            }
            (_, "checkbox") => {
                let is_on =
                    control.attr("checked").is_some() || answered.is_some_and(|held| held.contains(&value));
                is_on.then_some(value)
            }
            (_, "file") => None,
            ("textarea", _) => Some(first().unwrap_or_else(|| control.text().collect())),
            ("select", _) => Some(first().unwrap_or_else(|| {
                let options: Vec<ElementRef<'_>> = control.select(&select("option")).collect();
                let chosen = options.iter().find(|option| option.attr("selected").is_some());
                chosen.or(options.first()).map(|option| attribute(*option, "value")).unwrap_or_default()
            })),
            _ => Some(first().unwrap_or(value)),
        }
    }

    async fn sends(&mut self, (is_post, action, texts): (bool, String, Vec<(String, String)>)) {
        assert!(is_post, "no form of these pages says in an address what was typed");
        let answer = self.browser.posts(&action, &texts).await;
        if answer.status == StatusCode::SEE_OTHER {
            let next = answer.header("location").to_owned();
            self.goes(&next).await;
        } else {
            self.turns(answer);
        }
    }

    async fn goes(&mut self, path: &str) {
        let answer = self.browser.opens(path).await;
        self.turns(answer);
    }

    fn turns(&mut self, page: Answer) {
        self.cost.waits += 1;
        self.page = page;
        self.answers.clear();
        self.opened.clear();
        self.typed_into = None;
    }
}

/// `reasons[3].reason` as `reasons.reason`.
fn row_free(name: &str) -> String {
    let mut free = String::new();
    let mut is_in = false;
    for letter in name.chars() {
        is_in = (is_in || letter == '[') && letter != ']';
        if !is_in && letter != ']' {
            free.push(letter);
        }
    }
    free
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
