//! Applying fixes: on a copy, in rounds, each one only where the policy is no worse for it.
//!
//! A round takes the fixes that do not touch one another and looks for as many of them as can be applied together, by halves: those of a
//! whole set that passes are applied at once. What is applied may make room for more, so rounds follow until one applies nothing.

use crate::diagnostic::{Edit, Finding, Fix, Safety, Severities, Severity, apart};
use crate::fix::change::{Change, between};
use crate::fix::same::same_rights;
use crate::model::LintLevel;
use crate::source::{SourceMap, Span};
use crate::{Compiled, Options, Outcome, check, compile, dates};

/// How many rounds there may be. Each applies something, mostly all that there is.
const MOST_ROUNDS: usize = 32;
/// Of how many fixes that are not applied the change of rights is looked for.
const MOST_COMPARED: usize = 50;

/// What came of applying fixes.
#[derive(Debug)]
pub struct Fixed {
    /// The sources, with the edits of all fixes that were applied.
    pub sources: SourceMap,
    /// What there is to say of them, with the safety of each fix that is left.
    pub outcome: Outcome,
    /// The fixes that were applied.
    pub applied: Vec<Applied>,
    /// Those that were not.
    pub left: Vec<Left>,
}

/// A fix that was applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// `path:line:column`, when it was applied.
    pub place: String,
    /// What it did.
    pub title: String,
    /// How it changed the rights; none where they were shown to be the same.
    pub change: Option<Change>,
}

/// A fix that was not applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// `path:line:column`.
    pub place: String,
    /// What it would do.
    pub title: String,
    /// Why it was not applied.
    pub why: Why,
}

/// Why a fix was not applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The rights would change, or were not shown to stay.
    Rights(Change),
    /// The policy would have this error, which it has not now.
    NewError(String),
    /// It touches what another fix changes or an error speaks of, or there are many before it: it was not tried.
    NotTried,
}

/// Applies the fixes that leave the rights as they are; with `all`, then the others too.
#[must_use]
pub fn apply(sources: &SourceMap, options: &Options, all: bool) -> Fixed {
    let mut state = State::new(sources.clone(), options);
    let mut applied = vec![];
    for _ in 0..MOST_ROUNDS {
        let fixes = state.fixes();
        // Without a table nothing can be shown to stay as it is.
        let comparable = if state.compiled.is_some() { fixes.as_slice() } else { &[] };
        let safe = state.most_of(comparable, &State::is_safe, options);
        let (chosen, safety) = match safe.is_empty() && all {
            true => (state.most_of(&fixes, &|_, _| true, options), Safety::Unsafe),
            false => (safe, Safety::Safe),
        };
        let Some(next) = state.with(&chosen, options).filter(|_| !chosen.is_empty()) else { break };
        let mut chosen = chosen;
        chosen.sort_by_key(|fix| fix.edits.first().map(|edit| edit.span));
        for fix in &chosen {
            let change = match (safety, &state.compiled) {
                (Safety::Safe, _) => None,
                (Safety::Unsafe, None) => Some(Change::NoneBefore),
                (Safety::Unsafe, Some(_)) => state.with(&[*fix], options).map(|next| state.change(&next)),
            };
            applied.push(Applied { place: state.place(fix), title: fix.title.clone(), change });
        }
        state = next;
    }
    let left = state.left(options);
    let State { sources, mut outcome, .. } = state;
    for (fix, left) in outcome.findings.iter_mut().filter_map(|f| f.fix.as_mut()).zip(&left) {
        fix.safety = (left.why != Why::NotTried).then_some(Safety::Unsafe);
    }
    Fixed { sources, outcome, applied, left }
}

/// A text with edits, which are in the order of their places; none where one does not fit.
fn edited(text: &str, edits: &[Edit]) -> Option<String> {
    let mut new = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let range = edit.span.range();
        new.push_str(text.get(at..range.start)?);
        new.push_str(&edit.text);
        at = range.end;
    }
    new.push_str(text.get(at..)?);
    Some(new)
}

/// Whether two places have bytes in common.
fn touch(a: Span, b: Span) -> bool {
    a.source == b.source && a.start < b.end && b.start < a.end
}

/// A version of the policy.
struct State {
    sources: SourceMap,
    outcome: Outcome,
    /// The policy's rights, whatever the checks find; none where there is no table.
    compiled: Option<Compiled>,
    at: i32,
}

impl State {
    fn new(sources: SourceMap, options: &Options) -> Self {
        let outcome = compile(&sources, options);
        let at = options.at.unwrap_or_else(dates::today);
        let fatal = outcome.findings.iter().any(|f| f.fatal);
        let mut state = Self { sources, outcome, compiled: None, at };
        if !fatal {
            // What a check calls an error does not keep a table from being compared.
            let note = |c: &check::Check| (c.code.to_string(), LintLevel::At(Severity::Note));
            let levels = check::CHECKS.iter().map(note).collect();
            let lenient = Options { severities: Severities { levels, strict: false }, at: Some(at), ..options.clone() };
            state.compiled = compile(&state.sources, &lenient).compiled;
        }
        state
    }

