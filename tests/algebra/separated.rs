//! Separations of duties: who has both sides on overlapping targets, since when, against every pair of rights and every target.

use bailiwick::check::sides::{Whose, overlap};
use bailiwick::model::id::RoleId;

use super::ask::{Names, algebra, compile};
use super::trial::{Trial, count, on_small_policies};
use super::world::{Kind, Led, Spot};
use crate::oracle::eval::{allow, allow_by, is_among, speaks_of};
use crate::oracle::generate::{FIRST_DAY, actions};
use crate::oracle::policy::{ActionPath, Actor, Policy, Question, Separation, Side, Signature, Subject, Subjects};
use crate::oracle::print::print;
use crate::oracle::truth::Truth;

/// After this day nothing begins or ends.
const LAST_DAY: i32 = FIRST_DAY + 8;

/// A right of a side: an action, and the role by which alone it counts.
type Right = (ActionPath, Option<String>);

#[test]
fn both_sides_are_in_one_hand_where_some_case_has_them() {
    on_small_policies("separations", 40, |trial| {
        let at = trial.day(&mut trial.dice());
        for pair in &trial.policy.separations {
            if [&pair.left, &pair.right].into_iter().any(|side| gives_nothing(trial, side)) {
                continue;
            }
            let alone =
                Policy { assertions: vec![], quotas: vec![], separations: vec![pair.clone()], ..trial.policy.clone() };
            let compiled = compile(&print(&alone, 0))?;
            let names = Names { policy: trial.policy, model: compiled.model() };
            let algebra = &mut algebra(&compiled);
            for admin in &trial.policy.admins {
                let Some(expected) = first(trial, pair, &admin.name, at)? else { continue };
                count(&trial.tally.compared, 1);
                let account = names.account(&admin.name)?;
                let days = algebra.moments(account, at);
                let declared = &compiled.model().separations[0];
                let found = trial.known(overlap(algebra, Whose::Account(account), declared, &days))?;
                if found.as_ref().map(|f| f.day) != expected {
                    let said = found.map(|f| (f.day, f.left, f.right, f.witness.text));
                    return Err(format!("{pair:?} for {} since {expected:?}, and it says {said:?}", admin.name));
                }
                let Some(found) = found else { continue };
                count(&trial.tally.witnesses, 1);
                let path =
                    |id| actions(trial.policy).into_iter().find(|a| Some(names.action(a)) == Option::map(id, Ok));
                let (Some(left), Some(right)) = (path(found.left), path(found.right)) else {
                    return Err("an overlap of no actions".into());
                };
                let by = |side: &Side| if let Side::Role(role) = side { Some(role.clone()) } else { None };
                let rights = [(left, by(&pair.left)), (right, by(&pair.right))];
                let (mut spot, mut led, _) = names.told(&found.witness);
                if joint(trial, &rights) == Signature::Account {
                    (spot.entity, led.entity) = (spot.user.clone(), led.user.clone());
                }
                if !both(trial, &admin.name, &rights, (&spot, &led), found.day) {
                    return Err(format!("an overlap that is none: {rights:?} on {}", found.witness.text));
                }
            }
        }
        Ok(())
    });
}

/// Whether a side is a role that gives nothing: holding it at all is the side then, which no target tells.
fn gives_nothing(trial: &Trial<'_>, side: &Side) -> bool {
    let Side::Role(role) = side else { return false };
    let id = trial.names.role(role).map_or(usize::MAX, RoleId::index);
    trial.compiled.rights().rows.get(id).is_none_or(|row| row.grants.is_empty())
}

