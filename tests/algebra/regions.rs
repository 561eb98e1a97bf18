//! What somebody may do: the region, against every case of it.

use bailiwick::algebra::{Actor as Seeing, Algebra, Diagram, Lane, Lens, Target};
use bailiwick::lower::rights::RowId;
use bailiwick::model::Signature;
use bailiwick::model::id::{ActionId, RelationId};

use super::ask::{algebra, compile, lens};
use super::trial::{Trial, count, on_small_policies};
use super::world::{Kind, Led, Spot, is_somebody_else};
use crate::oracle::facts::login;
use crate::oracle::generate::FIRST_DAY;
use crate::oracle::policy::{ActionPath, Actor, Facts};

/// Who asks, in the words of both.
pub(crate) struct Who {
    pub(crate) seeing: Seeing,
    /// All the actors that this stands for: one, or everybody whom the policy does not name.
    pub(crate) actors: Vec<Actor>,
}

pub(crate) fn everybody(trial: &Trial<'_>) -> Result<Vec<Who>, String> {
    let mut all =
        vec![Who { seeing: Seeing::Anybody, actors: trial.world.actors.iter().cloned().map(Actor::Unnamed).collect() }];
    for admin in &trial.policy.admins {
        let seeing = Seeing::Account(trial.names.account(&admin.name)?);
        all.push(Who { seeing, actors: vec![Actor::Named(admin.name.clone())] });
    }
    Ok(all)
}

/// The kinds of targets that an actor has to be asked about.
pub(crate) fn kinds(trial: &Trial<'_>, action: &ActionPath, actor: &Actor) -> Vec<Kind> {
    if !trial.world.signature(action).uses_users() {
        return vec![Kind::Stranger];
    }
    match actor {
        Actor::Named(name) => vec![Kind::Stranger, Kind::Named(vec![name.clone()]), Kind::Exactly(name.clone())],
        Actor::Unnamed(facts) => vec![Kind::Stranger, Kind::Named(vec![]), Kind::Myself(facts.clone())],
    }
}

/// The facts of an actor that the policy does not name.
fn unnamed(actor: &Actor) -> Option<&Facts> {
    if let Actor::Unnamed(facts) = actor { Some(facts) } else { None }
}

/// All cases of a kind, (actor, spot, relations); none where they are more than may be asked.
pub(crate) fn cases(trial: &Trial<'_>, who: &Who, action: &ActionPath, kind: usize) -> Option<Vec<(Actor, Spot, Led)>> {
    let signature = trial.world.signature(action);
    let leads = trial.world.leads(signature);
    let mut all = vec![];
    let of_one = trial.world.spots(signature, &kinds(trial, action, &who.actors[0])[kind]).len() * leads.len();
    if !trial.affords(of_one * who.actors.len()) {
        return None;
    }
    for actor in &who.actors {
        let kind = &kinds(trial, action, actor)[kind];
        let mut spots = trial.world.spots(signature, kind);
        if let (Some(facts), Kind::Stranger) = (unnamed(actor), kind) {
            spots.retain(|spot| is_somebody_else(facts, spot));
        }
        all.extend(spots.iter().flat_map(|s| leads.iter().map(|l| (actor.clone(), s.clone(), l.clone()))));
    }
    Some(all)
}

#[test]
fn a_region_holds_exactly_what_is_allowed() {
    on_small_policies("regions", 40, |trial| {
        let dice = &mut trial.dice();
        let day = trial.day(dice);
        let mut all = everybody(trial)?;
        let first = dice.below(all.len());
        all.rotate_left(first);
        let actions = trial.actions(dice);
        let algebra = &mut algebra(trial.compiled);
        for who in &all {
            for action in &actions {
                for kind in 0..kinds(trial, action, &who.actors[0]).len() {
                    region(trial, algebra, who, action, (kind, day))?;
                }
            }
        }
        Ok(())
    });
}

