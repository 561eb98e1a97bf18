//! Questions to two policies: what each decides, and what their comparison says about it.

use std::cell::Cell;

use bailiwick::diff::tables::compare::{Comparison, Who};
use bailiwick::diff::tables::facts::{Fact, Party};
use bailiwick::diff::tables::joint::{Joint, When};
use bailiwick::diff::tables::people::{Mode, Person};
use bailiwick::diff::tables::shapes::Ask;
use bailiwick::diff::tables::view::Target;

use crate::oracle;
use crate::oracle::eval::allow;
use crate::oracle::facts::login;
use crate::oracle::generate::actions;
use crate::oracle::policy::{ActionPath, Actor, Admin, Facts, Marks, Policy, Question, Signature, Told, Values};
use crate::oracle::truth::Truth;
use crate::world::{Led, World};

/// What was tried.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) pairs: Cell<usize>,
    pub(crate) left_out: Cell<usize>,
    pub(crate) points: Cell<usize>,
    pub(crate) gained: Cell<usize>,
    pub(crate) lost: Cell<usize>,
}

pub(crate) fn count(cell: &Cell<usize>) {
    cell.set(cell.get() + 1);
}

/// The words of both policies, so that every case of either can be described.
pub(crate) fn both([old, new]: [&Policy; 2]) -> Policy {
    let mut joint = old.clone();
    let more = |joint: &mut Vec<_>, new: &[oracle::policy::Node]| {
        let known: Vec<String> = joint.iter().map(|n: &oracle::policy::Node| n.name.clone()).collect();
        joint.extend(new.iter().filter(|n| !known.contains(&n.name)).cloned());
    };
    more(&mut joint.units, &new.units);
    more(&mut joint.labels, &new.labels);
    for attribute in &new.attributes {
        match joint.attributes.iter_mut().find(|a| a.name == attribute.name) {
            None => joint.attributes.push(attribute.clone()),
            Some(known) => {
                if let (Values::Closed(all), Values::Closed(more)) = (&mut known.values, &attribute.values) {
                    let new: Vec<String> = more.iter().filter(|v| !all.contains(v)).cloned().collect();
                    all.extend(new);
                }
            }
        }
    }
    for relation in &new.relations {
        match joint.relations.iter_mut().find(|r| r.name == relation.name) {
            None => joint.relations.push(relation.clone()),
            Some(known) => {
                known.on_users |= relation.on_users;
                known.on_entities |= relation.on_entities;
            }
        }
    }
    for role in &new.roles {
        match joint.roles.iter_mut().find(|r| r.name == role.name) {
            None => joint.roles.push(role.clone()),
            Some(known) => known.by_claim |= role.by_claim,
        }
    }
    let named: Vec<String> = joint.admins.iter().map(login).collect();
    joint.admins.extend(new.admins.iter().filter(|a| !named.contains(&login(a))).cloned());
    joint
}

/// Who asks: a login that a policy names, or somebody else.
#[derive(Debug, Clone)]
pub(crate) enum Asker {
    Named(String),
    Unnamed(Facts),
}

/// A question to both.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) actor: Asker,
    pub(crate) action: ActionPath,
    pub(crate) entity: Option<Facts>,
    pub(crate) user: Option<Facts>,
    pub(crate) led: Led,
    pub(crate) day: i32,
}

pub(crate) struct Trial<'a> {
    pub(crate) sides: [&'a Policy; 2],
    pub(crate) world: &'a World<'a>,
    pub(crate) found: &'a Comparison<'a>,
}

