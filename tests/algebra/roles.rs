//! The own grants of roles, and which of them contain which; the holder is anybody who could be given the role.

use bailiwick::algebra::{Actor as Seeing, Algebra, Diagram, Lens};
use bailiwick::lower::rights::RowId;

use super::ask::{algebra, lens};
use super::regions::kinds;
use super::trial::{Trial, count, on_small_policies};
use super::world::{Kind, Led, Spot, World};
use crate::oracle::eval::own_grants;
use crate::oracle::facts::login;
use crate::oracle::policy::{
    ActionPath, Actor, Admin, Assignment, Facts, Marks, Period, Policy, Question, Told, UserItem,
};
use crate::oracle::truth::Truth;

/// The name of an account that is added to hold something.
pub(crate) const HOLDER: &str = "the_holder";

/// A holder's facts, and the policy with such an account.
pub(crate) struct Holder {
    pub(crate) facts: Facts,
    pub(crate) policy: Policy,
}

/// Somebody with these facts, as an account of the policy that was given some roles.
fn holder(policy: &Policy, facts: &Facts, given: &[String]) -> Holder {
    let attribute = |name: &str| {
        let told = facts.attributes.iter().find(|(n, _)| n == name).map(|(_, told)| told.clone());
        if let Some(Told::Is(value)) = told { Some(value) } else { None }
    };
    let of = |told: &Told<String>| if let Told::Is(value) = told { Some(value.clone()) } else { None };
    let own = facts.attributes.iter().filter(|(n, _)| n != "email" && n != "name");
    let assignment = |role: &String| Assignment { role: role.clone(), on: None, period: Period::default() };
    let admin = Admin {
        name: HOLDER.into(),
        login: facts.login.clone(),
        title: attribute("name"),
        email: attribute("email"),
        id: of(&facts.id),
        unit: of(&facts.unit),
        labels: if let Marks::Only(labels) = &facts.labels { labels.clone() } else { vec![] },
        attributes: own.filter_map(|(n, v)| of(v).map(|v| (n.clone(), v))).collect(),
        assignments: given.iter().map(assignment).collect(),
        ..Admin::default()
    };
    let mut policy = policy.clone();
    policy.admins.push(admin);
    let facts = Facts { roles: Marks::Only(given.to_vec()), ..facts.clone() };
    Holder { facts, policy }
}

/// Somebody of whom a witness tells: its roles are those that it was given.
pub(crate) fn held_by(policy: &Policy, mut facts: Facts) -> Holder {
    let given = if let Marks::Only(given) = std::mem::take(&mut facts.roles) { given } else { vec![] };
    holder(policy, &facts, &given)
}

/// Everybody who could hold a role: any facts, with any roles that somebody asks for.
pub(crate) fn holders(trial: &Trial<'_>) -> Vec<Holder> {
    holders_of(trial.policy, &trial.world)
}

/// The same, of a policy and what it tells apart.
pub(crate) fn holders_of(policy: &Policy, world: &World<'_>) -> Vec<Holder> {
    let asked = world.mentions.users.iter();
    let asked: Vec<String> =
        asked.filter_map(|i| if let UserItem::Holders(role) = i { Some(role.clone()) } else { None }).collect();
    let mut facts = world.actors.clone();
    // What is presented is not what was given.
    facts.iter_mut().for_each(|f| f.roles = Marks::Nothing);
    let mut seen: Vec<Facts> = vec![];
    facts.retain(|f| {
        !seen.contains(f) && {
            seen.push(f.clone());
            true
        }
    });
    let given = super::world::subsets(&asked);
    facts.iter().flat_map(|f| given.iter().map(|g| holder(policy, f, g))).collect()
}

/// Every account that there could be, in the place of one of the policy too where logins are asked for.
pub(crate) fn anyone_of(policy: &Policy, world: &World<'_>) -> Vec<Admin> {
    let mut all: Vec<Admin> = vec![];
    let asked = world.mentions.attributes().contains("login");
    for holder in holders_of(policy, world) {
        let Some(added) = holder.policy.admins.last() else { continue };
        all.push(Admin { name: "anyone".into(), ..added.clone() });
        let logins = policy.admins.iter().filter(|_| asked).map(|a| Some(login(a)));
        all.extend(logins.map(|login| Admin { name: "anyone".into(), login, ..added.clone() }));
    }
    all
}