fn region(
    trial: &Trial<'_>,
    algebra: &mut Algebra<'_>,
    who: &Who,
    action: &ActionPath,
    (kind, day): (usize, i32),
) -> Result<(), String> {
    let Some(cases) = cases(trial, who, action, kind) else { return Ok(()) };
    count(&trial.tally.compared, 1);
    let id = trial.names.action(action)?;
    let signature = trial.world.signature(action);
    let target = trial.names.target(&kinds(trial, action, &who.actors[0])[kind])?;
    let targets = algebra.targets(algebra.signature(id), who.seeing);
    if targets.get(kind) != Some(&target) {
        return Err(format!("{target:?} is not among the kinds to ask for, {targets:?}"));
    }
    let view = lens(who.seeing, target, day);
    let allowed = trial.known(algebra.allowed(id, view))?;
    let possible = trial.known(algebra.possible(allowed, view))?;
    let mut any = false;
    for (actor, spot, led) in &cases {
        let question = trial.world.question(actor, action, spot, led, day);
        let expected = trial.world.allows(&question)?;
        let case = trial.names.case(unnamed(actor), signature, spot, led, &Led::default())?;
        if algebra.contains(allowed, &case, view) != expected {
            return Err(format!("the interpreter says {expected} to {question:?}"));
        }
        if algebra.contains(possible, &case, view) != expected {
            return Err(format!("not possible, it says, and yet here it is: {question:?}"));
        }
        any |= expected;
    }
    if trial.known(algebra.is_empty(allowed, view))? == any {
        return Err(format!("empty: {}, of {action:?} for {:?} in {view:?}", !any, who.seeing));
    }
    let witness = trial.known(algebra.witness(allowed, algebra.signature(id), view))?;
    match witness {
        None if any => Err(format!("no witness for {action:?}")),
        None => Ok(()),
        Some(witness) => {
            let actor = match who.seeing {
                Seeing::Account(_) => who.actors[0].clone(),
                _ => Actor::Unnamed(trial.names.actor_of(&witness)?),
            };
            let (spot, led, _) = trial.names.told(&witness);
            let question = trial.world.question(&actor, action, &spot, &led, day);
            if trial.confirmed(&question)? && is_of_kind(trial, &actor, &spot, kind) {
                return Ok(());
            }
            Err(format!("a witness that is none: {}: {question:?}", witness.text))
        }
    }
}

/// Whether a target is a stranger (0), another account of the policy (1), the actor itself (2).
fn is_of_kind(trial: &Trial<'_>, actor: &Actor, spot: &Spot, kind: usize) -> bool {
    let Some(user) = &spot.user else { return kind == 0 };
    let named = trial.policy.admins.iter().find(|a| Some(login(a)) == user.login).map(|a| Actor::Named(a.name.clone()));
    let is_self = match actor {
        Actor::Named(_) => named.as_ref() == Some(actor),
        Actor::Unnamed(facts) => !is_somebody_else(facts, spot),
    };
    match kind {
        0 => named.is_none() && !is_self,
        1 => named.is_some() && !is_self,
        _ => is_self || user.login.is_none(),
    }
}

// ---- two regions ---------------------------------------------------------------------------------------------------------------

/// Two regions that are compared: of one actor in the first, of another one in the second place, or of two actions.
struct Sides<'t> {
    actors: [Actor; 2],
    actions: [&'t ActionPath; 2],
    views: [Lens; 2],
    without: Vec<bailiwick::model::id::AccountId>,
}

#[test]
fn the_rights_of_two_accounts_compare_as_their_cases_do() {
    on_small_policies("accounts", 40, |trial| {
        let dice = &mut trial.dice();
        let day = trial.day(dice);
        let count = trial.policy.admins.len();
        if count < 2 {
            return Ok(());
        }
        let u = dice.below(count);
        let v = (u + 1 + dice.below(count - 1)) % count;
        let actors = [trial.named(u), trial.named(v)];
        let names = [&trial.policy.admins[u].name, &trial.policy.admins[v].name];
        let ids = [trial.names.account(names[0])?, trial.names.account(names[1])?];
        let algebra = &mut algebra(trial.compiled);
        for action in &trial.actions(dice) {
            let kinds = if trial.world.signature(action).uses_users() {
                let both = names.map(Clone::clone).to_vec();
                vec![
                    Kind::Stranger,
                    Kind::Named(both),
                    Kind::Exactly(names[0].clone()),
                    Kind::Exactly(names[1].clone()),
                ]
            } else {
                vec![Kind::Stranger]
            };
            for kind in &kinds {
                let target = trial.names.target(kind)?;
                let first = lens(Seeing::Account(ids[0]), target, day);
                let second = Lens { lane: Lane::Second, ..lens(Seeing::Account(ids[1]), target, day) };
                let sides = Sides {
                    actors: actors.clone(),
                    actions: [action, action],
                    views: [first, second],
                    without: ids.to_vec(),
                };
                compare(trial, algebra, &sides, kind)?;
            }
        }
        Ok(())
    });
}

#[test]
fn two_actions_of_an_account_compare_as_their_cases_do() {
    on_small_policies("actions", 40, |trial| {
        let dice = &mut trial.dice();
        let day = trial.day(dice);
        let actor = trial.named(dice.below(trial.policy.admins.len()));
        let Actor::Named(name) = &actor else { return Ok(()) };
        let seeing = Seeing::Account(trial.names.account(name)?);
        let actions = trial.actions(dice);
        let algebra = &mut algebra(trial.compiled);
        for (i, one) in actions.iter().enumerate() {
            let alike = |other: &&ActionPath| trial.world.signature(other) == trial.world.signature(one);
            for other in actions[i + 1..].iter().filter(alike) {
                for kind in &kinds(trial, one, &actor) {
                    let view = lens(seeing, trial.names.target(kind)?, day);
                    let actors = [actor.clone(), actor.clone()];
                    let sides = Sides { actors, actions: [one, other], views: [view, view], without: vec![] };
                    compare(trial, algebra, &sides, kind)?;
                }
            }
        }
        Ok(())
    });
}

