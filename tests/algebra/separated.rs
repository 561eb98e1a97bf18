//! Separations of duties: who has both sides on overlapping targets, since when, against every pair of rights and every target.

use bailiwick::check::sides::{Overlap, Whose, overlap};
use bailiwick::model::id::{ActionId, RoleId};

use super::ask::algebra;
use super::board::{Board, Seat, part};
use super::counted::told;
use super::told::silent;
use super::trial::{Trial, count, on_dense_policies, opened};
use super::world::{Led, Spot};
use crate::oracle::eval::{allow, allow_by, is_among, speaks_of};
use crate::oracle::generate::{Line, actions};
use crate::oracle::many::{distinct, separations};
use crate::oracle::pieces::period;
use crate::oracle::policy::{
    ActionPath, Actor, Assignment, Policy, Question, Role, Separation, Set, Side, Signature, Subject, Subjects,
};
use crate::oracle::truth::Truth;

/// A role that gives nothing.
const HOLLOW: &str = "hollow";

/// A right of a side: an action by its number, and the role by which alone it counts.
type Right<'s> = (usize, Option<&'s str>);

#[test]
fn both_sides_are_in_one_hand_where_some_case_has_them() {
    let dressed = |policy: Policy, lines: &[Line]| {
        let policy = silent(&policy);
        Policy { separations: separations(&policy, lines), ..policy }
    };
    on_dense_policies("separations", 25, dressed, |trial| {
        let at = trial.day(&mut trial.dice());
        let board = Board::new(trial, trial.policy, at, false)?;
        for (number, pair) in trial.policy.separations.iter().enumerate() {
            if [&pair.left, &pair.right].into_iter().any(|side| gives_nothing(trial, side)) {
                continue;
            }
            for seat in 0..trial.policy.admins.len() {
                let Seat::Account(name) = &board.seats[seat] else { continue };
                let Some(expected) = first(&board, pair, (seat, name))? else { continue };
                count(&trial.tally.compared, 1);
                let account = trial.names.account(name)?;
                let algebra = &mut algebra(trial.compiled);
                let days = algebra.moments(account, at);
                let declared = &trial.compiled.model().separations[number];
                let found = trial.known(overlap(algebra, Whose::Account(account), declared, &days))?;
                if found.as_ref().map(|f| f.day) != expected {
                    let said = found.map(|f| (f.day, f.left, f.right, f.witness.text));
                    return Err(format!("{pair:?} for {name} since {expected:?}, and it says {said:?}"));
                }
                found.map_or(Ok(()), |found| confirm(trial, pair, name, &found))?;
            }
        }
        Ok(())
    });
}

/// That the example of an overlap is one.
fn confirm(trial: &Trial<'_>, pair: &Separation, name: &str, found: &Overlap) -> Result<(), String> {
    count(&trial.tally.witnesses, 1);
    let all = actions(trial.policy);
    let path = |id: Option<ActionId>| all.iter().find(|a| Some(trial.names.action(a)) == id.map(Ok));
    let (Some(left), Some(right)) = (path(found.left), path(found.right)) else {
        return Err("an overlap of no actions".into());
    };
    let (mut spot, mut led, _) = trial.names.told(&found.witness);
    if joint(trial, [left, right]) == Signature::Account {
        (spot.entity, led.entity) = (spot.user.clone(), led.user.clone());
    }
    let has = |action: &ActionPath, side: &Side| {
        let part: Spot = part(trial, action, &spot);
        let led: &Led = &led;
        let question = trial.world.question(&Actor::Named(name.into()), action, &part, led, found.day);
        let answer = match side {
            Side::Role(role) => allow_by(trial.policy, &question, role),
            Side::Actions(_) => allow(trial.policy, &question),
        };
        answer == Truth::True
    };
    if has(left, &pair.left) && has(right, &pair.right) {
        return Ok(());
    }
    Err(format!("an overlap that is none: {left:?} {right:?} on {}", found.witness.text))
}

#[test]
fn a_role_has_both_sides_where_some_case_of_its_own_has_them() {
    let dressed = |policy: Policy, lines: &[Line]| {
        let policy = opened(silent(&policy));
        Policy { separations: separations(&policy, lines), ..policy }
    };
    on_dense_policies("roles apart", 20, dressed, |trial| {
        let at = trial.day(&mut trial.dice());
        let board = Board::new(trial, trial.policy, at, true)?;
        let found = told(trial.policy, "BW602", at)?;
        let spans = |f: &bailiwick::diagnostic::Finding| f.labels.iter().map(|l| l.span.start).collect::<Vec<_>>();
        let found: Vec<Vec<u32>> = found.iter().map(spans).collect();
        for (number, pair) in trial.policy.separations.iter().enumerate() {
            for role in trial.policy.roles.iter().filter(|r| !hollow_side(trial, r, pair)) {
                let Some(expected) = own_sides(&board, pair, role)? else { continue };
                count(&trial.tally.compared, 1);
                let model = trial.compiled.model();
                let wanted = [model.roles[trial.names.role(&role.name)?.index()].span, model.separations[number].span];
                let said = found.iter().any(|spans| wanted.iter().all(|span| spans.contains(&span.start)));
                if said != expected {
                    return Err(format!("{pair:?} of {}: {expected}, and it says {said}", role.name));
                }
            }
        }
        Ok(())
    });
}