    /// The fixes that touch neither one another nor what an error speaks of; those of errors first. What an error is about has to be
    /// mended, not taken away because it has no effect.
    fn fixes(&self) -> Vec<&Fix> {
        let mut findings: Vec<&Finding> = self.outcome.findings.iter().collect();
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        let errors = || findings.iter().filter(|f| f.severity == Severity::Error).filter_map(|f| f.span());
        let mut taken: Vec<Edit> = vec![];
        let mut fixes = vec![];
        for finding in &findings {
            let Some(fix) = finding.fix.as_deref() else { continue };
            let in_error = || errors().any(|place| fix.edits.iter().any(|edit| touch(edit.span, place)));
            let mut with: Vec<Edit> = taken.iter().chain(&fix.edits).cloned().collect();
            if (finding.severity == Severity::Error || !in_error()) && apart(&mut with) {
                taken = with;
                fixes.push(fix);
            }
        }
        fixes
    }

    /// As many of these fixes as can be applied together without a new error, where what comes out satisfies `wanted`.
    fn most_of<'f>(&self, fixes: &[&'f Fix], wanted: &dyn Fn(&Self, &Self) -> bool, options: &Options) -> Vec<&'f Fix> {
        let mut chosen: Vec<&Fix> = vec![];
        let mut open: Vec<&[&'f Fix]> = vec![fixes];
        while let Some(part) = open.pop() {
            let all: Vec<&Fix> = chosen.iter().chain(part).copied().collect();
            let next = if part.is_empty() { None } else { self.with(&all, options) };
            if next.is_some_and(|next| self.new_error(&next).is_none() && wanted(self, &next)) {
                chosen = all;
            } else if part.len() > 1 {
                let (first, second) = part.split_at(part.len() / 2);
                open.extend([second, first]);
            }
        }
        chosen
    }

    /// The version with these fixes; none where two of them touch.
    fn with(&self, fixes: &[&Fix], options: &Options) -> Option<Self> {
        let mut edits: Vec<Edit> = fixes.iter().flat_map(|fix| fix.edits.clone()).collect();
        if !apart(&mut edits) {
            return None;
        }
        let mut sources = self.sources.clone();
        for of_one in edits.chunk_by(|a, b| a.span.source == b.span.source) {
            let id = of_one.first()?.span.source;
            sources.replace(id, edited(&self.sources.get(id).text, of_one)?);
        }
        Some(Self::new(sources, options))
    }

    /// An error of the later version that this one does not have. Where no table could be built before, much was not looked at: then
    /// only what keeps one from being built now counts.
    fn new_error(&self, next: &Self) -> Option<String> {
        let blind = self.outcome.findings.iter().any(|f| f.fatal);
        let is_known =
            |f: &Finding| self.outcome.findings.iter().any(|old| old.code == f.code && old.message == f.message);
        let errors = next.outcome.findings.iter().filter(|f| f.fatal || (!blind && f.severity == Severity::Error));
        errors.filter(|f| !is_known(f)).map(|f| format!("{}: {}", f.code, f.message)).next()
    }

    fn is_safe(&self, next: &Self) -> bool {
        matches!((&self.compiled, &next.compiled), (Some(old), Some(new)) if same_rights(old, new, self.at))
    }

    fn change(&self, next: &Self) -> Change {
        match &next.compiled {
            Some(new) => between(self.compiled.as_ref(), new),
            None => Change::NoneBefore,
        }
    }

    /// What keeps each fix from being applied safely.
    fn left(&self, options: &Options) -> Vec<Left> {
        let tried = self.fixes();
        let all = self.outcome.findings.iter().filter_map(|f| f.fix.as_deref());
        let why = |index: usize, fix: &Fix| {
            if index >= MOST_COMPARED || !tried.iter().any(|other| std::ptr::eq(*other, fix)) {
                return Why::NotTried;
            }
            let Some(next) = self.with(&[fix], options) else { return Why::NotTried };
            match self.new_error(&next) {
                Some(error) => Why::NewError(error),
                None => Why::Rights(self.change(&next)),
            }
        };
        all.enumerate()
            .map(|(index, fix)| Left { place: self.place(fix), title: fix.title.clone(), why: why(index, fix) })
            .collect()
    }

    fn place(&self, fix: &Fix) -> String {
        fix.edits.first().map(|edit| self.sources.locate(edit.span).to_string()).unwrap_or_default()
    }
}
