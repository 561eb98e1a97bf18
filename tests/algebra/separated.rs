//! Separations of duties: who has both sides on overlapping targets, since when, against every pair of rights and every target.

use bailiwick::check::sides::{Whose, overlap};
use bailiwick::model::id::RoleId;

use super::ask::{Names, algebra, compile};
use super::counted::told;
use super::roles::{Holder, holders, put};
use super::told::silent;
use super::trial::{Trial, count, on_open_policies, on_small_policies};
use super::world::{Kind, Led, Spot, is_somebody_else};
use crate::oracle::eval::{allow, allow_by, is_among, own_grants, speaks_of};
use crate::oracle::generate::{FIRST_DAY, actions};
use crate::oracle::pieces::period;
use crate::oracle::policy::{
    ActionPath, Actor, Assignment, Policy, Question, Role, Separation, Set, Side, Signature, Subject, Subjects,
};
use crate::oracle::print::print;
use crate::oracle::truth::Truth;

/// After this day nothing begins or ends.
const LAST_DAY: i32 = FIRST_DAY + 8;

/// A role that gives nothing.
const HOLLOW: &str = "hollow";

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

#[test]
fn a_role_has_both_sides_where_some_case_of_its_own_has_them() {
    on_open_policies("roles apart", 60, |trial| {
        let at = trial.day(&mut trial.dice());
        let holders = holders(trial);
        for pair in &trial.policy.separations {
            let alone = Policy { separations: vec![pair.clone()], ..silent(trial.policy) };
            let found = told(&alone, "BW602", at)?;
            for role in trial.policy.roles.iter().filter(|r| !hollow_side(trial, r, pair)) {
                let Some(expected) = own_sides(trial, &holders, pair, role, at) else { continue };
                count(&trial.tally.compared, 1);
                let said = found.iter().any(|f| f.message.starts_with(&format!("the role `{}` ", role.name)));
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
fn own_sides(trial: &Trial<'_>, holders: &[Holder], pair: &Separation, role: &Role, at: i32) -> Option<bool> {
    let of = |side: &Side| match side {
        Side::Role(name) if *name != role.name => vec![],
        side => rights(trial, side),
    };
    let sides = [of(&pair.left), of(&pair.right)];
    if role.superuser {
        return Some(false);
    }
    for pair in sides[0].iter().flat_map(|l| sides[1].iter().map(move |r| [l.clone(), r.clone()])) {
        let signature = joint(trial, &pair);
        let leads = trial.world.leads(signature);
        for holder in holders {
            let mut kinds = vec![Kind::Stranger];
            if signature.uses_users() {
                kinds.extend([Kind::Named(vec![]), Kind::Myself(holder.facts.clone())]);
            }
            for kind in &kinds {
                let mut spots = trial.world.spots(signature, kind);
                if *kind == Kind::Stranger {
                    spots.retain(|spot| is_somebody_else(&holder.facts, spot));
                }
                if !trial.affords(spots.len() * leads.len()) {
                    return None;
                }
                for (spot, led) in spots.iter().flat_map(|s| leads.iter().map(move |l| (s, l))) {
                    let (mut spot, mut led) = (spot.clone(), led.clone());
                    if signature == Signature::Account {
                        (spot.entity, led.entity) = (spot.user.clone(), led.user.clone());
                    }
                    if (at..=LAST_DAY).any(|day| gives_both(trial, holder, role, &pair, (&spot, &led), day)) {
                        return Some(true);
                    }
                }
            }
        }
    }
    Some(false)
}

/// Whether a role's own grants hold both rights on a target, each on the parts that it uses.
fn gives_both(
    trial: &Trial<'_>,
    holder: &Holder,
    role: &Role,
    pair: &[Right; 2],
    (spot, led): (&Spot, &Led),
    day: i32,
) -> bool {
    pair.iter().all(|(action, _)| {
        let part = part(trial, action, spot);
        let question = put(trial, holder, action, (&part, led), day);
        own_grants(&holder.policy, &question, &role.name) == Truth::True
    })
}

#[test]
fn a_side_that_gives_nothing_is_had_by_who_holds_it() {
    on_small_policies("hollow sides", 60, |trial| {
        let dice = &mut trial.dice();
        let at = trial.day(dice);
        let mut policy = silent(trial.policy);
        policy.roles.push(Role { name: HOLLOW.into(), ..Role::default() });
        for admin in &mut policy.admins {
            if dice.chance(70) {
                let period = period(dice, 60);
                admin.assignments.push(Assignment { role: HOLLOW.into(), on: None, period });
            }
        }
        let other = match trial.policy.separations.first() {
            Some(pair) if !gives_nothing(trial, &pair.left) => pair.left.clone(),
            _ => Side::Actions(Set { items: None, except: vec![] }),
        };
        let hollow = Side::Role(HOLLOW.into());
        let (left, right) = if dice.chance(50) { (hollow, other.clone()) } else { (other.clone(), hollow) };
        policy.separations = vec![Separation { left, right }];
        let compiled = compile(&print(&policy, 0))?;
        let names = Names { policy: &policy, model: compiled.model() };
        let algebra = &mut algebra(&compiled);
        for admin in &policy.admins {
            let Some(expected) = first_beside(trial, &policy, &other, &admin.name, at) else { continue };
            count(&trial.tally.compared, 1);
            let account = names.account(&admin.name)?;
            let days = algebra.moments(account, at);
            let declared = &compiled.model().separations[0];
            let found = trial.known(overlap(algebra, Whose::Account(account), declared, &days))?;
            if found.as_ref().map(|f| f.day) != expected {
                let said = found.map(|f| (f.day, f.left, f.right));
                return Err(format!("{} since {expected:?}, and it says {said:?}\n{}", admin.name, print(&policy, 0)));
            }
        }
        Ok(())
    });
}

/// The first day on which an account holds the role that gives nothing, and has some right of the other side on anything; the outer
/// none where there is too much to ask.
fn first_beside(trial: &Trial<'_>, policy: &Policy, other: &Side, name: &str, at: i32) -> Option<Option<i32>> {
    let question = |day| Question {
        actor: Actor::Named(name.into()),
        action: actions(trial.policy)[0].clone(),
        entity: None,
        user: None,
        day,
    };
    let holds = |roles: Vec<String>, day| {
        let items = roles.into_iter().map(Subject::Holders).collect();
        is_among(policy, &question(day), &Subjects { items, except: vec![] }) == Truth::True
    };
    let supers: Vec<String> = policy.roles.iter().filter(|r| r.superuser).map(|r| r.name.clone()).collect();
    for day in (at..=LAST_DAY).filter(|day| holds(vec![HOLLOW.into()], *day) && !holds(supers.clone(), *day)) {
        for right in rights(trial, other) {
            if meet(trial, name, &[right.clone(), right], day)? {
                return Some(Some(day));
            }
        }
    }
    Some(None)
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
        let part = part(trial, action, spot);
        let question = trial.world.question(&actor, action, &part, led, day);
        let answer = match only_by {
            Some(role) => allow_by(trial.policy, &question, role),
            None => allow(trial.policy, &question),
        };
        answer == Truth::True
    })
}

/// What an action uses of a target.
fn part(trial: &Trial<'_>, action: &ActionPath, spot: &Spot) -> Spot {
    let signature = trial.world.signature(action);
    let entity = matches!(signature, Signature::Entity | Signature::EntityAndUser);
    Spot { entity: spot.entity.clone().filter(|_| entity), user: spot.user.clone().filter(|_| signature.uses_users()) }
}
