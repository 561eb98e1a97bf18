//! Every case that a small policy can tell apart: entities, accounts of the policy and others, and actors that it does not name. The
//! interpreter is asked about each.

use std::collections::{BTreeMap, BTreeSet};

use crate::oracle::eval::{Atom, allow, truths_of_target};
use crate::oracle::facts::login;
use crate::oracle::policy::{
    ActionPath, Actor, Admin, Condition, EntityItem, Facts, Marks, Policy, Question, Signature, Test, Told, UserItem,
};
use crate::oracle::truth::Truth;
use crate::vocabulary::Mentions;

/// How many descriptions of one party are looked at before those that no rule tells apart are left out.
const MOST_DESCRIPTIONS: usize = 6_000;

/// The cases of a policy.
pub(crate) struct World<'p> {
    pub(crate) policy: &'p Policy,
    pub(crate) mentions: Mentions,
    /// The policies whose words tell cases apart, each with all that it asks.
    told_apart_by: Vec<(&'p Policy, Mentions)>,
    /// Whether every single test tells cases apart, and not only what rules ask for.
    by_every_test: bool,
    /// Without relations.
    entities: Vec<Facts>,
    /// Accounts that the policy does not name, without relations.
    strangers: Vec<Facts>,
    /// Actors that the policy does not name; as targets, they are themselves.
    pub(crate) actors: Vec<Facts>,
}

/// A kind of target, in the terms of the policy.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    Stranger,
    /// An account of the policy, but none of these.
    Named(Vec<String>),
    Exactly(String),
    /// This actor.
    Myself(Facts),
}

/// A target; what leads to it is told apart.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spot {
    pub(crate) entity: Option<Facts>,
    pub(crate) user: Option<Facts>,
}

/// The relations that lead from an actor to the target's parts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Led {
    pub(crate) entity: Vec<String>,
    pub(crate) user: Vec<String>,
}

impl<'p> World<'p> {
    /// None where there are too many cases to try them all.
    pub(crate) fn of(policy: &'p Policy) -> Option<Self> {
        Self::told_apart(policy, &[policy], false)
    }

    /// The cases that any test of the policy tells apart: for accounts in the place of those that it names, with other facts.
    pub(crate) fn by_every_test(policy: &'p Policy) -> Option<Self> {
        Self::told_apart(policy, &[policy], true)
    }

