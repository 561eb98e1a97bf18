//! `diff`: what a change of policy does, for whoever reviews it.

use std::fs;
use std::io;
use std::path::Path;

use super::args::{DiffArgs, DiffFormat, GateName};
use super::output::Terminal;
use super::sides::{How, Loaded};
use super::timings::watched;
use super::{End, Ended, Failure, build, findings, load, policy};
use crate::check::{CHECKS, bwt06};
use crate::diagnostic::{Severities, Severity, github, gitlab, sarif};
use crate::diff::allow::AllowList;
use crate::diff::change::Diff;
use crate::diff::gate::{Gate, Verdict};
use crate::diff::render::{self, View, human, json, markdown};
use crate::diff::{Side, transition};
use crate::model::LintLevel;
use crate::source::SourceMap;
use crate::text::count;
use crate::timings::Stages;

/// Compares two policies. Exit code 1 when a gate stops a change or a finding is an error, 2 when rights cannot be compared.
pub(super) fn run(args: &DiffArgs, terminal: &Terminal) -> Ended {
    let stages = Stages::default();
    let (old, new) = watched(&stages, || stages.run("read both sides", || sides(args)))?;
    let mut list = allow_list(args)?;
    let options = crate::diff::Options { at: args.at, requested_by: args.requested_by.clone(), many: args.many };
    let compare = || stages.run("compare", || crate::diff::diff(&old.side(), &new.side(), &options));
    let mut diff = watched(&stages, compare).map_err(|why| Failure::new(why.to_string()).help(why.help()))?;
    settled(&mut diff, &old, args);
    if args.write_allow_list {
        list = write_list(args, &list, &diff, terminal)?;
    }
    raise_privileged(&mut diff, args, &new.side(), &list);
    let verdict = Verdict::of(&diff, &gates(args), &list);
    let view = View { old: &old.name, new: &new.name, diff: &diff, verdict: &verdict };
    print(args, &view, &new, terminal)?;
    if diff.incomparable.is_some() {
        [&old, &new].into_iter().for_each(|side| tell_errors(side, terminal));
        return Ok(End::CouldNot);
    }
    Ok(if verdict.fails() { End::Findings } else { End::Well })
}

/// Reads both sides. What only `check` finds wrong with a policy does not keep it from being compared: a change may be what mends it.
fn sides(args: &DiffArgs) -> Result<(Loaded, Loaded), Failure> {
    let levels = CHECKS.iter().map(|check| (check.code.0.to_owned(), LintLevel::Off)).collect();
    let severities = Severities { levels, strict: false };
    let options = crate::Options { at: args.at, severities, revision: 0 };
    let how = How { options, or_empty: Some(args.or_empty) };
    match (&args.git, args.sides.as_slice()) {
        (None, [old, new]) => Ok((Loaded::named(old, &how)?, Loaded::named(new, &how)?)),
        (Some(revision), [] | [_]) => {
            let path = args.sides.first().map_or(Path::new("."), Path::new);
            Ok((Loaded::in_revision(revision, path, &how)?, Loaded::on_disk(path, &how)?))
        }
        (None, _) => Err(Failure::new("two policies are compared, an old one and a new one")
            .help("name both, such as `main:policies policies`, or one and a revision: `--git main policies`")),
        (Some(revision), _) => Err(Failure::new(format!("with `--git {revision}` one path is compared, not two"))
            .help("the path is compared with what it was in the revision")),
    }
}

fn gates(args: &DiffArgs) -> Vec<Gate> {
    let gate = |name: &GateName| match name {
        GateName::Widened => Gate::Widened,
        GateName::Escalation => Gate::Escalation,
        GateName::Privileged => Gate::Privileged,
        GateName::Any => Gate::Any,
        GateName::Error => Gate::Error,
    };
    let mut gates: Vec<Gate> = args.fail_on.iter().map(gate).collect();
    gates.sort_unstable();
    gates.dedup();
    gates
}

/// The findings with the severities that the old policy and the command line want.
fn settled(diff: &mut Diff, old: &Loaded, args: &DiffArgs) {
    let severities = Severities { levels: args.lints.clone(), strict: args.strict };
    diff.findings = transition::settled(std::mem::take(&mut diff.findings), &severities, &old.side());
}