/// Containment both ways, equality, overlap; and a witness for whatever is in the one and not in the other.
fn compare(trial: &Trial<'_>, algebra: &mut Algebra<'_>, sides: &Sides<'_>, kind: &Kind) -> Result<(), String> {
    let signature = trial.world.signature(sides.actions[0]);
    let leads = trial.world.leads(signature);
    let apart = sides.views[0].lane != sides.views[1].lane;
    let spots = trial.world.spots(signature, kind);
    if !trial.affords(spots.len() * leads.len() * if apart { leads.len() } else { 1 }) {
        return Ok(());
    }
    count(&trial.tally.compared, 1);
    let mut regions = [Diagram::FALSE; 2];
    for (side, region) in regions.iter_mut().enumerate() {
        let id = trial.names.action(sides.actions[side])?;
        *region = trial.known(algebra.allowed(id, sides.views[side]))?;
    }
    let only =
        [trial.known(algebra.minus(regions[0], regions[1]))?, trial.known(algebra.minus(regions[1], regions[0]))?];
    let both = trial.known(algebra.and(regions[0], regions[1]))?;
    let mut seen = [false; 3];
    for spot in &spots {
        for first in &leads {
            for second in leads.iter().filter(|second| apart || std::ptr::eq(*second, first)) {
                let has = answers(trial, sides, spot, [first, second])?;
                let expected = [has[0] && !has[1], has[1] && !has[0], has[0] && has[1]];
                let case = trial.names.case(None, signature, spot, first, second)?;
                for (i, region) in [only[0], only[1], both].into_iter().enumerate() {
                    seen[i] |= expected[i];
                    if algebra.contains(region, &case, sides.views[0]) != expected[i] {
                        return Err(format!("{:?} {has:?} of {spot:?} {first:?} {second:?}", sides.actions));
                    }
                }
            }
        }
    }
    for (i, region) in [only[0], only[1], both].into_iter().enumerate() {
        let found = trial.known(found(trial, algebra, sides, region))?;
        let Some((spot, first, second)) = found else {
            if seen[i] {
                return Err(format!("empty, it says: {:?} at {kind:?}", sides.actions));
            }
            continue;
        };
        let has = answers(trial, sides, &spot, [&first, if apart { &second } else { &first }])?;
        if !seen[i] || [has[0] && !has[1], has[1] && !has[0], has[0] && has[1]][i] != seen[i] {
            return Err(format!("{} is refuted by {spot:?} {first:?} {second:?}, and {has:?}", ["⊆", "⊇", "∩"][i]));
        }
    }
    Ok(())
}

/// A witness of a difference; none where it is empty.
fn found(
    trial: &Trial<'_>,
    algebra: &mut Algebra<'_>,
    sides: &Sides<'_>,
    region: Diagram,
) -> Result<Option<(Spot, Led, Led)>, bailiwick::algebra::TooManyCases> {
    let id = trial.names.action(sides.actions[0]).map_err(|_| bailiwick::algebra::TooManyCases)?;
    let (signature, view) = (algebra.signature(id), sides.views[0]);
    let empty = algebra.possible_without(region, view, &sides.without)? == Diagram::FALSE;
    let witness = algebra.witness_without(region, signature, view, &sides.without)?;
    assert_eq!(empty, witness.is_none(), "a witness exactly where there is something");
    Ok(witness.map(|w| trial.names.told(&w)))
}

/// Whether either side is allowed on a target; the table says the same.
fn answers(trial: &Trial<'_>, sides: &Sides<'_>, spot: &Spot, leads: [&Led; 2]) -> Result<[bool; 2], String> {
    let mut has = [false; 2];
    for side in 0..2 {
        let day = sides.views[side].day;
        let question = trial.world.question(&sides.actors[side], sides.actions[side], spot, leads[side], day);
        has[side] = trial.world.allows(&question)?;
    }
    Ok(has)
}

