//! What there is to do, and how far each has come.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::classes::{classes, given, or, when};
use crate::{Content, Tag};

/// How far a task has come.
#[derive(Debug, Clone)]
pub enum Status {
    /// In plain words: done, so that it does not draw the eye.
    Plain(Content),
    /// In a tag: something is still to be done.
    Tag(Tag),
    /// In grey words: it cannot be begun yet.
    CannotStart(Content),
}

impl Status {
    fn class(&self) -> &'static str {
        when(matches!(self, Status::CannotStart(_)), "govuk-task-list__status--cannot-start-yet")
    }
}

impl Render for Status {
    fn render(&self) -> Markup {
        match self {
            Status::Plain(content) | Status::CannotStart(content) => content.render(),
            Status::Tag(tag) => tag.render(),
        }
    }
}

/// One thing to do.
#[derive(Debug, Clone, Setters)]
#[setters(into)]
pub struct Task {
    #[setters(skip)]
    title: Content,
    #[setters(skip)]
    status: Status,
    /// Where it is done; where none is given it cannot be opened.
    href: String,
    /// Help with it.
    hint: Content,
    /// Further classes.
    classes: String,
    /// Further classes of the title.
    title_classes: String,
    /// Further classes of the status.
    status_classes: String,
}

impl Task {
    /// A task called `title`.
    pub fn new(title: impl Into<Content>, status: Status) -> Self {
        Self {
            title: title.into(),
            status,
            href: String::new(),
            hint: Content::Nothing,
            classes: String::new(),
            title_classes: String::new(),
            status_classes: String::new(),
        }
    }

    fn render(&self, prefix: &str, number: usize) -> Markup {
        let link = when(!self.href.is_empty(), "govuk-task-list__item--with-link");
        let hint_id = (!self.hint.is_nothing()).then(|| format!("{prefix}-{number}-hint"));
        let status_id = format!("{prefix}-{number}-status");
        let described_by = classes(&[hint_id.as_deref().unwrap_or_default(), &status_id]);
        let status_classes = ["govuk-task-list__status", self.status.class(), &self.status_classes];
        html! {
            li class=(classes(&["govuk-task-list__item", link, &self.classes])) {
                div class="govuk-task-list__name-and-hint" {
                    (self.title(&described_by))
                    @if let Some(id) = &hint_id {
                        div id=(id) class="govuk-task-list__hint" { (self.hint) }
                    }
                }
                div class=(classes(&status_classes)) id=(status_id) { (self.status) }
            }
        }
    }

    fn title(&self, described_by: &str) -> Markup {
        html! {
            @if self.href.is_empty() {
                div class=[given(&self.title_classes)] { (self.title) }
            } @else {
                a class=(classes(&["govuk-link govuk-task-list__link", &self.title_classes]))
                    href=(self.href)
                    aria-describedby=(described_by) { (self.title) }
            }
        }
    }
}

/// What there is to do, and how far each has come.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct TaskList {
    #[setters(skip)]
    tasks: Vec<Task>,
    /// What the ids begin with; “task-list” where nothing is given. A page with two lists needs two.
    id_prefix: String,
    /// Further classes.
    classes: String,
}

impl TaskList {
    /// The tasks, in order.
    pub fn new(tasks: impl IntoIterator<Item = Task>) -> Self {
        Self { tasks: tasks.into_iter().collect(), ..Self::default() }
    }
}

impl Render for TaskList {
    fn render(&self) -> Markup {
        let prefix = or(&self.id_prefix, "task-list");
        html! {
            ul class=(classes(&["govuk-task-list", &self.classes])) {
                @for (place, task) in self.tasks.iter().enumerate() { (task.render(prefix, place + 1)) }
            }
        }
    }
}