/// Under `--fail-on privileged` new privileged actions are errors, but where the allow-list expects the change, or a `--lint` says how
/// grave they are.
fn raise_privileged(diff: &mut Diff, args: &DiffArgs, new: &Side<'_>, list: &AllowList) {
    let said = args.lints.iter().any(|(code, _)| code == bwt06::CODE.0);
    let Some(policy) = new.policy.filter(|_| args.fail_on.contains(&GateName::Privileged) && !said) else { return };
    let judged = Verdict::of(diff, &[], list).changes;
    let expected = diff.changes.iter().zip(judged).filter(|(_, judged)| judged.expected).map(|(c, _)| c.clone());
    let expected: Vec<_> = expected.collect();
    let agreed = bwt06::findings(&expected, &diff.edits, &policy);
    for finding in diff.findings.iter_mut().filter(|finding| finding.code == bwt06::CODE) {
        if !agreed.iter().any(|known| known.message == finding.message && known.labels == finding.labels) {
            finding.severity = Severity::Error;
        }
    }
}

/// The list of expected changes; an empty one where none is named, or where it is going to be written.
fn allow_list(args: &DiffArgs) -> Result<AllowList, Failure> {
    let Some(path) = &args.allow_list else { return Ok(AllowList::default()) };
    let text = match fs::read(path) {
        Ok(bytes) => load::decoded(bytes)
            .map_err(|(why, help)| Failure::new(format!("`{}` {why}", load::shown(path))).help(help))?,
        Err(error) if error.kind() == io::ErrorKind::NotFound && args.write_allow_list => String::new(),
        Err(error) => return Err(load::cannot_read(path, &error)),
    };
    AllowList::read(&text).map_err(|bad| {
        Failure::new(format!("cannot use `{}`: line {}: {}", load::shown(path), bad.line, bad.why))
            .help("a line is a fingerprint and a statement, as `--write-allow-list` writes them")
    })
}

/// Writes the list anew with all changes, and returns it.
fn write_list(args: &DiffArgs, list: &AllowList, diff: &Diff, terminal: &Terminal) -> Result<AllowList, Failure> {
    let Some(path) = args.allow_list.as_deref().filter(|_| diff.incomparable.is_none()) else {
        return Ok(list.clone());
    };
    let text = list.with(diff);
    build::write(path, text.as_bytes())?;
    let written = AllowList::read(&text)
        .map_err(|bad| Failure::new(format!("the list that was written cannot be read back: {}", bad.why)))?;
    let entries = count(written.entries().count(), "expected change", "expected changes");
    terminal.note(&format!("wrote {}: {entries}\n", load::shown(path)));
    Ok(written)
}

fn print(args: &DiffArgs, view: &View<'_>, new: &Loaded, terminal: &Terminal) -> Result<(), Failure> {
    // A table's findings are filed under the table itself.
    let alone = SourceMap::single(&new.name, "");
    let sources = new.policy().map_or(&alone, |(sources, _)| sources);
    let of_changes = || render::findings::of(view, sources);
    let text = match args.format {
        DiffFormat::Human => return terminal.print(&for_people(args, view, sources, terminal)),
        DiffFormat::Markdown => markdown::render(view),
        DiffFormat::Json => findings::to_json(&json::report(view, sources))?,
        DiffFormat::Sarif => findings::to_json(&sarif::log(&of_changes(), sources))?,
        DiffFormat::Github => github::render(&of_changes(), sources),
        DiffFormat::Gitlab => findings::to_json(&gitlab::issues(&of_changes(), sources))?,
    };
    terminal.print_exactly(&text)
}

fn for_people(args: &DiffArgs, view: &View<'_>, sources: &SourceMap, terminal: &Terminal) -> String {
    let style = terminal.style();
    let mut text = human::summary(view, style);
    if !args.summary {
        text += &human::render(view, style);
        if !view.diff.findings.is_empty() {
            text += "\n";
            text += &policy::drawn(&view.diff.findings, sources, terminal);
        }
    }
    text + &human::judgement(view, style)
}

/// Says on standard error what keeps a side from being compared.
fn tell_errors(side: &Loaded, terminal: &Terminal) {
    if let Some((sources, outcome)) = side.policy().filter(|(_, outcome)| outcome.compiled.is_none()) {
        terminal.note(&format!("\nin `{}`:\n", side.name));
        policy::refuse(outcome, sources, terminal);
    }
}
