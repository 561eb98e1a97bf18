//! Protections that are gone: prohibitions that the new policy does not cover, and assertions that it does not make.

use std::collections::{BTreeMap, BTreeSet};

use bailiwick_table::Kind;

use super::Found;
use crate::diagnostic::{Finding, Severity};
use crate::diff::Dependencies;
use crate::diff::change::{Beside, Edit, Risk, What};
use crate::diff::items::Matter;
use crate::diff::tables::compare::Comparison;
use crate::diff::tables::joint::{Joint, When};
use crate::diff::tables::protections::Lost;
use crate::text::quoted_list;

/// The prohibitions that are lost, one for each statement.
pub(super) fn lost(
    compared: &mut Comparison<'_>,
    causes: Option<&Dependencies<'_>>,
    edits: &[Edit],
    found: &mut Found,
) {
    let (lost, undecided) = compared.protections_lost();
    let mut by_statement: BTreeMap<String, Vec<Lost>> = BTreeMap::new();
    for one in lost {
        by_statement.entry(one.text.clone()).or_default().push(one);
    }
    for (text, lost) in by_statement {
        found.beside.push(told(compared, &text, &lost, causes, edits));
    }
    for action in undecided {
        let path = &compared.rights.view.joint.actions[action as usize].path;
        let message =
            format!("whether a protection from `{path}` is lost could not be decided: there are too many cases");
        found.undecided.push(Finding::new(crate::check::bw009::CODE, Severity::Note, message));
    }
}

fn told(
    compared: &Comparison<'_>,
    text: &str,
    lost: &[Lost],
    causes: Option<&Dependencies<'_>>,
    edits: &[Edit],
) -> Beside {
    let all = &compared.rights.view.joint.actions;
    let action = |one: &Lost| &all[one.action as usize];
    let paths: BTreeSet<&str> = lost.iter().map(|one| action(one).path.as_str()).collect();
    let kinds = lost.iter().map(|one| action(one).kind);
    let over_super = lost.iter().any(|one| one.over_super);
    // The gravest case is the one to show.
    let shown = lost.iter().find(|one| one.over_super).or(lost.first());
    let example = shown.map(|one| match (&one.who, one.witness.as_str()) {
        (None, "") => String::new(),
        (None, witness) => format!(", for example on `{witness}`"),
        (Some(login), "") => format!(", for example from `{login}`"),
        (Some(login), witness) => format!(", for example from `{login}` on `{witness}`"),
    });
    let on_super = if over_super { "; it protected a holder of the super role" } else { "" };
    let text_of = format!(
        "`{text}` no longer takes away {}{}{on_super}",
        quoted_list(paths.iter().copied(), "and"),
        example.unwrap_or_default()
    );
    Beside {
        what: What::Protection,
        text: text_of,
        risk: kinds.map(|kind| risk(kind, over_super)).max().unwrap_or(Risk::Medium),
        causes: causes_of(text, &paths, causes, edits),
    }
}

const fn risk(kind: Kind, over_super: bool) -> Risk {
    match kind {
        _ if over_super => Risk::Critical,
        Kind::Become => Risk::Critical,
        Kind::Destroy | Kind::Assign | Kind::Write => Risk::High,
        Kind::View => Risk::Medium,
    }
}

/// The edits of the statement itself; where it still stands, those of what prohibitions of these actions mention.
fn causes_of(text: &str, paths: &BTreeSet<&str>, causes: Option<&Dependencies<'_>>, edits: &[Edit]) -> Vec<usize> {
    let own = |edit: &Edit| edit.spot.noun == "forbid" && edit.before.as_ref().is_some_and(|said| said.text == text);
    let own: Vec<usize> = edits.iter().enumerate().filter(|(_, edit)| own(edit)).map(|(index, _)| index).collect();
    if !own.is_empty() {
        return own;
    }
    let mut found = vec![];
    for path in paths {
        let more = causes.map(|known| known.of_prohibitions(path)).unwrap_or_default();
        found.extend(more.into_iter().filter(|edit| !found.contains(edit)).collect::<Vec<_>>());
    }
    found
}

