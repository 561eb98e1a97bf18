//! The cases that exist: regions cut down to combinations of facts that some target, and somebody who asks, can have.

use rustc_hash::FxHashSet;

use super::cells::{self, Words};
use super::compare::{Comparison, is_named};
use super::facts::{Fact, Party};
use super::people::{Mode, Person};
use super::shapes::Ask;
use super::view::Target;
use crate::algebra::diagram::{Diagram, Exact, Var};

/// What the cells that exist depend on: the facts, the kind of target, whether an account of a policy asks, and, where targets are looked
/// at by name, the day and whoever asks.
pub(super) type Asked = (Vec<Var>, Target, bool, i32, Option<String>);

impl Comparison<'_> {
    /// Whether a case is in a region: `so` tells of each fact whether it is so.
    #[must_use]
    pub fn contains(&self, region: Diagram, so: impl Fn(&Fact) -> bool) -> bool {
        let mut at = region;
        while let Some((var, low, high)) = self.rights.view.diagrams.branch(at) {
            at = if so(self.rights.view.facts.get(var)) { high } else { low };
        }
        at == Diagram::TRUE
    }

    /// The cells of a region that exist. `login` is whoever asks, and so no other account.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn possible(&mut self, region: Diagram, target: Target, day: i32, login: Option<&str>) -> Exact<Diagram> {
        if region == Diagram::FALSE {
            return Ok(region);
        }
        let support = self.rights.view.diagrams.support(region)?;
        let cells = self.possible_cells(support, target, day, login)?;
        self.rights.view.diagrams.and(region, cells)
    }

    /// The combinations of these facts that exist.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn possible_cells(
        &mut self,
        support: Vec<Var>,
        target: Target,
        day: i32,
        login: Option<&str>,
    ) -> Exact<Diagram> {
        let named = target == Target::Named;
        let without = login.filter(|_| named && self.targets.iter().any(|p| Some(p[0].login.as_str()) == login));
        let key = (support, target, login.is_some(), if named { day } else { 0 }, without.map(str::to_owned));
        if let Some(known) = self.possible.get(&key) {
            return Ok(*known);
        }
        let view = &mut self.rights.view;
        let words = Words { joint: &view.joint, shapes: &view.shapes };
        let tables = view.joint.tables;
        let taken = |text: &str| tables.iter().any(|t| is_named(t, text));
        let free = |_: &str| false;
        let party = |party| cells::of_party(&view.facts, &key.0, party);
        let (actor, entity, user) = (party(Party::Actor), party(Party::Entity), party(Party::User));
        let mut cells = cells::free(words, &mut view.diagrams, &entity, &free, false)?;
        let actors = cells::free(words, &mut view.diagrams, &actor, &taken, true)?;
        cells = view.diagrams.and(cells, actors)?;
        if target == Target::Stranger {
            let users = cells::free(words, &mut view.diagrams, &user, &taken, false)?;
            cells = view.diagrams.and(cells, users)?;
            cells = self.apart(cells, &actor, &user)?;
        } else if named {
            let here = self.named(&key.0, day, without)?;
            cells = self.rights.view.diagrams.and(cells, here)?;
        }
        self.possible.insert(key, cells);
        Ok(cells)
    }

    /// The combinations that are so of some target that is looked at by name.
    fn named(&mut self, support: &[Var], day: i32, without: Option<&str>) -> Exact<Diagram> {
        let view = &mut self.rights.view;
        let asked: Vec<(Var, &Fact)> = support
            .iter()
            .map(|v| (*v, view.facts.get(*v)))
            .filter(|(_, f)| matches!(f.party, Party::User | Party::Later) && !matches!(f.ask, Ask::Relation(_)))
            .collect();
        let others = self.targets.iter().filter(|p| Some(p[0].login.as_str()) != without);
        let truths = |people: &[Person; 2]| -> Vec<Var> {
            let so = |(_, fact): &&(Var, &Fact)| {
                let person = if fact.party == Party::Later { &people[1] } else { &people[0] };
                person.passes(&view.shapes, &fact.ask, Mode::Target, day)
            };
            asked.iter().filter(so).map(|(var, _)| *var).collect()
        };
        let cells: Vec<Vec<Var>> = others.map(truths).collect::<FxHashSet<_>>().into_iter().collect();
        let vars: Vec<Var> = asked.iter().map(|(var, _)| *var).collect();
        crate::algebra::cells::one_of(&mut view.diagrams, &vars, cells)
    }

    /// Two accounts have two logins: where one is known by a test, the other's is not the same.
    fn apart(&mut self, mut cells: Diagram, actor: &[(Var, Fact)], user: &[(Var, Fact)]) -> Exact<Diagram> {
        let view = &mut self.rights.view;
        for (one, fact) in actor {
            let Ask::Is(attribute, _) = &fact.ask else { continue };
            if !cells::is_login(&view.joint, *attribute) {
                continue;
            }
            for (other, _) in user.iter().filter(|(_, f)| f.ask == fact.ask) {
                let (one, other) = (view.diagrams.var(*one)?, view.diagrams.var(*other)?);
                let both = view.diagrams.and(one, other)?;
                cells = view.diagrams.minus(cells, both)?;
            }
        }
        Ok(cells)
    }
}