/// The policy with such an account, in the place of one with the same login.
pub(crate) fn with_anyone(policy: &Policy, anyone: &Admin) -> Policy {
    let mut with = policy.clone();
    with.admins.retain(|a| login(a) != login(anyone));
    with.admins.push(anyone.clone());
    with
}

#[test]
fn a_role_contains_another_where_it_does_in_every_case() {
    on_small_policies("roles", 30, |trial| {
        let dice = &mut trial.dice();
        let day = trial.day(dice);
        let holders = holders(trial);
        let roles = &trial.policy.roles;
        let pair = [dice.below(roles.len()), dice.below(roles.len())];
        let pair = pair.map(|r| roles[r].name.as_str());
        let algebra = &mut algebra(trial.compiled);
        for action in &trial.actions(dice) {
            let signature = trial.world.signature(action);
            let actor = Actor::Unnamed(holders[0].facts.clone());
            let kinds = kinds(trial, action, &actor);
            for (kind, asked) in kinds.iter().enumerate() {
                // As an account of the policy, the holder is itself.
                let one = trial.world.spots(signature, asked).len() * trial.world.leads(signature).len();
                if trial.affords(one * holders.len()) {
                    let view = lens(Seeing::Holder, trial.names.target(asked)?, day);
                    within(trial, algebra, &holders, (pair, action, kind), view)?;
                }
            }
        }
        Ok(())
    });
}

fn within(
    trial: &Trial<'_>,
    algebra: &mut Algebra<'_>,
    holders: &[Holder],
    (pair, action, kind): ([&str; 2], &ActionPath, usize),
    view: Lens,
) -> Result<(), String> {
    count(&trial.tally.compared, 1);
    let id = trial.names.action(action)?;
    let signature = trial.world.signature(action);
    let mut rows = [Diagram::FALSE; 2];
    for side in 0..2 {
        let row = RowId(trial.names.role(pair[side])?.0);
        rows[side] = trial.known(algebra.row(row, id, view))?;
    }
    let left = trial.known(algebra.minus(rows[0], rows[1]))?;
    let possible = trial.known(algebra.possible(left, view))?;
    let mut any = false;
    for holder in holders {
        let spots = trial.world.spots(signature, &kinds(trial, action, &Actor::Unnamed(holder.facts.clone()))[kind]);
        for spot in spots.iter().filter(|s| kind != 0 || super::world::is_somebody_else(&holder.facts, s)) {
            for led in &trial.world.leads(signature) {
                let has = grants(trial, holder, pair, action, (spot, led), view.day)?;
                let expected = has[0] && !has[1];
                any |= expected;
                let case = trial.names.case(Some(&holder.facts), signature, spot, led, &Led::default())?;
                if [left, possible].iter().any(|region| algebra.contains(*region, &case, view) != expected) {
                    return Err(format!("{pair:?} {action:?} {has:?} for {:?} on {spot:?} {led:?}", holder.facts));
                }
            }
        }
    }
    let witness = trial.known(algebra.witness(left, algebra.signature(id), view))?;
    if witness.is_some() != any || trial.known(algebra.is_empty(left, view))? == any {
        return Err(format!("{pair:?} {action:?} {view:?}: contained {}, it says {:?}", !any, witness.map(|w| w.text)));
    }
    let Some(witness) = witness else { return Ok(()) };
    count(&trial.tally.witnesses, 1);
    let holder = held_by(trial.policy, trial.names.actor_of(&witness)?);
    let (spot, led, _) = trial.names.told(&witness);
    let has = grants(trial, &holder, pair, action, (&spot, &led), view.day)?;
    if has == [true, false] { Ok(()) } else { Err(format!("a witness that is none: {} {has:?}", witness.text)) }
}