    /// The cases that any of these policies tells apart; `joint` has the words of all.
    pub(crate) fn of_each(joint: &'p Policy, sides: &[&'p Policy]) -> Option<Self> {
        Self::told_apart(joint, sides, false)
    }

    fn told_apart(policy: &'p Policy, by: &[&'p Policy], by_every_test: bool) -> Option<Self> {
        let mut mentions = Mentions::default();
        by.iter().for_each(|side| mentions.add(Mentions::of(side)));
        let told_apart_by = by.iter().map(|side| (*side, Mentions::of(side))).collect();
        let mut world = Self {
            policy,
            mentions,
            told_apart_by,
            by_every_test,
            entities: vec![],
            strangers: vec![],
            actors: vec![],
        };
        world.entities = world.distinct(world.described(Party::Entity)?, true);
        world.strangers = world.distinct(world.described(Party::Stranger)?, false);
        world.actors = world.distinct(world.described(Party::Actor)?, false);
        Some(world)
    }

    /// Every combination of facts that the policy asks for.
    fn described(&self, party: Party) -> Option<Vec<Facts>> {
        let (policy, mentions) = (self.policy, &self.mentions);
        let mut all =
            vec![Facts { closed: true, labels: Marks::Only(vec![]), roles: Marks::Only(vec![]), ..Facts::default() }];
        if mentions.units {
            let units = policy.units.iter().map(|u| Told::Is(u.name.clone()));
            let units: Vec<_> = std::iter::once(Told::Nothing).chain(units).collect();
            all = product(&all, &units, |facts, unit| facts.unit = unit.clone())?;
        }
        let labels: Vec<String> = mentions.labels.iter().cloned().collect();
        all = product(&all, &subsets(&labels), |facts, labels| facts.labels = Marks::Only(labels.clone()))?;
        for attribute in mentions.attributes().into_iter().filter(|a| party != Party::Entity || *a == "id") {
            let mut values = mentions.values(policy, attribute);
            if party == Party::Actor && attribute == "login" {
                values.retain(Option::is_some);
            }
            all = product(&all, &values, |facts, value| tell(facts, attribute, value.clone()))?;
        }
        if party == Party::Actor || party == Party::Stranger && mentions.holders() {
            let claims: Vec<String> = policy.roles.iter().filter(|r| r.by_claim).map(|r| r.name.clone()).collect();
            all = product(&all, &subsets(&claims), |facts, roles| facts.roles = Marks::Only(roles.clone()))?;
        }
        if party == Party::Actor {
            // An actor has a login, which nobody else bears.
            all.iter_mut().filter(|f| f.login.is_none()).for_each(|f| f.login = Some("nobody.else".into()));
        }
        Some(all)
    }

    /// One of all those that no word of the policy tells apart.
    fn distinct(&self, all: Vec<Facts>, entity: bool) -> Vec<Facts> {
        let atoms: Vec<_> = self
            .told_apart_by
            .iter()
            .map(|(side, asked)| (*side, atoms(side, asked, entity, self.by_every_test)))
            .collect();
        let mut seen: BTreeMap<(Vec<Truth>, Option<Vec<String>>), usize> = BTreeMap::new();
        let tested = self.mentions.attributes().contains("login");
        let kept = all.into_iter().filter(|facts| {
            let of_side = |(side, atoms): &(&Policy, Vec<Atom>)| {
                truths_of_target(side, &about(side, facts, entity), entity, atoms)
            };
            let truths: Vec<Truth> = atoms.iter().flat_map(of_side).collect();
            let roles = if let Marks::Only(roles) = &facts.roles { Some(roles.clone()) } else { None };
            let count = seen.entry((truths, roles)).or_default();
            *count += 1;
            // Another login of the same kind, so that two accounts can be alike.
            *count == 1 || (tested && !entity && *count == 2)
        });
        kept.collect()
    }

    /// The targets of a kind, for actions of a signature.
    pub(crate) fn spots(&self, signature: Signature, kind: &Kind) -> Vec<Spot> {
        let users: Vec<Option<Facts>> =
            if signature.uses_users() { self.users(kind).into_iter().map(Some).collect() } else { vec![None] };
        let entities: Vec<Option<Facts>> = match signature {
            Signature::Entity | Signature::EntityAndUser => self.entities.iter().cloned().map(Some).collect(),
            Signature::Site | Signature::User | Signature::Account => vec![None],
        };
        let pairs = entities.iter().flat_map(|e| users.iter().map(move |u| (e.clone(), u.clone())));
        pairs.map(|(entity, user)| Spot { entity, user }).collect()
    }

    fn users(&self, kind: &Kind) -> Vec<Facts> {
        let by_login = |admin: &Admin| Facts { closed: true, login: Some(login(admin)), ..Facts::default() };
        let admins = self.policy.admins.iter();
        match kind {
            Kind::Stranger => self.strangers.clone(),
            Kind::Named(without) => admins.filter(|a| !without.contains(&a.name)).map(by_login).collect(),
            Kind::Exactly(name) => admins.filter(|a| a.name == *name).map(by_login).collect(),
            Kind::Myself(actor) => vec![actor.clone()],
        }
    }

    /// All entities that are told apart, without relations.
    pub(crate) fn entities(&self) -> &[Facts] {
        &self.entities
    }

    /// All accounts that no policy names and that are told apart, without relations.
    pub(crate) fn strangers(&self) -> &[Facts] {
        &self.strangers
    }

    /// The relations that can lead from somebody to a target.
    pub(crate) fn leads(&self, signature: Signature) -> Vec<Led> {
        let asked = self.mentions.relations();
        let of = |entity: bool| -> Vec<String> {
            let declared = self.policy.relations.iter().filter(|r| asked.contains(&r.name));
            declared.filter(|r| if entity { r.on_entities } else { r.on_users }).map(|r| r.name.clone()).collect()
        };
        let users = match signature {
            Signature::Account => subsets(&asked),
            _ if signature.uses_users() => subsets(&of(false)),
            _ => vec![vec![]],
        };
        let entities = match signature {
            Signature::Entity | Signature::EntityAndUser => subsets(&of(true)),
            _ => vec![vec![]],
        };
        let pairs = entities.iter().flat_map(|e| users.iter().map(move |u| (e.clone(), u.clone())));
        pairs.map(|(entity, user)| Led { entity, user }).collect()
    }

    /// A question about a spot.
    pub(crate) fn question(&self, actor: &Actor, action: &ActionPath, spot: &Spot, led: &Led, day: i32) -> Question {
        let with = |facts: &Facts, led: &[String]| Facts { relations: Marks::Only(led.to_vec()), ..facts.clone() };
        Question {
            actor: actor.clone(),
            action: action.clone(),
            entity: spot.entity.as_ref().map(|f| with(f, &led.entity)),
            user: spot.user.as_ref().map(|f| with(f, &led.user)),
            day,
        }
    }

    /// Whether the interpreter allows it; everything is told, so it knows.
    pub(crate) fn allows(&self, question: &Question) -> Result<bool, String> {
        match allow(self.policy, question) {
            Truth::True => Ok(true),
            Truth::False => Ok(false),
            Truth::Unknown => Err(format!("the interpreter does not know: {question:?}")),
        }
    }

    pub(crate) fn signature(&self, action: &ActionPath) -> Signature {
        self.policy.resources.iter().find(|r| r.name == action.resource).map_or(Signature::Account, |r| r.on)
    }
}

