//! A target for everything that is refuted: constructed with real facts, and looked up again in the region that it shall be in.

use std::collections::BTreeMap;

use super::diagram::{Diagram, Exact, TooManyCases, Var};
use super::facts::{Fact, Lane, Party, Subject};
use super::lens::{Actor, Lens, Target};
use super::{Algebra, cells};
use crate::lower::facts::Mode;
use crate::model::id::{AccountId, AttributeId, LabelId, RelationId};
use crate::model::{AttributeType, Model, Signature, TestFacts, TestTarget};
use crate::region::{Test, Value};

/// A target in a region, and whoever asks where that is nobody in particular.
#[derive(Debug, Clone, Default)]
pub struct Witness {
    /// The target, with all its facts.
    pub target: TestTarget,
    /// Of two actors that are compared, the relations that lead from the second to the target entity.
    pub entity_from_second: Vec<RelationId>,
    /// And to the target account.
    pub user_from_second: Vec<RelationId>,
    /// Those that lead from somebody of whom one of them has a role, to the entity and to the account.
    pub from_third: [Vec<RelationId>; 2],
    /// The facts of an actor that the policy does not name; the roles among them are those that it presents.
    pub actor: Option<TestFacts>,
    /// The facts that an account of the policy was changed to have.
    pub freed: Option<TestFacts>,
    /// The target in words, with the facts that matter: "a user with country = se and department other than \"hr\"".
    pub text: String,
    /// The actor in words, where the policy does not name it.
    pub actor_text: Option<String>,
}

/// What a way through a diagram fixes about one party.
type Fixed = Vec<(Var, Fact, bool)>;

/// The logins that are not free.
#[derive(Debug, Clone, Copy)]
struct Taken<'l> {
    /// Those that the policy names.
    named: bool,
    /// Somebody's.
    other: Option<&'l str>,
}

impl Taken<'_> {
    const NONE: Self = Self { named: false, other: None };
    const NAMED: Self = Self { named: true, other: None };
}