impl Trial<'_> {
    fn joint(&self) -> &Joint<'_> {
        &self.found.rights.view.joint
    }

    /// Every question: the day is not chosen yet.
    pub(crate) fn cases(&self) -> impl Iterator<Item = (Case, Signature)> + '_ {
        let actions = self.actions();
        let of_actor = move |actor: Asker| {
            let of_action = actions.clone().into_iter();
            of_action.map(move |(action, signature)| (actor.clone(), action, signature))
        };
        self.actors().into_iter().flat_map(of_actor).flat_map(move |(actor, action, signature)| {
            let users = self.users(signature, &actor).into_iter();
            users
                .flat_map(move |user| self.questions(&actor, &action, signature, user.as_ref()))
                .map(move |case| (case, signature))
        })
    }

    fn actors(&self) -> Vec<Asker> {
        let named = self.world.policy.admins.iter().map(|a| Asker::Named(login(a)));
        named.chain(self.world.actors.iter().cloned().map(Asker::Unnamed)).collect()
    }

    /// The actions of either; one with two signatures is two.
    fn actions(&self) -> Vec<(ActionPath, Signature)> {
        let mut all: Vec<(ActionPath, Signature)> = vec![];
        for side in self.sides {
            for action in actions(side) {
                let signature = signature_of(side, &action).unwrap_or(Signature::Account);
                if !all.contains(&(action.clone(), signature)) {
                    all.push((action, signature));
                }
            }
        }
        all
    }

    /// The target accounts: of each policy, of nobody, and the actor.
    fn users(&self, signature: Signature, actor: &Asker) -> Vec<Option<Facts>> {
        if !signature.uses_users() {
            return vec![None];
        }
        let by_login = |login: String| Facts { closed: true, login: Some(login), ..Facts::default() };
        let mut all: Vec<Facts> = self.world.policy.admins.iter().map(|a| by_login(login(a))).collect();
        let own = if let Asker::Unnamed(facts) = actor { Some(facts) } else { None };
        let others = |f: &&Facts| own.is_none_or(|own| f.login.is_none() || f.login != own.login);
        all.extend(self.world.strangers().iter().filter(others).cloned());
        all.extend(own.cloned());
        all.into_iter().map(Some).collect()
    }

    fn questions(&self, actor: &Asker, action: &ActionPath, signature: Signature, user: Option<&Facts>) -> Vec<Case> {
        let entities: Vec<Option<Facts>> = match signature {
            Signature::Entity | Signature::EntityAndUser => self.world.entities().iter().cloned().map(Some).collect(),
            _ => vec![None],
        };
        let leads = self.world.leads(signature);
        let pairs = entities.iter().flat_map(|entity| leads.iter().map(move |led| (entity.clone(), led.clone())));
        let case = |(entity, led)| {
            let (actor, action) = (actor.clone(), action.clone());
            Case { actor, action, entity, user: user.cloned(), led, day: 0 }
        };
        pairs.map(case).collect()
    }

    pub(crate) fn ask(&self, case: &Case, signature: Signature, tally: &Tally) -> Result<(), String> {
        let [old, new] = [0, 1].map(|side| self.decision(side, case, signature));
        let (old, new) = (old?, new?);
        count(&tally.points);
        for (more, expected) in [(true, new && !old), (false, old && !new)] {
            if expected {
                count(if more { &tally.gained } else { &tally.lost });
            }
            let said = self.said(case, signature, more);
            if said != expected {
                let word = if more { "gained" } else { "lost" };
                return Err(format!("{word}: said {said}, is {expected} (before {old}, after {new}): {case:?}"));
            }
        }
        Ok(())
    }

    /// What a policy decides. A login that it does not name may do nothing where the other one names it; as a target, it is somebody
    /// with the facts that the other one knows.
    pub(crate) fn decision(&self, side: usize, case: &Case, signature: Signature) -> Result<bool, String> {
        let policy = self.sides[side];
        let other = self.sides[1 - side];
        if signature_of(policy, &case.action) != Some(signature) {
            return Ok(false);
        }
        let named = |policy: &Policy, wanted: &str| policy.admins.iter().find(|a| login(a) == wanted).cloned();
        let actor = match &case.actor {
            Asker::Named(wanted) => match named(policy, wanted) {
                Some(admin) => Actor::Named(admin.name),
                None => return Ok(false),
            },
            Asker::Unnamed(facts) => Actor::Unnamed(known_to(policy, facts)),
        };
        let with = |facts: &Facts, led: &[String]| {
            let facts = match facts.login.as_deref().and_then(|l| Some((named(policy, l), named(other, l)?))) {
                Some((None, told)) => facts_of(&told),
                _ => facts.clone(),
            };
            let facts = Facts { relations: Marks::Only(led.to_vec()), ..facts };
            known_to(policy, &facts)
        };
        let question = Question {
            actor,
            action: case.action.clone(),
            entity: case.entity.as_ref().map(|f| with(f, &case.led.entity)),
            user: case.user.as_ref().map(|f| with(f, &case.led.user)),
            day: case.day,
        };
        match allow(policy, &question) {
            Truth::Unknown | Truth::False => Ok(false),
            Truth::True => Ok(true),
        }
    }

    /// Whether the comparison says that the case is gained, or lost.
    pub(crate) fn said(&self, case: &Case, signature: Signature, more: bool) -> bool {
        let joint = self.joint();
        let own = if let Asker::Named(login) = &case.actor { Some(login.clone()) } else { None };
        let user = case.user.as_ref();
        let is_self = user.is_some_and(|u| match &case.actor {
            Asker::Named(login) => u.login.as_deref() == Some(login),
            Asker::Unnamed(facts) => u.login.is_some() && u.login == facts.login,
        });
        let named = user.and_then(|u| self.people(u.login.as_deref()?));
        let looked_at = named.as_ref().is_some_and(|p| self.found.targets.iter().any(|t| t[0].login == p[0].login));
        let kind = match () {
            () if is_self => Target::Myself,
            () if looked_at => Target::Named,
            () => Target::Stranger,
        };
        let actor = if let Asker::Unnamed(facts) = &case.actor { Some(person(joint, facts)) } else { None };
        let entity = case.entity.as_ref().map(|f| person(joint, f));
        let users = named.or_else(|| user.map(|u| [person(joint, u), person(joint, u)]));
        let so = |fact: &Fact| {
            if let Ask::Relation(relation) = fact.ask {
                let name = joint.relations.name(relation).to_owned();
                let led = if fact.party == Party::Entity { &case.led.entity } else { &case.led.user };
                return led.contains(&name);
            }
            let (person, mode) = match fact.party {
                Party::Actor => (actor.as_ref(), Mode::Actor),
                Party::Entity => (entity.as_ref(), Mode::Target),
                Party::User => (users.as_ref().map(|u| &u[0]), Mode::Target),
                Party::Later => (users.as_ref().map(|u| &u[1]), Mode::Target),
            };
            person.is_some_and(|p| p.passes(&self.found.rights.view.shapes, &fact.ask, mode, case.day))
        };
        self.found.differences.iter().any(|d| {
            let who = match d.who {
                Who::Account(index) => own.as_deref() == Some(self.found.pairs[index].login.as_str()),
                Who::Anybody => own.is_none(),
            };
            let action = &joint.actions[d.action as usize];
            who && d.more == more
                && d.target == kind
                && (d.days.0..=d.days.1).contains(&case.day)
                && is(&action.path, &case.action)
                && number(signature) == action.signature.number()
                && self.found.contains(d.region, so)
        })
    }

    /// An account of either policy, as both know it.
    fn people(&self, wanted: &str) -> Option<[Person; 2]> {
        let joint = self.joint();
        let of = |when: When| {
            let table = joint.table(when);
            let id = table.accounts().find(|id| table.account_of(*id).is_some_and(|a| a.login() == wanted))?;
            Some(Person::of(joint, when, id))
        };
        match [of(When::Before), of(When::After)] {
            [Some(old), Some(new)] => Some([old, new]),
            [Some(old), None] => Some([old.clone(), old.stranger()]),
            [None, Some(new)] => Some([new.stranger(), new]),
            [None, None] => None,
        }
    }
}

