//! Rights past the fences: told where some target shows them, and nowhere else.

use std::collections::BTreeSet;

use bailiwick::diagnostic::Finding;

use super::board::{Board, Seat, decided};
use super::counted::told;
use super::told::silent;
use super::trial::{count, on_dense_policies, opened};
use super::ways::{Path, Way, contains, kind, signature, ways};
use crate::oracle::eval::{Atom, is_forbidden, of_actor};
use crate::oracle::generate::Line;
use crate::oracle::many::{crowded, distinct, with_takeovers};
use crate::oracle::policy::{ActionPath, Admin, Condition, Kind, Policy, Question, Signature};
use crate::oracle::truth::Truth;

#[test]
fn rights_past_the_fences_are_told_where_some_target_shows_them() {
    let dressed = |policy: Policy, lines: &[Line]| crowded(with_takeovers(opened(silent(&policy)), lines), lines);
    on_dense_policies("past fences", 20, dressed, |trial| {
        let at = trial.day(&mut trial.dice());
        let policy = trial.policy;
        let board = Board::new(trial, policy, at, false)?;
        let found = told(policy, "BW404", at)?;
        let all: Vec<Vec<Way<'_>>> = policy.admins.iter().map(|admin| ways(policy, admin, at)).collect();
        for (admin, own) in policy.admins.iter().zip(&all) {
            let is_root = own.iter().any(|way| way.role.is_some_and(|r| r.superuser));
            let risky = own.iter().flat_map(|way| &way.paths).any(|path| is_privileged(policy, &path.action));
            if is_root || !risky {
                continue;
            }
            let Some(expected) = past_fences(&board, admin, own, &all)? else { continue };
            count(&trial.tally.compared, 1);
            let said = named_in(&found, &admin.name);
            count(&trial.tally.witnesses, usize::from(said.is_some()));
            let mut paths = BTreeSet::new();
            for action in &expected {
                paths.insert(trial.compiled.model().actions[trial.names.action(action)?.index()].path.clone());
            }
            let same = said.as_ref().map_or(paths.is_empty(), |said| !said.is_empty() && names(said, &paths));
            if !same {
                return Err(format!("{} has {paths:?} past its fences from {at} on, and it says {said:?}", admin.name));
            }
        }
        Ok(())
    });
}

/// Whether a finding names these; of more than eight it names eight.
pub(crate) fn names(said: &BTreeSet<String>, all: &BTreeSet<String>) -> bool {
    said == all || (said.len() == 8 && all.len() > 8 && said.is_subset(all))
}

/// The actions that a finding about an account names; none where there is no finding.
fn named_in(found: &[Finding], name: &str) -> Option<BTreeSet<String>> {
    let words = |f: &Finding| f.message.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    let words = found.iter().map(words).find(|words| words.first().is_some_and(|first| first == name))?;
    Some(words.into_iter().skip(1).collect())
}

/// Destroying, becoming, giving; not on the site as a whole.
fn is_privileged(policy: &Policy, action: &ActionPath) -> bool {
    let done = kind(policy, action);
    signature(policy, action) != Signature::Site && matches!(done, Kind::Become | Kind::Destroy | Kind::Assign)
}

/// What an account has on everything, although it has it behind fences too, or most others have; none where there is too much to ask.
fn past_fences(
    board: &Board<'_, '_>,
    admin: &Admin,
    own: &[Way<'_>],
    all: &[Vec<Way<'_>>],
) -> Result<Option<Vec<ActionPath>>, String> {
    let policy = board.policy;
    let mut found = vec![];
    for (number, way) in own.iter().enumerate() {
        for path in way.paths.iter().filter(|p| is_privileged(policy, &p.action) && way.has_open(policy, p)) {
            let others = own.iter().enumerate().filter(|(i, _)| *i != number).map(|(_, other)| other);
            let fenced: Vec<&Way<'_>> = others.filter(|w| w.gives_fenced(policy, &path.action)).collect();
            if fenced.is_empty() {
                match strays(policy, way, all, signature(policy, &path.action)) {
                    None => return Ok(None),
                    Some(false) => continue,
                    Some(true) => {}
                }
            }
            match only_here(board, admin, (way, path), &fenced)? {
                None => return Ok(None),
                Some(true) => found.push(path.action.clone()),
                Some(false) => {}
            }
        }
    }
    Ok(Some(distinct(found.into_iter())))
}

/// Whether most of those who hold a role have it behind a fence; none where somebody holds it both ways.
fn strays(policy: &Policy, way: &Way<'_>, all: &[Vec<Way<'_>>], signature: Signature) -> Option<bool> {
    let Some(role) = way.role else { return Some(false) };
    let (mut free, mut fenced) = (0, 0);
    for ways in all {
        let held = ways.iter().filter(|w| w.role.is_some_and(|r| r.name == role.name));
        let kinds: Vec<[bool; 2]> = held
            .map(|w| {
                let both = [Signature::Entity, Signature::User];
                both.map(|part| w.is_fenced(policy, part))
            })
            .collect();
        let Some(first) = kinds.first() else { continue };
        if kinds.iter().any(|kind| kind != first) {
            return None;
        }
        free += usize::from(*first == [false, false]);
        fenced += usize::from((signature.uses_entities() && first[0]) || (signature.uses_users() && first[1]));
    }
    Some(fenced > free)
}

/// Whether a way without a fence reaches a target, on some day, that no fenced one reaches; none where there is too much to ask.
fn only_here(
    board: &Board<'_, '_>,
    admin: &Admin,
    (way, path): (&Way<'_>, &Path),
    fenced: &[&Way<'_>],
) -> Result<Option<bool>, String> {
    let policy = board.policy;
    let signature = signature(policy, &path.action);
    let is_own = |seat: &Seat| matches!(seat, Seat::Account(name) if *name == admin.name);
    let seat = board.seats.iter().position(is_own).ok_or("an account that there is not")?;
    for day in board.days.iter().copied().filter(|day| way.is_there(policy, admin, *day) && contains(path.period, *day))
    {
        let now: Vec<&&Way<'_>> = fenced.iter().filter(|w| w.is_there(policy, admin, day)).collect();
        if now.is_empty() && !fenced.is_empty() {
            continue;
        }
        for kind in 0..Board::kinds(signature) {
            let Some(cases) = board.cases((seat, signature, kind)) else { return Ok(None) };
            board.tried(cases.len());
            let reached = |question: &Question| {
                let gate =
                    |group: &String| of_actor(policy, question, &Atom::Condition(Condition::Group(group.clone())));
                let gates = path.gates.iter().all(|group| gate(group) == Truth::True);
                let free = !decided(is_forbidden(policy, question), question)?;
                Ok::<bool, String>(gates && free && !now.iter().any(|w| w.reaches(policy, question)))
            };
            for case in cases.iter() {
                if board.ask(seat, case, (&path.action, day), reached)? {
                    return Ok(Some(true));
                }
            }
        }
    }
    Ok(Some(false))
}