impl Algebra<'_> {
    /// A target of an action of this signature in a region, as simple as there is; none where the region is empty.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn witness(&mut self, region: Diagram, signature: Signature, lens: Lens) -> Exact<Option<Witness>> {
        self.witness_without(region, signature, lens, &[])
    }

    /// The same, where these accounts, too, are not the target (with [`Target::Named`]).
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn witness_without(
        &mut self,
        region: Diagram,
        signature: Signature,
        lens: Lens,
        without: &[AccountId],
    ) -> Exact<Option<Witness>> {
        if self.is_empty_without(region, lens, without)? {
            return Ok(None);
        }
        let possible = self.possible_without(region, lens, without)?;
        let facts = &self.facts;
        let Some(fixed) = self.diagrams.cheapest(possible, |var, truth| cost(facts.get(var), truth)) else {
            return Ok(None);
        };
        let of = |party: Party| -> Fixed {
            let all = fixed.iter().map(|(v, truth)| (*v, facts.get(*v).clone(), *truth));
            all.filter(|(_, f, _)| f.party == party).collect()
        };
        let (actor, entity, user) = (of(Party::Actor), of(Party::Entity), of(Party::User));
        let entity_facts = self.realize(&entity, Taken::NONE)?;
        let actor_facts = match lens.actor {
            Actor::Account(_) => None,
            Actor::Guise(guise) if guise.account.is_some() => None,
            Actor::Anybody | Actor::Guise(_) => Some(self.with_login(self.realize(&actor, Taken::NAMED)?, &user)),
            Actor::Holder => Some(self.with_login(self.realize_anyone(&actor, None)?, &user)),
        };
        let (user_facts, user_text) = self.user(&user, &actor, actor_facts.as_ref(), lens, without)?;
        let actor_text = actor_facts.as_ref().map(|_| phrase(self.model, "somebody", &actor, lens));
        let entity_text = phrase(self.model, "an entity", &entity, lens);
        let (target, text) = assemble(signature, (entity_facts, entity_text), (user_facts, user_text));
        let freed = of(Party::Freed);
        let freed = if freed.is_empty() { None } else { Some(self.realize(&freed, Taken::NONE)?) };
        let from = |lane: Lane| [relations(&entity, lane), relations(&user, lane)];
        let ([entity_from_second, user_from_second], from_third) = (from(Lane::Second), from(Lane::Third));
        let witness = Witness {
            target,
            entity_from_second,
            user_from_second,
            from_third,
            actor: actor_facts,
            freed,
            text,
            actor_text,
        };
        self.contains(region, &witness, lens).then_some(Some(witness)).ok_or(TooManyCases)
    }

    /// The facts of the target account, and its words.
    fn user(
        &self,
        user: &Fixed,
        met: &Fixed,
        actor: Option<&TestFacts>,
        lens: Lens,
        without: &[AccountId],
    ) -> Exact<(TestFacts, String)> {
        let relations = relations(user, Lane::First);
        let account = match lens.target {
            Target::Stranger | Target::Anyone => {
                let account = lens.actor.account().map(|a| self.model.accounts[a.index()].login.as_str());
                let other = actor.and_then(|a| a.login.as_deref()).or(account);
                let facts = match lens.target {
                    Target::Stranger => self.realize(user, Taken { named: true, other })?,
                    _ => self.realize_anyone(user, other)?,
                };
                return Ok((facts, phrase(self.model, "a user", user, lens)));
            }
            Target::Met(_) => {
                return Ok((self.realize(met, Taken::NAMED)?, phrase(self.model, "a user", met, lens)));
            }
            Target::Myself => {
                let facts = TestFacts { relations, ..actor.cloned().unwrap_or_default() };
                return Ok((facts, phrase(self.model, "the actor itself", user, lens)));
            }
            Target::Exactly(account) => account,
            // What could be changed is asked for, and never shown.
            Target::Changed(_) => return Err(TooManyCases),
            Target::Named => self.somebody(user, lens, without)?,
        };
        let told = &self.model.accounts[account.index()];
        let facts = TestFacts { login: Some(told.login.to_string()), relations, ..TestFacts::default() };
        let own: Fixed = user.iter().filter(|(_, f, _)| matches!(f.subject, Subject::Relation(_))).cloned().collect();
        Ok((facts, phrase(self.model, &format!("the account `{}`", told.block), &own, lens)))
    }

    /// An account of the policy for which these facts are so.
    fn somebody(&self, user: &Fixed, lens: Lens, without: &[AccountId]) -> Exact<AccountId> {
        let fits = |account: &AccountId| {
            let known = self.known(*account, Mode::Target, lens.day);
            let own = user.iter().filter(|(_, f, _)| !matches!(f.subject, Subject::Relation(_)));
            lens.actor != Actor::Account(*account)
                && !without.contains(account)
                && own.clone().all(|(_, f, truth)| known.test(&f.test) == *truth)
        };
        (0..self.model.accounts.len()).map(AccountId::new).find(fits).ok_or(TooManyCases)
    }

    /// An actor that the policy does not name has a login, and nobody else bears it: not the target either.
    fn with_login(&self, mut actor: TestFacts, target: &Fixed) -> TestFacts {
        let asked =
            |text: &str| target.iter().any(|(_, f, _)| matches!(&f.test, Test::Is(_, Value::Text(t)) if t == text));
        actor.login.get_or_insert_with(|| {
            let mut login = "somebody".to_owned();
            while super::is_named(self.model, &login) || asked(&login) {
                login.push('-');
            }
            login
        });
        actor
    }

    /// Facts that come out so, of somebody whom the policy does not name where that can be.
    fn realize_anyone(&self, fixed: &Fixed, other: Option<&str>) -> Exact<TestFacts> {
        let unnamed = self.realize(fixed, Taken { named: true, other });
        unnamed.or_else(|_| self.realize(fixed, Taken { named: false, other }))
    }

    /// Facts that come out so, with a login that is not taken.
    fn realize(&self, fixed: &Fixed, logins: Taken<'_>) -> Exact<TestFacts> {
        let mut told = TestFacts {
            relations: relations(fixed, Lane::First),
            labels: Some(labels(self.model, fixed)),
            ..TestFacts::default()
        };
        let mut by_subject: BTreeMap<Subject, Vec<&(Var, Fact, bool)>> = BTreeMap::new();
        for one in fixed {
            by_subject.entry(one.1.subject).or_default().push(one);
        }
        let mut roles = vec![];
        for (subject, facts) in by_subject {
            let tests: Vec<(Var, &Fact)> = facts.iter().map(|(var, f, _)| (*var, f)).collect();
            let truths: Vec<Var> = facts.iter().filter(|(.., truth)| *truth).map(|(var, ..)| *var).collect();
            match subject {
                Subject::Unit => {
                    let cells = cells::units(self.model, &tests);
                    told.unit = cells.into_iter().find(|(_, t)| *t == truths).ok_or(TooManyCases)?.0;
                }
                Subject::Attribute(id) => match self.value(id, &tests, &truths, logins)? {
                    Some(Value::Text(login)) if id == AttributeId::LOGIN => told.login = Some(login),
                    Some(value) => told.attributes.push((id, Some(value))),
                    None => {}
                },
                Subject::Role(role) if !truths.is_empty() => roles.push(role),
                Subject::Role(_) | Subject::Labels | Subject::Tier(_) | Subject::Relation(_) | Subject::None => {}
            }
        }
        told.roles = Some(roles);
        Ok(told)
    }

    /// A value that passes these tests and no others; a present one rather than none.
    fn value(&self, id: AttributeId, tests: &[(Var, &Fact)], truths: &[Var], logins: Taken<'_>) -> Exact<cells::Told> {
        let by_policy = |text: &str| logins.named && super::is_named(self.model, text);
        let taken = |text: &str| id == AttributeId::LOGIN && (by_policy(text) || logins.other == Some(text));
        let values = cells::values(self.model, id, tests, taken)?;
        let mut fitting = values.into_iter().filter(|(_, t)| t == truths).map(|(value, _)| value);
        let first = fitting.next().ok_or(TooManyCases)?;
        Ok(if first.is_none() { fitting.next().unwrap_or(None) } else { first })
    }

    /// Whether a region contains a case: every fact that it asks for is looked up in what is told. Whether there can be such a case
    /// is [`Algebra::possible`].
    #[must_use]
    pub fn contains(&self, region: Diagram, witness: &Witness, lens: Lens) -> bool {
        let nobody = TestFacts::default();
        let user = witness.target.account.as_ref().or(witness.target.user.as_ref()).unwrap_or(&nobody);
        let entity = witness.target.entity.as_ref().unwrap_or(&nobody);
        let actor = witness.actor.as_ref().unwrap_or(&nobody);
        let freed = witness.freed.clone().unwrap_or_default();
        let mut at = region;
        while let Some((var, low, high)) = self.diagrams.branch(at) {
            let fact = self.facts.get(var);
            let truth = match (fact.party, lens.target) {
                (Party::Entity, _) if fact.lane == Lane::Second => {
                    witness.entity_from_second.contains(&relation_of(fact))
                }
                (_, _) if fact.lane == Lane::Second => witness.user_from_second.contains(&relation_of(fact)),
                (party, _) if fact.lane == Lane::Third => {
                    witness.from_third[usize::from(party != Party::Entity)].contains(&relation_of(fact))
                }
                (Party::Actor, _) => self.is_true(fact, actor),
                (Party::Freed, _) => self.is_true(fact, &freed),
                (Party::Aim | Party::Giver, _) => false,
                (Party::Entity, _) => self.is_true(fact, entity),
                (Party::User, Target::Named) if !matches!(fact.test, Test::Relation(_)) => {
                    let login = user.login.as_deref().unwrap_or_default();
                    let found = self.model.accounts.binary_search_by(|a| a.login.as_str().cmp(login));
                    found.is_ok_and(|i| self.known(AccountId::new(i), Mode::Target, lens.day).test(&fact.test))
                }
                (Party::User, _) => self.is_true(fact, user),
            };
            at = if truth { high } else { low };
        }
        at == Diagram::TRUE
    }

    fn is_true(&self, fact: &Fact, told: &TestFacts) -> bool {
        match &fact.test {
            Test::Unit(unit) => told.unit.is_some_and(|u| self.model.units.within(u.0, unit.0)),
            Test::UnitOnly(unit) => told.unit == Some(*unit),
            Test::Label(label) => told.labels.iter().flatten().any(|l| self.model.labels.within(l.0, label.0)),
            Test::Relation(relation) => told.relations.contains(relation),
            Test::Given(role) => told.roles.iter().flatten().any(|r| r == role),
            test => match fact.subject {
                Subject::Attribute(AttributeId::LOGIN) => {
                    cells::passes(test, told.login.clone().map(Value::Text).as_ref())
                }
                Subject::Attribute(id) => {
                    let value = told.attributes.iter().find(|(a, _)| *a == id).and_then(|(_, v)| v.as_ref());
                    cells::passes(test, value)
                }
                _ => false,
            },
        }
    }
}

