//! A comparison as a comment on a pull request: what is grave first, the rest folded, never longer than a comment may be.
//!
//! The first line is a mark by which a program finds the comment again and replaces it. The same comparison gives the same text.

use super::View;
use super::escape::{code, prose};
use super::page::Page;
use crate::check::bwt06;
use crate::diagnostic::{Finding, Severity};
use crate::diff::change::{Change, Diff, Edit, Risk};
use crate::diff::gate::Judged;
use crate::diff::words;
use crate::text::count;

/// Bytes of a comment. A comment holds 65,536 characters, of which none is less than a byte.
const MOST: usize = 65_000;
/// So many lesser changes are not folded where there are no grave ones.
const UNFOLDED: usize = 5;
/// The edits shown under one statement.
const CAUSES: usize = 5;

/// The comment.
#[must_use]
pub fn render(view: &View<'_>) -> String {
    let mut page = Page::new(MOST);
    page.add(&format!("{}\n", mark(view.new)));
    page.add(&format!("### Policy change: {} → {}\n\n", code(view.old), code(view.new)));
    page.add(&format!("**{}**\n", prose(&words::headline(view.diff))));
    if let Some(judgement) = view.judgement() {
        let sign = if view.verdict.fails() { "❌" } else { "✅" };
        page.add(&format!("\n{sign} {}\n", prose(&judgement)));
    }
    findings(&mut page, view);
    let sorted = words::gravest_first(view.diff);
    let (grave, lesser): (Vec<_>, Vec<_>) = sorted.into_iter().partition(|(_, change)| change.risk >= Risk::High);
    let mut left = 0;
    let gravest = |risks: &mut dyn Iterator<Item = Risk>| risks.max();
    let of_rights = gravest(&mut grave.iter().map(|(_, change)| change.risk));
    let first = gravest(&mut view.diff.beside.iter().map(|it| it.risk)) > of_rights;
    if first {
        left += beside(&mut page, view);
    }
    if !grave.is_empty() {
        page.add("\n");
        left += changes(&mut page, view, &grave);
    }
    if !first {
        left += beside(&mut page, view);
    }
    if grave.is_empty() && !lesser.is_empty() && lesser.len() <= UNFOLDED {
        page.add("\n");
        left += changes(&mut page, view, &lesser);
    } else if !lesser.is_empty() {
        let what = if grave.is_empty() { "change" } else { "more change" };
        open(&mut page, &count(lesser.len(), what, &format!("{what}s")));
        left += changes(&mut page, view, &lesser);
        close(&mut page);
    }
    left += declared(&mut page, view.diff);
    left += idle(&mut page, view.diff);
    left += stale(&mut page, view);
    if left > 0 {
        let command = format!("bailiwick diff {} {}", quoted(view.old), quoted(view.new));
        page.add(&format!("\n_… and {} more: run {}_\n", grouped(left), code(&command)));
    }
    page.text()
}

/// The hidden line by which the comment is found again: one for each new side, so that several policies have a comment each.
#[must_use]
pub fn mark(new: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "._/:".contains(c) { c } else { '_' };
    format!("<!-- bailiwick-diff {} -->", new.chars().take(200).map(plain).collect::<String>())
}

fn findings(page: &mut Page, view: &View<'_>) {
    // New privileged actions are what the statements say, unless they are errors.
    let is_said = |f: &&Finding| f.code == bwt06::CODE && f.severity < Severity::Error;
    let judged = view.verdict.findings.iter().map(Option::as_ref).chain(std::iter::repeat(None));
    let mut sorted: Vec<_> = view.diff.findings.iter().zip(judged).filter(|(f, _)| !is_said(f)).collect();
    if sorted.is_empty() {
        return;
    }
    page.add("\n| | Finding |\n| --- | --- |\n");
    sorted.sort_by_key(|(finding, judged)| {
        (std::cmp::Reverse(finding.severity), !judged.is_some_and(|judged| judged.stopped))
    });
    let row = |(finding, judged): &(&Finding, Option<&Judged>)| {
        let mut text = prose(&finding.message);
        let help = finding.help.iter().map(|help| format!("help: {help}"));
        help.chain(finding.notes.iter().take(8).cloned()).for_each(|line| text += &format!("<br>{}", prose(&line)));
        let word = format!("{} {}", finding.severity.as_str(), finding.code);
        format!("| {} | {text} |\n", marked(word, *judged))
    };
    let left = page.rows(sorted.iter().map(row));
    if left > 0 {
        page.add(&format!("\n_… and {} more_\n", count(left, "finding", "findings")));
    }
}

/// A table of statements about rights; how many are left out.
fn changes(page: &mut Page, view: &View<'_>, list: &[(usize, &Change)]) -> usize {
    page.add("| Risk | Change | For example | From |\n| --- | --- | --- | --- |\n");
    page.rows(list.iter().map(|(index, change)| {
        let mut text = prose(&words::sentence(change));
        if let Some(reach) = words::reach(change) {
            text += &format!("<br>{}", prose(&reach));
        }
        if !change.reason.is_empty() {
            text += &format!("<br>_{}_", prose(&change.reason));
        }
        let risk = risk(change.risk, view.verdict.changes.get(*index));
        let witness = if change.witness.is_empty() { String::new() } else { code(&change.witness) };
        format!("| {risk} | {text} | {witness} | {} |\n", causes(view.diff, &change.causes))
    }))
}