pub(crate) fn signature_of(policy: &Policy, action: &ActionPath) -> Option<Signature> {
    if !actions(policy).contains(action) {
        return None;
    }
    Some(policy.resources.iter().find(|r| r.name == action.resource).map_or(Signature::Account, |r| r.on))
}

const fn number(signature: Signature) -> u32 {
    match signature {
        Signature::Site => 0,
        Signature::Entity => 1,
        Signature::User => 2,
        Signature::EntityAndUser => 3,
        Signature::Account => 4,
    }
}

/// Whether a table's path is this one: names that are no words stand in quotes there.
fn is(path: &str, action: &ActionPath) -> bool {
    path.replace('"', "") == format!("{}.{}", action.resource, action.action)
}

/// What the other policy knows of an account, told of somebody whom this one does not name.
fn facts_of(admin: &Admin) -> Facts {
    let told = |text: &Option<String>| text.clone().map_or(Told::Nothing, Told::Is);
    let mut attributes: Vec<_> = admin.attributes.iter().map(|(n, v)| (n.clone(), Told::Is(v.clone()))).collect();
    attributes.push(("name".into(), told(&admin.title)));
    attributes.push(("email".into(), told(&admin.email)));
    Facts {
        closed: true,
        login: Some(login(admin)),
        id: told(&admin.id),
        unit: told(&admin.unit),
        labels: Marks::Only(admin.labels.clone()),
        attributes,
        relations: Marks::Nothing,
        roles: Marks::Only(vec![]),
    }
}