/// Whether the role is a side, and gives nothing.
fn hollow_side(trial: &Trial<'_>, role: &Role, pair: &Separation) -> bool {
    let is = |side: &Side| matches!(side, Side::Role(name) if *name == role.name) && gives_nothing(trial, side);
    is(&pair.left) || is(&pair.right)
}

/// Whether a role gives both sides on one target, whoever holds it; none where there is too much to ask.
fn own_sides(board: &Board<'_, '_>, pair: &Separation, role: &Role) -> Result<Option<bool>, String> {
    let sides = [rights_of(board, &pair.left, role), rights_of(board, &pair.right, role)];
    if role.superuser {
        return Ok(Some(false));
    }
    for (left, right) in sides[0].iter().flat_map(|l| sides[1].iter().map(move |r| (l.0, r.0))) {
        let signature = joint(board.trial, [&board.actions[left], &board.actions[right]]);
        for (seat, kind) in board.holders().flat_map(|s| (0..Board::kinds(signature)).map(move |k| (s, k))) {
            let place = (seat, signature, kind);
            let Some(cases) = board.cases(place) else { return Ok(None) };
            for day in board.days.iter().copied() {
                board.tried(cases.len());
                let gives = [left, right].map(|action| board.granted(place, (action, &role.name), day));
                for (at, case) in cases.iter().enumerate() {
                    if gives[0](at, case)? && gives[1](at, case)? {
                        return Ok(Some(true));
                    }
                }
            }
        }
    }
    Ok(Some(false))
}

#[test]
fn a_side_that_gives_nothing_is_had_by_who_holds_it() {
    on_dense_policies("hollow sides", 30, beside_hollow, |trial| {
        let at = trial.day(&mut trial.dice());
        let board = Board::new(trial, trial.policy, at, false)?;
        for (number, pair) in trial.policy.separations.iter().enumerate() {
            let hollow = Side::Role(HOLLOW.into());
            let other = if pair.left == hollow { &pair.right } else { &pair.left };
            if gives_nothing(trial, other) {
                continue;
            }
            for seat in 0..trial.policy.admins.len() {
                let Seat::Account(name) = &board.seats[seat] else { continue };
                let Some(expected) = first_beside(&board, other, (seat, name))? else { continue };
                count(&trial.tally.compared, 1);
                let account = trial.names.account(name)?;
                let algebra = &mut algebra(trial.compiled);
                let days = algebra.moments(account, at);
                let declared = &trial.compiled.model().separations[number];
                let found = trial.known(overlap(algebra, Whose::Account(account), declared, &days))?;
                if found.as_ref().map(|f| f.day) != expected {
                    let said = found.map(|f| (f.day, f.left, f.right));
                    return Err(format!("{pair:?} for {name} since {expected:?}, and it says {said:?}"));
                }
            }
        }
        Ok(())
    });
}

/// A policy with a role that gives nothing, which most hold, kept apart from other sides.
fn beside_hollow(policy: Policy, lines: &[Line]) -> Policy {
    let mut policy = silent(&policy);
    let others = separations(&policy, lines);
    policy.roles.push(Role { name: HOLLOW.into(), ..Role::default() });
    let mut dice = crate::oracle::dice::Dice::new(lines.last().map_or(&[], Vec::as_slice));
    for admin in &mut policy.admins {
        if dice.chance(70) {
            let period = period(&mut dice, 60);
            admin.assignments.push(Assignment { role: HOLLOW.into(), on: None, period });
        }
    }
    let hollow = || Side::Role(HOLLOW.into());
    let all = Separation { left: hollow(), right: Side::Actions(Set { items: None, except: vec![] }) };
    let pairs = others.into_iter().flat_map(|pair| {
        [Separation { left: hollow(), right: pair.left }, Separation { left: pair.right, right: hollow() }]
    });
    policy.separations = distinct(std::iter::once(all).chain(pairs));
    policy
}

