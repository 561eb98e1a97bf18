//! The own grants of roles, and which of them contain which; the holder is anybody who could be given the role.

use bailiwick::algebra::{Actor as Seeing, Algebra, Diagram, Target};
use bailiwick::lower::rights::RowId;

use super::ask::{algebra, lens};
use super::board::{Board, Seat, part};
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
    /// The account of the policy that it is, where it is one.
    pub(crate) account: Option<String>,
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
    Holder { facts, policy, account: None }
}

/// An account of the policy, in which it was given some roles instead.
fn holder_named(policy: &Policy, admin: &Admin, given: &[String]) -> Holder {
    let of = |told: &Option<String>| told.clone().map_or(Told::Nothing, Told::Is);
    let mut attributes: Vec<_> =
        admin.attributes.iter().map(|(name, value)| (name.clone(), Told::Is(value.clone()))).collect();
    attributes.extend([("name".to_owned(), of(&admin.title)), ("email".to_owned(), of(&admin.email))]);
    let facts = Facts {
        closed: true,
        login: Some(login(admin)),
        id: of(&admin.id),
        unit: of(&admin.unit),
        labels: Marks::Only(admin.labels.clone()),
        attributes,
        ..Facts::default()
    };
    let mut without = policy.clone();
    without.admins.retain(|a| a.name != admin.name);
    Holder { account: Some(admin.name.clone()), ..holder(&without, &facts, given) }
}

/// Somebody of whom a witness tells: its roles are those that it was given.
pub(crate) fn held_by(policy: &Policy, mut facts: Facts) -> Holder {
    let given = if let Marks::Only(given) = std::mem::take(&mut facts.roles) { given } else { vec![] };
    match policy.admins.iter().find(|a| Some(login(a)) == facts.login) {
        Some(admin) => holder_named(policy, admin, &given),
        None => holder(policy, &facts, &given),
    }
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
    let unnamed = facts.iter().flat_map(|f| given.iter().map(|g| holder(policy, f, g)));
    // Whom the policy names is another one where logins are asked for.
    let named = policy.admins.iter().filter(|_| world.mentions.attributes().contains("login"));
    unnamed.chain(named.flat_map(|a| given.iter().map(|g| holder_named(policy, a, g)))).collect()
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
    on_small_policies("roles", 20, |trial| {
        let at = trial.day(&mut trial.dice());
        let board = Board::new(trial, trial.policy, at, true)?;
        let algebra = &mut algebra(trial.compiled);
        let names: Vec<&str> = trial.policy.roles.iter().map(|r| r.name.as_str()).collect();
        let pairs = names.iter().flat_map(|one| names.iter().map(move |other| [*one, *other]));
        for pair in pairs.filter(|[one, other]| one != other || names.len() == 1) {
            for action in 0..board.actions.len() {
                let signature = trial.world.signature(&board.actions[action]);
                for kind in 0..Board::kinds(signature) {
                    within(&board, algebra, pair, (action, kind))?;
                }
            }
        }
        Ok(())
    });
}