/// The first day on which an account has both sides; the outer none where there is too much to ask.
fn first(trial: &Trial<'_>, pair: &Separation, name: &str, at: i32) -> Result<Option<Option<i32>>, String> {
    let sides = [rights(trial, &pair.left), rights(trial, &pair.right)];
    let supers = trial.policy.roles.iter().filter(|r| r.superuser).map(|r| Subject::Holders(r.name.clone()));
    let supers = Subjects { items: supers.collect(), except: vec![] };
    for day in at..=LAST_DAY {
        let question = Question {
            actor: Actor::Named(name.into()),
            action: actions(trial.policy)[0].clone(),
            entity: None,
            user: None,
            day,
        };
        if is_among(trial.policy, &question, &supers) == Truth::True {
            continue;
        }
        for left in &sides[0] {
            for right in &sides[1] {
                let pair = [left.clone(), right.clone()];
                match meet(trial, name, &pair, day) {
                    None => return Ok(None),
                    Some(true) => return Ok(Some(Some(day))),
                    Some(false) => {}
                }
            }
        }
    }
    Ok(Some(None))
}

fn rights(trial: &Trial<'_>, side: &Side) -> Vec<Right> {
    let all = actions(trial.policy);
    match side {
        Side::Role(role) => all.into_iter().map(|a| (a, Some(role.clone()))).collect(),
        Side::Actions(set) => {
            let about = |a: &ActionPath| Question {
                actor: trial.named(0),
                action: a.clone(),
                entity: None,
                user: None,
                day: 0,
            };
            all.into_iter().filter(|a| speaks_of(trial.policy, &about(a), set, None)).map(|a| (a, None)).collect()
        }
    }
}

/// What both are done to, taken together: a target has every part that one of them uses.
fn joint(trial: &Trial<'_>, pair: &[Right; 2]) -> Signature {
    let [a, b] = [&pair[0].0, &pair[1].0].map(|action| trial.world.signature(action));
    match (a.uses_entities() || b.uses_entities(), a.uses_users() || b.uses_users()) {
        _ if a == Signature::Account || b == Signature::Account => Signature::Account,
        (true, true) => Signature::EntityAndUser,
        (true, false) => Signature::Entity,
        (false, true) => Signature::User,
        (false, false) => Signature::Site,
    }
}

/// Whether there is a target on which an account has both rights; none where there is too much to ask.
fn meet(trial: &Trial<'_>, name: &str, pair: &[Right; 2], day: i32) -> Option<bool> {
    let signature = joint(trial, pair);
    let own: String = name.into();
    let kinds = if signature.uses_users() {
        vec![Kind::Stranger, Kind::Named(vec![own.clone()]), Kind::Exactly(own)]
    } else {
        vec![Kind::Stranger]
    };
    let leads = trial.world.leads(signature);
    for kind in &kinds {
        let spots = trial.world.spots(signature, kind);
        if !trial.affords(spots.len() * leads.len()) {
            return None;
        }
        for spot in &spots {
            for led in &leads {
                let (mut spot, mut led) = (spot.clone(), led.clone());
                if signature == Signature::Account {
                    // One account stands in both parts at once.
                    (spot.entity, led.entity) = (spot.user.clone(), led.user.clone());
                }
                if both(trial, name, pair, (&spot, &led), day) {
                    return Some(true);
                }
            }
        }
    }
    Some(false)
}

/// Whether an account has both rights on a target, each on the parts that it uses.
fn both(trial: &Trial<'_>, name: &str, pair: &[Right; 2], (spot, led): (&Spot, &Led), day: i32) -> bool {
    let actor = Actor::Named(name.into());
    pair.iter().all(|(action, only_by)| {
        let signature = trial.world.signature(action);
        let entity = matches!(signature, Signature::Entity | Signature::EntityAndUser);
        let part = Spot {
            entity: spot.entity.clone().filter(|_| entity),
            user: spot.user.clone().filter(|_| signature.uses_users()),
        };
        let question = trial.world.question(&actor, action, &part, led, day);
        let answer = match only_by {
            Some(role) => allow_by(trial.policy, &question, role),
            None => allow(trial.policy, &question),
        };
        answer == Truth::True
    })
}