/// Who is described.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Party {
    Entity,
    Stranger,
    Actor,
}

/// Whether the target is another account than the actor, where the policy names neither.
pub(crate) fn is_somebody_else(actor: &Facts, spot: &Spot) -> bool {
    spot.user.as_ref().is_none_or(|user| user.login.is_none() || user.login != actor.login)
}

/// All that rules can ask of a party, without what depends on the actor.
fn atoms(policy: &Policy, mentions: &Mentions, entity: bool, every_test: bool) -> Vec<Atom> {
    let absolute = |i: &&EntityItem| !matches!(i, EntityItem::InOwnUnit | EntityItem::Relation(_));
    let mut atoms: Vec<Atom> = mentions.entities.iter().filter(absolute).cloned().map(Atom::Entities).collect();
    if mentions.units {
        let here = |unit: &String| Atom::Condition(Condition::Unit { unit: unit.clone(), only: true });
        atoms.extend(policy.units.iter().map(|u| here(&u.name)));
    }
    if !entity {
        let asked = mentions.users.iter();
        let absolute = asked.filter(|i| !matches!(i, UserItem::OwnUnit | UserItem::Relation(_) | UserItem::Myself));
        atoms.extend(absolute.cloned().map(Atom::Users));
        atoms.extend(policy.roles.iter().map(|r| Atom::Users(UserItem::Holders(r.name.clone()))));
        if every_test || mentions.holders() {
            // What a condition on the holders of a role hides of those who present none is seen of whom the role is given to.
            let test = |(attribute, test): &(String, Test)| {
                Atom::Condition(Condition::Attribute {
                    attribute: attribute.clone(),
                    test: test.clone(),
                    negated: false,
                })
            };
            atoms.extend(mentions.tests.iter().filter(|(attribute, _)| known(policy, attribute)).map(test));
            atoms.extend(mentions.labels.iter().map(|l| Atom::Condition(Condition::Labelled(l.clone()))));
        }
    }
    atoms
}

/// Whether a policy has such an attribute.
fn known(policy: &Policy, attribute: &str) -> bool {
    let built_in = ["login", "id", "email", "name"].contains(&attribute);
    built_in || policy.attributes.iter().any(|a| a.name == attribute)
}

/// A question about a target; its actor and action are of no importance.
fn about(policy: &Policy, facts: &Facts, entity: bool) -> Question {
    let actor = Actor::Named(policy.admins.first().map(|a| a.name.clone()).unwrap_or_default());
    let action = ActionPath { resource: String::new(), action: String::new() };
    let question = Question { actor, action, entity: None, user: None, day: 0 };
    match entity {
        true => Question { entity: Some(facts.clone()), ..question },
        false => Question { user: Some(facts.clone()), ..question },
    }
}

fn tell(facts: &mut Facts, attribute: &str, value: Option<String>) {
    match attribute {
        "login" => facts.login = value,
        "id" => facts.id = value.map_or(Told::Nothing, Told::Is),
        name => facts.attributes.push((name.into(), value.map_or(Told::Nothing, Told::Is))),
    }
}

/// Each description with each choice; none where they become too many.
fn product<T>(all: &[Facts], choices: &[T], tell: impl Fn(&mut Facts, &T)) -> Option<Vec<Facts>> {
    let mut found = vec![];
    for facts in all {
        for choice in choices {
            let mut facts = facts.clone();
            tell(&mut facts, choice);
            found.push(facts);
        }
    }
    (found.len() <= MOST_DESCRIPTIONS).then_some(found)
}

pub(crate) fn subsets(all: &[String]) -> Vec<Vec<String>> {
    let mut found = vec![vec![]];
    for one in all {
        let with: Vec<Vec<String>> =
            found.iter().map(|s: &Vec<String>| [s.as_slice(), std::slice::from_ref(one)].concat()).collect();
        found.extend(with);
    }
    // No surprise: each of them once.
    debug_assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), found.len());
    found
}
