//! A comparison for people at a terminal: the gravest first, with the lines on both sides beneath.

use super::View;
use crate::diagnostic::human::Style;
use crate::diff::change::{Beside, Change, Edit, Risk, Said};
use crate::diff::gate::Judged;
use crate::diff::words;
use crate::text::visible;

/// How far the text behind the gravity stands in.
const INDENT: usize = 10;
/// Edits, declarations and causes that are listed of one kind.
const LISTED: usize = 20;

/// The first lines: what is compared, and what comes of it.
#[must_use]
pub fn summary(view: &View<'_>, style: Style) -> String {
    let mut out = Text::new(style);
    out.line(0, "1", &format!("{} -> {}", view.old, view.new));
    out.line(0, "", &words::headline(view.diff));
    out.text
}

/// Everything but the findings, which are drawn at their places.
#[must_use]
pub fn render(view: &View<'_>, style: Style) -> String {
    let mut out = Text::new(style);
    let (changes, beside) = (words::gravest_first(view.diff), words::gravest_beside(view.diff));
    for risk in Risk::ALL {
        changes.iter().filter(|(_, it)| it.risk == risk).for_each(|(index, it)| of_right(&mut out, view, *index, it));
        beside.iter().filter(|(_, it)| it.risk == risk).for_each(|(index, it)| of_beside(&mut out, view, *index, it));
    }
    declared(&mut out, view);
    idle(&mut out, view);
    stale(&mut out, view);
    out.text
}

fn of_right(out: &mut Text, view: &View<'_>, index: usize, change: &Change) {
    out.blank();
    let reach = words::reach(change).map_or_else(String::new, |reach| format!(" ({reach})"));
    let sentence = words::sentence(change) + &reach;
    out.statement(change.risk, &sentence, view.verdict.changes.get(index));
    if !change.reason.is_empty() {
        out.line(INDENT, "2", &change.reason);
    }
    if !change.witness.is_empty() {
        out.line(INDENT, "2", &format!("for example {}", change.witness));
    }
    out.causes(view, &change.causes);
}

fn of_beside(out: &mut Text, view: &View<'_>, index: usize, beside: &Beside) {
    out.blank();
    let sentence = format!("{}: {}", beside.what.as_str(), beside.text);
    out.statement(beside.risk, &sentence, view.verdict.beside.get(index));
    out.causes(view, &beside.causes);
}

/// What comes of the gates; empty where there is nothing to say.
#[must_use]
pub fn judgement(view: &View<'_>, style: Style) -> String {
    let mut out = Text::new(style);
    if let Some(judgement) = view.judgement() {
        out.blank();
        out.line(0, if view.verdict.fails() { "1;31" } else { "32" }, &judgement);
    }
    out.text
}

fn declared(out: &mut Text, view: &View<'_>) {
    let list = &view.diff.declared;
    if !list.is_empty() {
        out.blank();
        out.line(0, "1", "declarations");
    }
    for declared in list.iter().take(LISTED) {
        let noun = declared.noun;
        match (&declared.before, &declared.after) {
            (Some(before), Some(after)) => out.line(2, "", &format!("{noun} `{before}` is now `{after}`")),
            (Some(before), None) => out.line(2, "31", &format!("- {noun} `{before}`")),
            (None, Some(after)) => out.line(2, "32", &format!("+ {noun} `{after}`")),
            (None, None) => {}
        }
    }
    out.more(list.len());
}

fn idle(out: &mut Text, view: &View<'_>) {
    let Some(summary) = words::idle_edits(view.diff) else { return };
    out.blank();
    out.line(0, "1", &summary);
    let idle: Vec<&Edit> = words::idle(view.diff).filter_map(|index| view.diff.edits.get(index)).collect();
    for edit in idle.iter().take(LISTED) {
        out.line(2, "2", &edit.within);
        out.edit(4, edit, |_, said| said.text.clone());
    }
    out.more(idle.len());
}

fn stale(out: &mut Text, view: &View<'_>) {
    let stale = &view.verdict.stale;
    if !stale.is_empty() {
        out.blank();
        out.line(0, "1", "entries of the allow-list that no change meets");
    }
    stale.iter().for_each(|entry| out.line(2, "", &entry.statement));
}

/// Lines, wrapped and coloured.
struct Text {
    text: String,
    style: Style,
}

impl Text {
    const fn new(style: Style) -> Self {
        Self { text: String::new(), style }
    }

    fn blank(&mut self) {
        self.text.push('\n');
    }

    fn statement(&mut self, risk: Risk, sentence: &str, judged: Option<&Judged>) {
        let colour = match risk {
            Risk::Critical => "1;31",
            Risk::High => "31",
            Risk::Medium => "33",
            Risk::Low => "2",
        };
        let sign = match judged {
            Some(judged) if judged.stopped => "stopped: ",
            Some(judged) if judged.expected => "expected: ",
            _ => "",
        };
        let head = format!("{:<INDENT$}", risk.as_str());
        let body = self.wrapped(INDENT, &format!("{sign}{sentence}"), "");
        self.text += &self.painted(colour, &head);
        self.text += body.get(INDENT..).unwrap_or_default();
    }

    /// The edits that something comes from, on both sides.
    fn causes(&mut self, view: &View<'_>, causes: &[usize]) {
        let edits: Vec<&Edit> = causes.iter().filter_map(|cause| view.diff.edits.get(*cause)).collect();
        edits.iter().take(LISTED).for_each(|edit| self.edit(INDENT, edit, words::stated));
        if edits.len() > LISTED {
            self.line(INDENT, "2", &format!("and {} more", edits.len() - LISTED));
        }
    }

    fn edit(&mut self, indent: usize, edit: &Edit, text: impl Fn(&Edit, &Said) -> String) {
        let line = |sign: &str, said: &Said| format!("{sign} {}  {}", words::place(said), text(edit, said));
        if let Some(said) = &edit.before {
            self.line(indent, "31", &line("-", said));
        }
        if let Some(said) = &edit.after {
            self.line(indent, "32", &line("+", said));
        }
    }

    fn more(&mut self, number: usize) {
        if number > LISTED {
            self.line(2, "2", &format!("and {} more", number - LISTED));
        }
    }

    fn line(&mut self, indent: usize, colour: &str, text: &str) {
        let text = self.wrapped(indent, text, colour);
        self.text += &text;
    }

    /// A text on as many lines as it needs, each with a break behind it; further ones stand two columns in.
    fn wrapped(&self, indent: usize, text: &str, colour: &str) -> String {
        let first = " ".repeat(indent);
        let next = " ".repeat(indent + 2);
        let text = visible(text);
        let width = self.style.width.clamp(40, 160);
        let options = textwrap::Options::new(width)
            .initial_indent(&first)
            .subsequent_indent(&next)
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation)
            .wrap_algorithm(textwrap::WrapAlgorithm::FirstFit);
        let lines = textwrap::wrap(&text, options);
        lines.iter().map(|line| self.painted(colour, line) + "\n").collect()
    }

    fn painted(&self, colour: &str, text: &str) -> String {
        if self.style.colour && !colour.is_empty() { format!("\x1b[{colour}m{text}\x1b[0m") } else { text.to_owned() }
    }
}