fn relation_of(fact: &Fact) -> RelationId {
    match fact.subject {
        Subject::Relation(relation) => relation,
        _ => RelationId(u32::MAX),
    }
}

/// What is weighed when a witness is chosen: what is the case says more than what is not, and an ordinary fact is simpler than a
/// role or a relation.
const fn cost(fact: &Fact, truth: bool) -> u32 {
    match (fact.subject, truth) {
        (_, false) => 2,
        (Subject::Relation(_) | Subject::Role(_) | Subject::Tier(_), true) => 5,
        (_, true) => 3,
    }
}

fn relations(fixed: &Fixed, lane: Lane) -> Vec<RelationId> {
    let mut all: Vec<_> = fixed
        .iter()
        .filter(|(_, f, truth)| *truth && f.lane == lane && matches!(f.test, Test::Relation(_)))
        .map(|(_, f, _)| relation_of(f))
        .collect();
    all.dedup();
    all
}

/// The labels to bear: those that are true, without the ones above another.
fn labels(model: &Model, fixed: &Fixed) -> Vec<LabelId> {
    let borne: Vec<LabelId> = fixed
        .iter()
        .filter_map(|(_, f, truth)| match f.test {
            Test::Label(label) if *truth => Some(label),
            _ => None,
        })
        .collect();
    let above = |l: &LabelId| borne.iter().any(|o| o != l && model.labels.within(o.0, l.0));
    borne.iter().filter(|l| !above(l)).copied().collect()
}