#[test]
fn nobody_else_bears_the_login_of_the_actor() -> Result<(), String> {
    let text = "platform p { super none }
resource accounts on account { write edit }
group special = login is \"special\"
group likewise = login starts with \"spec\"
role r { allow accounts.edit on users in special }
role q { allow accounts.edit on users in likewise }
users in special hold r
users in likewise hold q
";
    let compiled = super::ask::compile(text)?;
    let algebra = &mut algebra(&compiled);
    let action = compiled.model().action("accounts.edit").ok_or("an action")?;
    for (target, somewhere) in [(Target::Stranger, true), (Target::Myself, true), (Target::Named, false)] {
        let view = lens(Seeing::Anybody, target, 0);
        let allowed = algebra.allowed(action, view).map_err(|_| "unknown")?;
        let witness = algebra.witness(allowed, Signature::Account, view).map_err(|_| "unknown")?;
        assert_eq!(witness.is_some(), somewhere, "{target:?}");
        let Some(witness) = witness else { continue };
        let logins = [witness.actor.ok_or("an actor")?.login, witness.target.account.ok_or("an account")?.login];
        assert!(logins.iter().all(|l| l.as_ref().is_some_and(|l| l.starts_with("spec"))), "{logins:?}");
        assert_eq!(logins[0] == logins[1], target == Target::Myself, "{logins:?}");
    }
    // Both are the one login, or there is no case.
    let alone = super::ask::compile(&text.replace("users in likewise hold q\n", ""))?;
    let algebra = &mut super::ask::algebra(&alone);
    let view = lens(Seeing::Anybody, Target::Stranger, 0);
    let allowed = algebra.allowed(action, view).map_err(|_| "unknown")?;
    assert_eq!(algebra.is_empty(allowed, view), Ok(true));
    Ok(())
}

#[test]
fn own_unit_is_decided_among_many_units() -> Result<(), String> {
    let mut text = "platform p { super none }
resource reports on entity, user { view open, close }
role local { scope users in own unit and entities in own unit; allow reports.open }
role north { allow reports on users in north and entities in unit north }
"
    .to_owned();
    let units: Vec<String> = (0..60).map(|n| format!("u{n} {{ v{n} }}")).collect();
    text += &format!("unit acme {{ {}, north {{ oulu }} }}\n", units.join(", "));
    let outcome = super::ask::compile_with(&text, &["BW401", "BW009"], 0);
    assert!(outcome.findings.is_empty(), "{:?}", outcome.findings);
    let compiled = outcome.compiled.ok_or("a policy")?;
    let algebra = &mut algebra(&compiled);
    let role = |name: &str| compiled.model().roles.iter().position(|r| r.name == name).map(|i| RowId(i as u32));
    let [local, north] = ["local", "north"].map(|name| role(name).ok_or("a role"));
    let action = compiled.model().action("reports.open").ok_or("an action")?;
    let view = lens(Seeing::Holder, Target::Stranger, 0);
    let region = |algebra: &mut Algebra<'_>, row| algebra.row(row, action, view).map_err(|_| "unknown");
    let (local, north) = (region(algebra, local?)?, region(algebra, north?)?);
    let outside = algebra.minus(local, north).map_err(|_| "unknown")?;
    let both = algebra.and(local, north).map_err(|_| "unknown")?;
    assert_eq!((algebra.is_empty(outside, view), algebra.is_empty(both, view)), (Ok(false), Ok(false)));
    assert!(algebra.witness(outside, Signature::Both, view).map_err(|_| "unknown")?.is_some());
    assert!(algebra.size() < 300_000, "{} nodes", algebra.size());
    Ok(())
}

#[test]
fn what_is_kept_of_an_entity_is_not_what_leads_to_oneself() -> Result<(), String> {
    let text = "platform p { }
attribute country { fi, se }
relation keeps on entity, user
group finns = country is fi
resource reports on entity, user { view open }
role reader { allow reports.open; except * on users in finns and entities keeps }
super role owner { }
users in finns hold reader
admin ann { role owner }";
    let compiled = compile(text)?;
    let algebra = &mut algebra(&compiled);
    let open =
        ActionId::new(compiled.model().actions.iter().position(|a| a.path == "reports.open").ok_or("no action")?);
    let view = lens(Seeing::Anybody, Target::Myself, FIRST_DAY);
    let unknown = |_| "too many cases".to_owned();
    let allowed = algebra.allowed(open, view).map_err(unknown)?;
    let witness = algebra.witness(allowed, algebra.signature(open), view).map_err(unknown)?.ok_or("nobody")?;
    assert!(algebra.contains(allowed, &witness, view));
    let kept = |entity: bool| {
        let mut case = witness.clone();
        let facts = if entity { &mut case.target.entity } else { &mut case.target.user };
        facts.get_or_insert_default().relations = vec![RelationId::new(0)];
        algebra.contains(allowed, &case, view)
    };
    assert!(!kept(true), "a kept entity is left out");
    assert!(kept(false), "that the actor keeps itself does not matter");
    Ok(())
}
