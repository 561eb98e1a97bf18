//! A fence within the `scope` of its block: how the two lie to one another, part by part.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::Context;
use crate::algebra::facts::{Subject, subject};
use crate::algebra::{Actor, Algebra, Diagram, Exact, Lens, Party, Target};
use crate::lower::rights::Nested;
use crate::model::forest::Forest;
use crate::model::id::AccountId;
use crate::model::{Model, Signature};
use crate::region::{Node, NodeId, Nodes, Test};

/// How the fence and the scope lie to one another in one part that both restrict.
#[derive(Debug, Clone, Default)]
pub struct Lie {
    /// Something in the fence that the scope leaves out, in words.
    pub outside: Option<String>,
    /// Whether anything is in both.
    pub meet: bool,
    /// Whether something in the scope is left out by the fence.
    pub narrower: bool,
    /// Whether both ask for the same kind of fact: one attribute, or units or labels of one tree.
    pub alike: bool,
}

/// What decides how two fences lie: what each of them says in one part, and whose fact the actor's own unit is.
type Fences = (NodeId, NodeId, Party, Option<AccountId>);

/// What is known of fences within fences: many roles have the same.
type Known = FxHashMap<Fences, Exact<Lie>>;

/// How every fence within another one lies in it.
pub(super) fn of_all(context: &Context<'_>) -> Vec<Exact<[Option<Lie>; 2]>> {
    let mut known = Known::default();
    context.most.nested.iter().map(|nested| parts(context, nested, &mut known)).collect()
}

/// How they lie in each part: entities, users; none where not both restrict it.
fn parts(context: &Context<'_>, nested: &Nested, known: &mut Known) -> Exact<[Option<Lie>; 2]> {
    let both = |inner: NodeId, outer: NodeId| inner != Nodes::TRUE && outer != Nodes::TRUE;
    let actor = nested.account.map_or(Actor::Holder, Actor::Account);
    let (own, at) = (nested.account.map_or(Target::Myself, Target::Exactly), context.at);
    let mut lie = |inner: NodeId, outer: NodeId, party: Party, signature: Signature, lenses: &[Lens]| {
        if !both(inner, outer) {
            return Ok(None);
        }
        let found = known.entry((inner, outer, party, nested.account));
        let found =
            found.or_insert_with(|| lie(&mut context.algebra_of_most(), (inner, outer), (party, signature), lenses));
        found.clone().map(Some)
    };
    let (inner, outer) = (nested.inner, nested.outer);
    let stranger = [Lens::new(actor, Target::Stranger, at)];
    let anyone = [Lens::new(actor, Target::Anyone, at), Lens::new(actor, own, at)];
    Ok([
        lie(inner.entities, outer.entities, Party::Entity, Signature::Entity, &stranger)?,
        lie(inner.users, outer.users, Party::User, Signature::User, &anyone)?,
    ])
}

fn lie(
    algebra: &mut Algebra<'_>,
    (inner, outer): (NodeId, NodeId),
    (party, signature): (Party, Signature),
    lenses: &[Lens],
) -> Exact<Lie> {
    let mut lie = Lie { alike: are_alike(algebra, inner, outer), ..Lie::default() };
    for lens in lenses {
        let (inside, around) = (algebra.node(inner, party, *lens)?, algebra.node(outer, party, *lens)?);
        let more = algebra.minus(inside, around)?;
        if lie.outside.is_none() {
            lie.outside = algebra.witness(more, signature, *lens)?.map(|w| w.text);
        }
        lie.meet = lie.meet || meets(algebra, inside, around, *lens)?;
        let less = algebra.minus(around, inside)?;
        lie.narrower = lie.narrower || !algebra.is_empty(less, *lens)?;
    }
    Ok(lie)
}

fn meets(algebra: &mut Algebra<'_>, a: Diagram, b: Diagram, lens: Lens) -> Exact<bool> {
    let both = algebra.and(a, b)?;
    Ok(!algebra.is_empty(both, lens)?)
}

/// What a predicate asks for: a kind of fact and, of units and labels, the tree.
type Asked = BTreeSet<(Subject, u32)>;

fn are_alike(algebra: &Algebra<'_>, a: NodeId, b: NodeId) -> bool {
    let (model, nodes) = (algebra.model, &algebra.rights.nodes);
    !asked(model, nodes, a).is_disjoint(&asked(model, nodes, b))
}

fn asked(model: &Model, nodes: &Nodes, node: NodeId) -> Asked {
    let mut asked = Asked::new();
    let mut seen = rustc_hash::FxHashSet::default();
    let mut stack = vec![node];
    while let Some(at) = stack.pop() {
        if !seen.insert(at) {
            continue;
        }
        match nodes.get(at) {
            Node::True | Node::False => {}
            Node::Not(inner) => stack.push(*inner),
            Node::And(list) | Node::Or(list) => stack.extend(list.iter()),
            Node::Test(Test::Unit(unit) | Test::UnitOnly(unit)) => {
                asked.insert((Subject::Unit, root(&model.units, unit.0)));
            }
            Node::Test(Test::Label(label)) => {
                asked.insert((Subject::Labels, root(&model.labels, label.0)));
            }
            // The actor's own unit is not one of those by name.
            Node::Test(Test::OwnUnit) => {
                asked.insert((Subject::None, 0));
            }
            Node::Test(Test::Myself) => {
                asked.insert((Subject::None, 1));
            }
            Node::Test(test) => {
                asked.insert((subject(test), 0));
            }
        }
    }
    asked
}

fn root(forest: &Forest, mut node: u32) -> u32 {
    while let Some(parent) = forest.nodes[node as usize].parent {
        node = parent;
    }
    node
}
