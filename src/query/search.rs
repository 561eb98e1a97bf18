//! Whether anything at all is allowed: an exact search over targets.
//!
//! The reader decides open targets in Kleene's logic and names a fact that was missing. So the search asks with nothing known and
//! tries, for the fact that is named, every case that any predicate of the table can tell apart; a case in which the answer is known
//! is a leaf. Every leaf that allows is a witness. (A DPLL search in which the evaluator chooses the branches.)

use bailiwick_table::{
    ActionId, AttributeId, AttributeType, FactName, LabelId, Missing, Part, Reason, Signature, Table, Truth, UnitId,
};

use super::facts::{Owned, OwnedTarget, Told};
use super::{Asker, constants};
use crate::region::Value;

/// How many questions a search may ask before it gives up.
const MOST_QUESTIONS: u32 = 200_000;

/// What a search found.
#[derive(Debug, Clone)]
pub enum Anything {
    /// Something is allowed: an example, in the words of a target.
    Yes(String),
    /// Nothing is, and why.
    No(String),
    /// It could not be told: too many cases.
    Unknown,
    /// It cannot be told: a fact of the actor is missing, in words.
    ActorUnknown(String),
}

/// Searches for a target on which the action is allowed.
#[must_use]
pub fn anything<D: AsRef<[u8]>>(table: &Table<D>, asker: &Asker, action: ActionId, day: i32) -> Anything {
    let Some(shown) = table.action_of(action) else { return Anything::No("there is no such action".to_owned()) };
    let open = || Some(Owned::open());
    let mut target = OwnedTarget::default();
    match shown.signature {
        Signature::Site => {}
        Signature::Entity => target.entity = open(),
        Signature::User => target.user = open(),
        Signature::Account => target.account = open(),
        Signature::Both => (target.entity, target.user) = (open(), open()),
    }
    let texts = constants::texts(table);
    let why = refusal(table, &target, asker, action, day);
    let mut search = Search { table, asker, action, day, texts, left: MOST_QUESTIONS, actor_missing: None };
    let found = search.run(target);
    let capped = search.left == 0 || search.texts.capped;
    match (found, capped, search.actor_missing) {
        (Some(witness), _, _) => Anything::Yes(super::words::target(table, &witness)),
        (None, true, _) => Anything::Unknown,
        (None, _, Some(fact)) => Anything::ActorUnknown(fact),
        (None, _, None) => Anything::No(why),
    }
}

/// Why nothing is allowed, once that is known.
fn refusal<D: AsRef<[u8]>>(table: &Table<D>, open: &OwnedTarget, asker: &Asker, action: ActionId, day: i32) -> String {
    let decision = open.with(|target| asker.decide(table, action, target, day));
    if decision.missing().is_some() {
        return "no target is inside what is granted and outside what is forbidden".to_owned();
    }
    let text = table.explain(decision).to_string();
    text.strip_prefix("denied: ").unwrap_or(&text).to_owned()
}

/// Makes a case: the target with one party changed.
type Case<'a> = dyn Fn(&dyn Fn(&mut Owned)) -> OwnedTarget + 'a;

struct Search<'a, D> {
    table: &'a Table<D>,
    asker: &'a Asker,
    action: ActionId,
    day: i32,
    texts: constants::Texts,
    left: u32,
    actor_missing: Option<String>,
}