/// The first day on which an account holds the role that gives nothing, and has some right of the other side on anything; the outer
/// none where there is too much to ask.
fn first_beside(
    board: &Board<'_, '_>,
    other: &Side,
    (seat, name): (usize, &str),
) -> Result<Option<Option<i32>>, String> {
    let hollow = [Subject::Holders(HOLLOW.into())];
    for day in board.days.iter().copied().filter(|day| holds(board, name, &hollow, *day) && !is_root(board, name, *day))
    {
        for right in rights(board, other) {
            match meet(board, seat, [right, right], day)? {
                None => return Ok(None),
                Some(true) => return Ok(Some(Some(day))),
                Some(false) => {}
            }
        }
    }
    Ok(Some(None))
}

/// Whether a side is a role that gives nothing: holding it at all is the side then, which no target tells.
fn gives_nothing(trial: &Trial<'_>, side: &Side) -> bool {
    let Side::Role(role) = side else { return false };
    let id = trial.names.role(role).map_or(usize::MAX, RoleId::index);
    trial.compiled.rights().rows.get(id).is_none_or(|row| row.grants.is_empty())
}

/// The first day on which an account has both sides; the outer none where there is too much to ask.
fn first(board: &Board<'_, '_>, pair: &Separation, (seat, name): (usize, &str)) -> Result<Option<Option<i32>>, String> {
    let sides = [rights(board, &pair.left), rights(board, &pair.right)];
    for day in board.days.iter().copied().filter(|day| !is_root(board, name, *day)) {
        for (left, right) in sides[0].iter().flat_map(|l| sides[1].iter().map(move |r| (*l, *r))) {
            match meet(board, seat, [left, right], day)? {
                None => return Ok(None),
                Some(true) => return Ok(Some(Some(day))),
                Some(false) => {}
            }
        }
    }
    Ok(Some(None))
}

/// Whether an account is one of these on a day.
fn holds(board: &Board<'_, '_>, name: &str, subjects: &[Subject], day: i32) -> bool {
    let (actor, action) = (Actor::Named(name.into()), board.actions[0].clone());
    let question = Question { actor, action, entity: None, user: None, day };
    let subjects = Subjects { items: subjects.to_vec(), except: vec![] };
    is_among(board.policy, &question, &subjects) == Truth::True
}

fn is_root(board: &Board<'_, '_>, name: &str, day: i32) -> bool {
    let supers = board.policy.roles.iter().filter(|r| r.superuser).map(|r| Subject::Holders(r.name.clone()));
    holds(board, name, &supers.collect::<Vec<_>>(), day)
}

fn rights<'s>(board: &Board<'_, '_>, side: &'s Side) -> Vec<Right<'s>> {
    let all = board.actions.iter().enumerate();
    match side {
        Side::Role(role) => all.map(|(i, _)| (i, Some(role.as_str()))).collect(),
        Side::Actions(set) => {
            let actor = board.trial.named(0);
            let about = |a: &ActionPath| Question {
                actor: actor.clone(),
                action: a.clone(),
                entity: None,
                user: None,
                day: board.days[0],
            };
            all.filter(|(_, a)| speaks_of(board.policy, &about(a), set, None)).map(|(i, _)| (i, None)).collect()
        }
    }
}

/// The same, as a role can have them: another role it never is.
fn rights_of<'s>(board: &Board<'_, '_>, side: &'s Side, role: &Role) -> Vec<Right<'s>> {
    match side {
        Side::Role(name) if *name != role.name => vec![],
        _ => rights(board, side),
    }
}

/// What both are done to, taken together: a target has every part that one of them uses.
fn joint(trial: &Trial<'_>, pair: [&ActionPath; 2]) -> Signature {
    let [a, b] = pair.map(|action| trial.world.signature(action));
    match (a.uses_entities() || b.uses_entities(), a.uses_users() || b.uses_users()) {
        _ if a == Signature::Account || b == Signature::Account => Signature::Account,
        (true, true) => Signature::EntityAndUser,
        (true, false) => Signature::Entity,
        (false, true) => Signature::User,
        (false, false) => Signature::Site,
    }
}

/// Whether there is a target on which an account has both rights; none where there is too much to ask.
fn meet(board: &Board<'_, '_>, seat: usize, pair: [Right<'_>; 2], day: i32) -> Result<Option<bool>, String> {
    let signature = joint(board.trial, pair.map(|(action, _)| &board.actions[action]));
    for kind in 0..Board::kinds(signature) {
        let place = (seat, signature, kind);
        let Some(cases) = board.cases(place) else { return Ok(None) };
        board.tried(cases.len());
        let has = pair.map(|right| board.allowed(place, right, day));
        for (at, case) in cases.iter().enumerate() {
            if has[0](at, case)? && has[1](at, case)? {
                return Ok(Some(true));
            }
        }
    }
    Ok(Some(false))
}