/// A question of a holder, which is an account of the policy for the while.
pub(crate) fn put(
    trial: &Trial<'_>,
    holder: &Holder,
    action: &ActionPath,
    (spot, led): (&Spot, &Led),
    day: i32,
) -> Question {
    let mut question = trial.world.question(&Actor::Named(HOLDER.into()), action, spot, led, day);
    let own = holder.facts.login.as_ref().map(|l| l.to_lowercase());
    if let Some(user) = question.user.as_mut().filter(|u| u.login.is_some() && u.login == own) {
        // The account itself: whatever it was given, the policy knows.
        let login = holder.policy.admins.last().map(login);
        *user = Facts { closed: true, login, relations: user.relations.clone(), ..Facts::default() };
    }
    question
}

/// Whether the roles' own grants have a case, for this holder.
fn grants(
    trial: &Trial<'_>,
    holder: &Holder,
    pair: [&str; 2],
    action: &ActionPath,
    (spot, led): (&Spot, &Led),
    day: i32,
) -> Result<[bool; 2], String> {
    let question = put(trial, holder, action, (spot, led), day);
    let mut has = [false; 2];
    for side in 0..2 {
        has[side] = match own_grants(&holder.policy, &question, pair[side]) {
            Truth::True => true,
            Truth::False => false,
            Truth::Unknown => return Err(format!("the interpreter does not know: {question:?}")),
        };
    }
    Ok(has)
}

#[test]
fn whether_there_is_any_account_at_all_is_told_right() {
    on_small_policies("anyone", 30, |trial| {
        let dice = &mut trial.dice();
        let day = trial.day(dice);
        let holders = holders(trial);
        let algebra = &mut algebra(trial.compiled);
        for role in &trial.policy.roles {
            for action in &trial.actions(dice) {
                anyone(trial, algebra, &holders, &role.name, action, day)?;
            }
        }
        Ok(())
    });
}

/// Whether a role gives an action on any account that there could be, whatever that was given.
fn anyone(
    trial: &Trial<'_>,
    algebra: &mut Algebra<'_>,
    holders: &[Holder],
    role: &str,
    action: &ActionPath,
    day: i32,
) -> Result<(), String> {
    let signature = trial.world.signature(action);
    let entities = trial.world.spots(signature, &Kind::Exactly(trial.policy.admins[0].name.clone()));
    let leads = trial.world.leads(signature);
    let units: Vec<&Facts> =
        if trial.world.mentions.units { one_in_each_unit(&trial.world) } else { vec![&trial.world.actors[0]] };
    if !signature.uses_users() || !trial.affords(entities.len() * leads.len() * holders.len() * units.len()) {
        return Ok(());
    }
    count(&trial.tally.compared, 1);
    let view = lens(Seeing::Holder, bailiwick::algebra::Target::Anyone, day);
    let row = RowId(trial.names.role(role)?.0);
    let region = trial.known(algebra.row(row, trial.names.action(action)?, view))?;
    let mut any = false;
    'all: for target in holders {
        for asking in &units {
            let other = Facts { login: Some("somebody.asking".into()), ..(*asking).clone() };
            let with_both = holder(&target.policy, &other, &[]).policy;
            for (spot, led) in entities.iter().flat_map(|s| leads.iter().map(move |l| (s, l))) {
                let user = Facts { closed: true, login: target.policy.admins.last().map(login), ..Facts::default() };
                let spot = Spot { user: Some(user), ..spot.clone() };
                let mut question = trial.world.question(&Actor::Named("asking".into()), action, &spot, led, day);
                question.actor = Actor::Named("asking".into());
                let mut policy = with_both.clone();
                if let Some(last) = policy.admins.last_mut() {
                    last.name = "asking".into();
                }
                any = own_grants(&policy, &question, role) == Truth::True;
                if any {
                    break 'all;
                }
            }
        }
    }
    if trial.known(algebra.is_empty(region, view))? == any {
        return Err(format!("{role} gives {action:?} on somebody: {any}, and it says not"));
    }
    Ok(())
}

/// An actor for each unit, and one without: it is all that matters of somebody who looks at another.
fn one_in_each_unit<'w>(world: &'w World<'_>) -> Vec<&'w Facts> {
    let mut found: Vec<&Facts> = vec![];
    for actor in &world.actors {
        if found.iter().all(|f| f.unit != actor.unit) {
            found.push(actor);
        }
    }
    found
}