impl<D: AsRef<[u8]>> Search<'_, D> {
    /// A target on which it is allowed, depth first. The stack holds targets still to be asked about.
    fn run(&mut self, start: OwnedTarget) -> Option<OwnedTarget> {
        let mut stack = vec![start];
        while let Some(target) = stack.pop() {
            if self.left == 0 {
                return None;
            }
            self.left -= 1;
            let decision = target.with(|t| self.asker.decide(self.table, self.action, t, self.day));
            if decision.allowed {
                return Some(target);
            }
            if let Reason::Contradiction(_) = decision.reason {
                continue;
            }
            let Some(missing) = decision.missing() else { continue };
            if missing.part == Part::Actor {
                self.actor_missing = Some(self.table.fact_name(missing).1.to_owned());
                continue;
            }
            let mut cases = self.cases(&target, missing);
            // The simplest case is asked first.
            cases.reverse();
            stack.append(&mut cases);
        }
        None
    }

    /// The target with the missing fact told in every way that matters.
    fn cases(&self, target: &OwnedTarget, missing: Missing) -> Vec<OwnedTarget> {
        let with = |change: &dyn Fn(&mut Owned)| {
            let mut case = target.clone();
            let party = match missing.part {
                Part::Entity => &mut case.entity,
                Part::User => &mut case.user,
                Part::Account | Part::Actor => &mut case.account,
            };
            party.iter_mut().for_each(change);
            case
        };
        let known = match missing.part {
            Part::Entity => &target.entity,
            Part::User => &target.user,
            Part::Account | Part::Actor => &target.account,
        };
        let Some(party) = known else { return vec![] };
        match missing.fact {
            FactName::Login => self.logins().into_iter().map(|told| with(&|p| p.login = told.clone())).collect(),
            FactName::Unit => self.units().into_iter().map(|told| with(&|p| p.unit = told.clone())).collect(),
            FactName::Attribute(id) => {
                self.values(id).into_iter().map(|told| with(&|p| p.attributes.push((id, told.clone())))).collect()
            }
            FactName::Relation(id) => {
                [Truth::False, Truth::True].into_iter().map(|t| with(&|p| p.relations.push((id, t)))).collect()
            }
            FactName::Role(id) => self.told_role(party, id, &with),
            FactName::Label(id) => {
                [Truth::False, Truth::True].into_iter().map(|t| with(&|p| self.tell_label(p, id, t))).collect()
            }
        }
    }

    /// A role that the target may present is told; whether it holds another one is a matter of its login.
    fn told_role(&self, party: &Owned, id: bailiwick_table::RoleId, with: &Case<'_>) -> Vec<OwnedTarget> {
        if party.login == Told::Unset {
            return self.logins().into_iter().map(|told| with(&|p| p.login = told.clone())).collect();
        }
        [Truth::False, Truth::True].into_iter().map(|t| with(&|p| p.roles.push((id, t)))).collect()
    }

    /// A label's truth carries over: below a label that is not borne nothing is borne, above one that is borne all are.
    fn tell_label(&self, party: &mut Owned, id: LabelId, truth: Truth) {
        let below = self.table.label_range(id);
        if truth == Truth::True {
            party.labels.push((id, truth));
            return;
        }
        for label in below {
            party.labels.retain(|(known, _)| known.0 != label);
            party.labels.push((LabelId(label), Truth::False));
        }
    }

    /// Nobody's login, the actor's own where it has one, and every account of the table.
    fn logins(&self) -> Vec<Told<String>> {
        let mut all: Vec<Told<String>> = vec![Told::Absent];
        let accounts = self.table.accounts().filter_map(|a| self.table.account_of(a));
        all.extend(accounts.map(|a| Told::Known(a.login().to_owned())));
        if let Asker::Claims { login, .. } = self.asker {
            all.push(Told::Known(login.clone()));
        }
        all.extend(self.texts.of(AttributeId::LOGIN).into_iter().map(Told::Known));
        all
    }

    fn units(&self) -> Vec<Told<UnitId>> {
        std::iter::once(Told::Absent).chain(self.table.units().map(Told::Known)).collect()
    }

    /// Absent, and a value for each way in which the table's tests of the attribute can come out.
    fn values(&self, id: AttributeId) -> Vec<Told<Option<Value>>> {
        let known = |value| Told::Known(Some(value));
        let values: Vec<_> = match self.table.attribute_of(id) {
            Some((_, AttributeType::Closed)) => {
                (0..self.table.value_count(id)).map(|v| known(Value::Closed(v))).collect()
            }
            Some((_, AttributeType::Number)) => {
                self.texts.numbers(id).into_iter().map(|n| known(Value::Number(n))).collect()
            }
            _ => self.texts.of(id).into_iter().map(|t| known(Value::Text(t))).collect(),
        };
        std::iter::once(Told::Absent).chain(values).collect()
    }
}