/// Compares what one role gives and another does not.
fn within(
    board: &Board<'_, '_>,
    algebra: &mut Algebra<'_>,
    pair: [&str; 2],
    (action, kind): (usize, usize),
) -> Result<(), String> {
    let (trial, day, path) = (board.trial, board.days[0], &board.actions[action]);
    let signature = trial.world.signature(path);
    // As an account of the policy, the holder is itself.
    let asked = [Target::Stranger, Target::Named, Target::Myself][kind];
    let view = lens(Seeing::Holder, asked, day);
    let id = trial.names.action(path)?;
    let mut rows = [Diagram::FALSE; 2];
    for side in 0..2 {
        let row = RowId(trial.names.role(pair[side])?.0);
        rows[side] = trial.known(algebra.row(row, id, view))?;
    }
    let left = trial.known(algebra.minus(rows[0], rows[1]))?;
    let possible = trial.known(algebra.possible(left, view))?;
    let mut any = false;
    for seat in board.holders() {
        let Seat::Holder(holder) = &board.seats[seat] else { continue };
        let place = (seat, signature, kind);
        let Some(cases) = board.cases(place) else { return Ok(()) };
        board.tried(cases.len());
        let has = pair.map(|role| board.granted(place, (action, role), day));
        for (at, case) in cases.iter().enumerate() {
            let expected = has[0](at, case)? && !has[1](at, case)?;
            any |= expected;
            let spot = part(trial, path, &case.spot);
            let told = trial.names.case(Some(&holder.facts), signature, &spot, &case.led, &Led::default())?;
            if [left, possible].iter().any(|region| algebra.contains(*region, &told, view) != expected) {
                return Err(format!("{pair:?} {path:?} {expected} for {:?} on {spot:?} {:?}", holder.facts, case.led));
            }
        }
    }
    count(&trial.tally.compared, 1);
    let witness = trial.known(algebra.witness(left, algebra.signature(id), view))?;
    if witness.is_some() != any || trial.known(algebra.is_empty(left, view))? == any {
        return Err(format!("{pair:?} {path:?} {view:?}: contained {}, it says {:?}", !any, witness.map(|w| w.text)));
    }
    let Some(witness) = witness else { return Ok(()) };
    count(&trial.tally.witnesses, 1);
    let holder = held_by(trial.policy, trial.names.actor_of(&witness)?);
    let (spot, led, _) = trial.names.told(&witness);
    let question = put(trial, &holder, path, (&spot, &led), day);
    let has = pair.map(|role| own_grants(&holder.policy, &question, role));
    if has == [Truth::True, Truth::False] {
        return Ok(());
    }
    Err(format!("a witness that is none: {} {has:?}", witness.text))
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

#[test]
fn whether_there_is_any_account_at_all_is_told_right() {
    on_small_policies("anyone", 25, |trial| {
        let dice = &mut trial.dice();
        let day = trial.day(dice);
        let algebra = &mut algebra(trial.compiled);
        let crowd = crowd(trial);
        for role in &trial.policy.roles {
            for action in &trial.actions(dice) {
                anyone(trial, algebra, &crowd, &role.name, action, day)?;
            }
        }
        Ok(())
    });
}

/// Who looks at whom, of all accounts that there could be, and of those who have none: the policy with both, and the target.
fn crowd(trial: &Trial<'_>) -> Vec<(Policy, Facts)> {
    let units: Vec<&Facts> =
        if trial.world.mentions.units { one_in_each_unit(&trial.world) } else { vec![&trial.world.actors[0]] };
    // What the accounts of the policy are today does not count.
    let accounts = anyone_of(trial.policy, &trial.world).into_iter().map(|target| {
        let user = Facts { closed: true, login: Some(login(&target)), ..Facts::default() };
        (with_anyone(trial.policy, &target), user)
    });
    let nameless = trial.world.strangers().iter().filter(|facts| facts.login.is_none());
    let nameless = nameless.map(|facts| (trial.policy.clone(), facts.clone()));
    let mut all = vec![];
    for (with, user) in accounts.chain(nameless) {
        for asking in &units {
            let other = Facts { login: Some("somebody.asking".into()), ..(*asking).clone() };
            let mut policy = holder(&with, &other, &[]).policy;
            if let Some(last) = policy.admins.last_mut() {
                last.name = "asking".into();
            }
            all.push((policy, user.clone()));
        }
    }
    all
}

/// Whether a role gives an action on anybody that there could be, whatever that was given.
fn anyone(
    trial: &Trial<'_>,
    algebra: &mut Algebra<'_>,
    crowd: &[(Policy, Facts)],
    role: &str,
    action: &ActionPath,
    day: i32,
) -> Result<(), String> {
    let signature = trial.world.signature(action);
    let entities = trial.world.spots(signature, &Kind::Exactly(trial.policy.admins[0].name.clone()));
    let leads = trial.world.leads(signature);
    if !signature.uses_users() || !trial.affords(entities.len() * leads.len() * crowd.len()) {
        return Ok(());
    }
    count(&trial.tally.compared, 1);
    let view = lens(Seeing::Holder, Target::Anyone, day);
    let row = RowId(trial.names.role(role)?.0);
    let region = trial.known(algebra.row(row, trial.names.action(action)?, view))?;
    let asked = |(policy, user): &(Policy, Facts)| {
        let mut cases = entities.iter().flat_map(|s| leads.iter().map(move |l| (s, l)));
        cases.any(|(spot, led)| {
            let spot = Spot { user: Some(user.clone()), ..spot.clone() };
            let question = trial.world.question(&Actor::Named("asking".into()), action, &spot, led, day);
            own_grants(policy, &question, role) == Truth::True
        })
    };
    let any = crowd.iter().any(asked);
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