fn assemble(signature: Signature, entity: (TestFacts, String), user: (TestFacts, String)) -> (TestTarget, String) {
    let mut target = TestTarget::default();
    let text = match signature {
        Signature::Site => "the whole site".to_owned(),
        Signature::Entity => {
            target.entity = Some(entity.0);
            entity.1
        }
        Signature::User => {
            target.user = Some(user.0);
            user.1
        }
        Signature::Account => {
            target.account = Some(user.0);
            user.1
        }
        Signature::Both => {
            (target.entity, target.user) = (Some(entity.0), Some(user.0));
            format!("{} and {}", entity.1, user.1)
        }
    };
    (target, text)
}

/// A party in words: "a user with country = se, department other than \"hr\", in unit north".
fn phrase(model: &Model, who: &str, fixed: &Fixed, lens: Lens) -> String {
    let mut with: Vec<String> = vec![];
    let mut after: Vec<String> = vec![];
    let positive =
        |subject: Subject| fixed.iter().any(|(_, f, truth)| f.subject == subject && *truth && says_all(&f.test));
    for (_, fact, truth) in fixed.iter().filter(|(_, fact, truth)| !is_implied(model, fixed, fact, *truth)) {
        let settled = positive(fact.subject) && !(*truth && says_all(&fact.test));
        let words = words(model, fact, *truth, lens);
        match (fact.subject, words) {
            (_, None) => {}
            (Subject::Attribute(_), Some(words)) if !settled => with.push(words),
            (Subject::Attribute(_), _) => {}
            (_, Some(words)) => after.push(words),
        }
    }
    let mut text = who.to_owned();
    if !with.is_empty() {
        text += &format!(" with {}", listed(&with));
    }
    for words in after {
        text += &format!(", {words}");
    }
    text
}