/// The facts without what a policy has no words for.
pub(crate) fn known_to(policy: &Policy, facts: &Facts) -> Facts {
    let keep = |marks: &Marks, known: &dyn Fn(&String) -> bool| match marks {
        Marks::Only(names) => Marks::Only(names.iter().filter(|n| known(n)).cloned().collect()),
        other => other.clone(),
    };
    let unit = match &facts.unit {
        Told::Is(unit) if !policy.units.iter().any(|u| u.name == *unit) => Told::Nothing,
        unit => unit.clone(),
    };
    let builtin = |name: &str| ["name", "email"].contains(&name);
    let declared = |name: &str| builtin(name) || policy.attributes.iter().any(|a| a.name == name);
    Facts {
        unit,
        labels: keep(&facts.labels, &|l| policy.labels.iter().any(|n| n.name == *l)),
        relations: keep(&facts.relations, &|r| policy.relations.iter().any(|n| n.name == *r)),
        roles: keep(&facts.roles, &|r| policy.roles.iter().any(|n| n.name == *r && n.by_claim)),
        attributes: facts.attributes.iter().filter(|(n, _)| declared(n)).cloned().collect(),
        ..facts.clone()
    }
}

/// Facts in joint words; of an actor or target that no policy names.
fn person(joint: &Joint<'_>, facts: &Facts) -> Person {
    let place = |list: &[String], name: &String| list.iter().position(|n| n == name).map_or(u32::MAX, |i| i as u32);
    let attribute = |name: &str, number: bool| {
        joint.attributes.iter().position(|a| a.name == name && a.number == number).map_or(u32::MAX, |i| i as u32)
    };
    let mut person = Person { login: facts.login.clone().unwrap_or_default(), active: true, ..Person::default() };
    if let Told::Is(unit) = &facts.unit {
        person.unit = Some(place(&joint.units.list, unit));
    }
    if let Marks::Only(labels) = &facts.labels {
        person.labels = labels.iter().map(|l| place(&joint.labels.list, l)).collect();
    }
    if let Marks::Only(roles) = &facts.roles {
        person.roles = roles.iter().map(|r| (place(&joint.roles.list, r), i32::MIN, i32::MAX)).collect();
    }
    let texts = facts.attributes.iter().cloned();
    let builtin =
        [("id".to_owned(), facts.id.clone()), ("login".into(), facts.login.clone().map_or(Told::Nothing, Told::Is))];
    for (name, told) in texts.chain(builtin) {
        let Told::Is(text) = told else { continue };
        person.texts.push((attribute(&name, false), text.clone()));
        if let Ok(number) = text.parse() {
            person.numbers.push((attribute(&name, true), number));
        }
    }
    person
}