/// A `never` of the policy, or of a role, that is gone or says another thing.
pub(super) fn assertions(joint: &Joint<'_>, edits: &[Edit], found: &mut Found) {
    let is_never = |edit: &Edit| edit.spot.noun == "never" || edit.spot.matter == Matter::Never;
    let now = edits.iter().filter(|edit| is_never(edit)).filter_map(|edit| {
        let after = edit.after.as_ref()?;
        Some((edit.within.as_str(), plain(joint, When::After, &after.text)))
    });
    let now: BTreeSet<_> = now.collect();
    for (index, edit) in edits.iter().enumerate() {
        let of_policy = edit.spot.noun == "never";
        let Some(before) = edit.before.as_ref().filter(|_| is_never(edit)) else { continue };
        // A path may be written at more or less length.
        if now.contains(&(edit.within.as_str(), plain(joint, When::Before, &before.text))) {
            continue;
        }
        let of = if of_policy { String::new() } else { format!(" of {}", edit.within) };
        let text = match &edit.after {
            None => format!("`{}`{of} is asserted no longer", before.text),
            Some(after) if is_stricter(&before.text, &after.text) => continue,
            Some(after) => format!("`{}`{of} is asserted no longer, but `{}`", before.text, after.text),
        };
        found.beside.push(Beside { what: What::Protection, text, risk: Risk::High, causes: vec![index] });
    }
}

/// An assertion with units and labels by their shortest names, in parts whose lists are in order: for comparing only.
fn plain(joint: &Joint<'_>, when: When, text: &str) -> Vec<Vec<String>> {
    let table = joint.table(when);
    let short = |word: &str| {
        let bare = word.trim_end_matches(',');
        let unit = table.unit(bare).map(|unit| joint.units.name(joint.units.joint(when, unit.0)));
        let label = || table.label(bare).map(|label| joint.labels.name(joint.labels.joint(when, label.0)));
        match unit.or_else(label) {
            Some(name) if bare.contains('.') => format!("{name}{}", &word[bare.len()..]),
            _ => word.to_owned(),
        }
    };
    let words: Vec<String> = text.split(' ').map(short).collect();
    let mut parts: Vec<Vec<String>> = vec![vec![]];
    let mut item = String::new();
    for word in words {
        let opens = ["never", "can", "on", "labelled", "except", "and"].contains(&word.as_str());
        if let (Some(part), true) = (parts.last_mut(), opens) {
            part.push(std::mem::take(&mut item));
            parts.push(vec![word]);
            continue;
        }
        item.push(' ');
        item.push_str(word.trim_end_matches(','));
        if let (Some(part), true) = (parts.last_mut(), word.ends_with(',')) {
            part.push(std::mem::take(&mut item));
        }
    }
    parts.last_mut().into_iter().for_each(|part| part.push(std::mem::take(&mut item)));
    parts.iter_mut().for_each(|part| part.sort());
    parts
}

/// Whether all that the one assertion says is said by the other, which names more actions of the same for the same.
fn is_stricter(before: &str, after: &str) -> bool {
    let parts = |text: &str| -> Option<(String, BTreeSet<String>, String)> {
        let (head, rest) = text.strip_prefix("never ").map_or_else(|| ("", text), |rest| ("never ", rest));
        let (who, rest) = rest.split_once(" can ").map_or(("", rest), |(who, rest)| (who, rest));
        let (actions, on) = rest.split_once(" on ").map_or((rest, ""), |(actions, on)| (actions, on));
        if actions.contains(" except ") || actions.contains('"') {
            return None;
        }
        let actions = actions.split(", ").map(str::to_owned).collect();
        Some((format!("{head}{who}"), actions, on.to_owned()))
    };
    let (Some((who, fewer, on)), Some((who_now, more, on_now))) = (parts(before), parts(after)) else { return false };
    who == who_now
        && on == on_now
        && (fewer.is_subset(&more) || more.contains("*") && !fewer.iter().any(|item| item.contains("assign")))
}