/// Whether another fact says it already: who is in a unit is in those above it and in no other, and the same goes for labels, of which
/// there may be several.
fn is_implied(model: &Model, fixed: &Fixed, fact: &Fact, truth: bool) -> bool {
    let mut others = fixed.iter().filter(|(_, other, _)| other != fact && other.party == fact.party);
    let (units, labels) = (&model.units, &model.labels);
    others.any(|(_, other, is)| match (&fact.test, &other.test) {
        (Test::Unit(a), Test::Unit(b)) => match (truth, is) {
            (true, true) => units.within(b.0, a.0),
            (false, false) => units.within(a.0, b.0),
            (false, true) => !units.within(a.0, b.0) && !units.within(b.0, a.0),
            (true, false) => false,
        },
        (Test::Unit(a), Test::UnitOnly(b)) if *is => units.within(b.0, a.0) == truth,
        (Test::UnitOnly(_), Test::UnitOnly(_)) if *is => !truth,
        (Test::UnitOnly(a), Test::Unit(b)) if !truth => units.within(a.0, b.0) != *is,
        (Test::Label(a), Test::Label(b)) if truth == *is => {
            if truth {
                labels.within(b.0, a.0)
            } else {
                labels.within(a.0, b.0)
            }
        }
        _ => false,
    })
}

fn listed(words: &[String]) -> String {
    match words.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => words.concat(),
    }
}

/// A value settles every other test of its attribute.
const fn says_all(test: &Test) -> bool {
    matches!(test, Test::Is(..))
}

fn words(model: &Model, fact: &Fact, truth: bool, lens: Lens) -> Option<String> {
    let attribute = |id: AttributeId| model.attributes[id.index()].name.as_str();
    let is = |id: AttributeId, value: &Value| match (value, &model.attributes[id.index()].ty) {
        (Value::Closed(v), AttributeType::Closed(names)) => names.get(*v as usize).cloned().unwrap_or_default(),
        (Value::Text(text), _) => format!("{text:?}"),
        (Value::Number(n), _) => n.to_string(),
        (Value::Closed(v), _) => v.to_string(),
    };
    let not = if truth { "" } else { "not " };
    Some(match &fact.test {
        Test::Is(id, value) if truth => format!("{} = {}", attribute(*id), is(*id, value)),
        Test::Is(id, value) => format!("{} other than {}", attribute(*id), is(*id, value)),
        Test::Set(id) => format!("{} {}", if truth { "any" } else { "no" }, attribute(*id)),
        Test::StartsWith(id, text) => format!("{} {not}starting with {text:?}", attribute(*id)),
        Test::EndsWith(id, text) => format!("{} {not}ending with {text:?}", attribute(*id)),
        Test::Contains(id, text) => format!("{} {not}containing {text:?}", attribute(*id)),
        Test::AtLeast(id, n) => format!("{} {} {n}", attribute(*id), if truth { ">=" } else { "<" }),
        Test::AtMost(id, n) => format!("{} {} {n}", attribute(*id), if truth { "<=" } else { ">" }),
        Test::Unit(unit) => format!("{not}in unit `{}`", model.units.short_name(unit.0)),
        Test::UnitOnly(unit) => format!("{not}in unit `{}` itself", model.units.short_name(unit.0)),
        Test::Label(label) => {
            format!(
                "{} label `{}`",
                if truth { "bearing the" } else { "without the" },
                model.labels.short_name(label.0)
            )
        }
        Test::Given(role) => {
            let verb = if matches!(lens.target, Target::Named | Target::Exactly(_)) && fact.party == Party::User {
                "holding"
            } else {
                "presenting"
            };
            format!("{not}{verb} `{}`", model.roles[role.index()].name)
        }
        Test::Relation(relation) => {
            let name = &model.relations[relation.index()].name;
            if truth {
                format!("in the relation `{name}` of the actor")
            } else {
                format!("not in the relation `{name}` of the actor")
            }
        }
        _ => return None,
    })
}