/// What changes beside the rights; how much is left out.
fn beside(page: &mut Page, view: &View<'_>) -> usize {
    let list = words::gravest_beside(view.diff);
    if list.is_empty() {
        return 0;
    }
    page.add("\n| Risk | Beside the rights | From |\n| --- | --- | --- |\n");
    page.rows(list.iter().map(|(index, beside)| {
        let risk = risk(beside.risk, view.verdict.beside.get(*index));
        let text = prose(&beside.text);
        format!("| {risk} | {}: {text} | {} |\n", beside.what.as_str(), causes(view.diff, &beside.causes))
    }))
}

/// The gravity, with a sign where a gate stops the change or the allow-list has it.
fn risk(risk: Risk, judged: Option<&Judged>) -> String {
    let word = if risk >= Risk::High { format!("**{}**", risk.as_str()) } else { risk.as_str().to_owned() };
    marked(word, judged)
}

fn marked(word: String, judged: Option<&Judged>) -> String {
    match judged {
        Some(judged) if judged.stopped => format!("❌ {word}"),
        Some(judged) if judged.expected => format!("{word} (expected)"),
        _ => word,
    }
}

/// The lines that a statement comes from, in a cell.
fn causes(diff: &Diff, causes: &[usize]) -> String {
    let edits: Vec<&Edit> = causes.iter().filter_map(|cause| diff.edits.get(*cause)).collect();
    let mut parts: Vec<String> = edits.iter().take(CAUSES).flat_map(|edit| sides(edit, words::stated)).collect();
    if edits.len() > CAUSES {
        parts.push(format!("… {} more", edits.len() - CAUSES));
    }
    parts.join("<br>")
}

/// What an edit takes away and what it adds.
fn sides(edit: &Edit, text: impl Fn(&Edit, &crate::diff::change::Said) -> String) -> Vec<String> {
    let line = |sign: &str, said: &crate::diff::change::Said| {
        format!("{sign} {} {}", code(&words::place(said)), code(&text(edit, said)))
    };
    let before = edit.before.iter().map(|said| line("−", said));
    before.chain(edit.after.iter().map(|said| line("+", said))).collect()
}

/// What is declared anew or no longer; how much is left out.
fn declared(page: &mut Page, diff: &Diff) -> usize {
    if diff.declared.is_empty() {
        return 0;
    }
    open(page, &format!("{} new, gone or renamed", count(diff.declared.len(), "name", "names")));
    let left = page.rows(diff.declared.iter().map(|declared| {
        let (noun, before, after) = (declared.noun, &declared.before, &declared.after);
        match (before, after) {
            (Some(before), Some(after)) => format!("- {noun} {} is now {}\n", code(before), code(after)),
            (Some(before), None) => format!("- {noun} {} is gone\n", code(before)),
            (None, Some(after)) => format!("- {noun} {} is new\n", code(after)),
            (None, None) => String::new(),
        }
    }));
    close(page);
    left
}

/// The edits that change no right; how many are left out.
fn idle(page: &mut Page, diff: &Diff) -> usize {
    let Some(summary) = words::idle_edits(diff) else { return 0 };
    open(page, &summary);
    let idle: Vec<&Edit> = words::idle(diff).filter_map(|index| diff.edits.get(index)).collect();
    let left = page
        .rows(idle.iter().map(|edit| {
            format!("- {}: {}\n", code(&edit.within), sides(edit, |_, said| said.text.clone()).join("; "))
        }));
    close(page);
    left
}

/// Entries of the allow-list that nothing meets; how many are left out.
fn stale(page: &mut Page, view: &View<'_>) -> usize {
    let stale = &view.verdict.stale;
    if stale.is_empty() {
        return 0;
    }
    open(page, &format!("{} of the allow-list met by no change", count(stale.len(), "entry", "entries")));
    let left = page.rows(stale.iter().map(|entry| format!("- {}\n", code(&entry.statement))));
    close(page);
    left
}

fn open(page: &mut Page, summary: &str) {
    page.add(&format!("\n<details><summary>{summary}</summary>\n\n"));
}

fn close(page: &mut Page) {
    page.add("\n</details>\n");
}

/// A word of a command line, in quotes where a shell needs them.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._/:~@^-+,=".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// A number with its thousands apart: `1,204`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_words() {
        assert_eq!(grouped(1_204), "1,204");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000_000), "1,000,000");
        assert_eq!(quoted("main:policies/x"), "main:policies/x");
        assert_eq!(quoted("my policies"), "'my policies'");
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(mark("a --> b"), "<!-- bailiwick-diff a_____b -->");
    }
}
