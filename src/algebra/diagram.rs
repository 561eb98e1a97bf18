//! Reduced ordered binary decision diagrams in one hash-consed arena: equal functions are one node, so equality is a comparison of
//! numbers (Bryant, "Graph-based algorithms for Boolean function manipulation", 1986).

mod support;

use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
pub use support::Support;
use support::Supports;

/// A function of facts: a node of [`Diagrams`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Diagram(u32);

impl Diagram {
    /// Nothing.
    pub const FALSE: Self = Self(0);
    /// Everything.
    pub const TRUE: Self = Self(1);

    /// Everything, or nothing.
    #[must_use]
    pub const fn of(truth: bool) -> Self {
        if truth { Self::TRUE } else { Self::FALSE }
    }
}

/// A fact's place in the order of all facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Var(pub u32);

/// A question has more cases than are told apart; its answer is *unknown*.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooManyCases;

/// An exact answer, or none within the limit.
pub type Exact<T> = Result<T, TooManyCases>;

/// How many nodes one question may add to the arena.
pub const MOST_NODES: usize = 1 << 20;

/// How many facts one function may ask for: the depth of every recursion here.
pub const MOST_FACTS: usize = 4096;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Branch {
    var: Var,
    low: Diagram,
    high: Diagram,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Operation {
    And,
    Or,
    Minus,
    /// Whether both are true of anything; only that they are not is remembered.
    Meet,
}

/// The arena. The first two nodes are nothing and everything.
#[derive(Debug)]
pub struct Diagrams {
    branches: Vec<Branch>,
    /// The nodes by what they are.
    ids: HashTable<Diagram>,
    done: Done,
    supports: Supports,
    left: usize,
}

impl Default for Diagrams {
    fn default() -> Self {
        let leaf = |n| Branch { var: Var(u32::MAX), low: Diagram(n), high: Diagram(n) };
        Self {
            branches: vec![leaf(0), leaf(1)],
            ids: HashTable::new(),
            done: Done::default(),
            supports: Supports::default(),
            left: MOST_NODES,
        }
    }
}

/// The results of operations that were done of late, each at one place that others may take: a result that is gone is computed again
/// (Brace, Rudell and Bryant, "Efficient implementation of a BDD package", 1990).
#[derive(Debug, Default)]
struct Done(Vec<Option<(Operation, Diagram, Diagram, Diagram)>>);

impl Done {
    /// The least and the most places.
    const PLACES: (usize, usize) = (1 << 10, 1 << 20);

    fn place(&self, operation: Operation, a: Diagram, b: Diagram) -> usize {
        let hash = FxBuildHasher.hash_one((operation, a, b));
        // The number of places is a power of two.
        usize::try_from(hash & u64::from(u32::MAX)).unwrap_or(0) & (self.0.len() - 1)
    }

    fn get(&self, operation: Operation, a: Diagram, b: Diagram) -> Option<Diagram> {
        let (of, one, other, result) = self.0.get(self.place(operation, a, b)).copied()??;
        (of == operation && one == a && other == b).then_some(result)
    }

    fn put(&mut self, operation: Operation, a: Diagram, b: Diagram, result: Diagram) {
        let place = self.place(operation, a, b);
        self.0[place] = Some((operation, a, b, result));
    }

    /// As many places as there are nodes.
    fn grow(&mut self, nodes: usize) {
        let wanted = nodes.next_power_of_two().clamp(Self::PLACES.0, Self::PLACES.1);
        if self.0.len() < wanted {
            self.0 = vec![None; wanted];
        }
    }
}

impl Diagrams {
    /// Begins a question: it may add as many nodes as the limit says.
    pub const fn begin(&mut self) {
        self.left = MOST_NODES;
    }

    /// How many nodes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.branches.len()
    }

    /// Whether there is nothing but the two constants.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.branches.len() == 2
    }

    /// The fact that a function asks for first, with what is left of it where the fact is false and where it is true.
    #[must_use]
    pub fn branch(&self, f: Diagram) -> Option<(Var, Diagram, Diagram)> {
        let branch = self.branches[f.0 as usize];
        (f > Diagram::TRUE).then_some((branch.var, branch.low, branch.high))
    }

    fn top(&self, f: Diagram) -> Branch {
        self.branches[f.0 as usize]
    }

    /// The function that is `low` where the fact is false and `high` where it is true; both ask for later facts only.
    ///
    /// # Errors
    /// When the question has used up its nodes.
    pub fn choose(&mut self, var: Var, low: Diagram, high: Diagram) -> Exact<Diagram> {
        if low == high {
            return Ok(low);
        }
        let branch = Branch { var, low, high };
        let hash = FxBuildHasher.hash_one(branch);
        let branches = &self.branches;
        if let Some(known) = self.ids.find(hash, |id| branches[id.0 as usize] == branch) {
            return Ok(*known);
        }
        self.left = self.left.checked_sub(1).ok_or(TooManyCases)?;
        let id = Diagram(u32::try_from(self.branches.len()).map_err(|_| TooManyCases)?);
        self.ids.insert_unique(hash, id, |id| FxBuildHasher.hash_one(branches[id.0 as usize]));
        self.branches.push(branch);
        Ok(id)
    }

    /// The fact itself.
    ///
    /// # Errors
    /// When the question has used up its nodes.
    pub fn var(&mut self, var: Var) -> Exact<Diagram> {
        self.choose(var, Diagram::FALSE, Diagram::TRUE)
    }

    /// Both.
    ///
    /// # Errors
    /// When the question has used up its nodes.
    pub fn and(&mut self, a: Diagram, b: Diagram) -> Exact<Diagram> {
        self.apply(Operation::And, a.min(b), a.max(b))
    }

    /// Either.
    ///
    /// # Errors
    /// When the question has used up its nodes.
    pub fn or(&mut self, a: Diagram, b: Diagram) -> Exact<Diagram> {
        self.apply(Operation::Or, a.min(b), a.max(b))
    }

    /// The first and not the second.
    ///
    /// # Errors
    /// When the question has used up its nodes.
    pub fn minus(&mut self, a: Diagram, b: Diagram) -> Exact<Diagram> {
        self.apply(Operation::Minus, a, b)
    }

    /// The complement.
    ///
    /// # Errors
    /// When the question has used up its nodes.
    pub fn not(&mut self, a: Diagram) -> Exact<Diagram> {
        self.apply(Operation::Minus, Diagram::TRUE, a)
    }

    fn apply(&mut self, operation: Operation, a: Diagram, b: Diagram) -> Exact<Diagram> {
        if let Some(plain) = plain(operation, a, b) {
            return Ok(plain);
        }
        self.done.grow(self.branches.len());
        if let Some(known) = self.done.get(operation, a, b) {
            return Ok(known);
        }
        let (x, y) = (self.top(a), self.top(b));
        let var = x.var.min(y.var);
        let (low_a, high_a) = if x.var == var { (x.low, x.high) } else { (a, a) };
        let (low_b, high_b) = if y.var == var { (y.low, y.high) } else { (b, b) };
        let low = self.apply(operation, low_a, low_b)?;
        let high = self.apply(operation, high_a, high_b)?;
        let result = self.choose(var, low, high)?;
        self.done.put(operation, a, b, result);
        Ok(result)
    }

    /// Whether some choice of facts makes both true: what they are together is not made, and where something is found nothing else is
    /// looked at.
    pub fn meet(&mut self, a: Diagram, b: Diagram) -> bool {
        self.done.grow(self.branches.len());
        self.is_met(a.min(b), a.max(b))
    }

    /// The first has the smaller number. Recursion follows the facts that both ask for.
    fn is_met(&mut self, a: Diagram, b: Diagram) -> bool {
        if a <= Diagram::TRUE || a == b {
            return a != Diagram::FALSE;
        }
        if self.done.get(Operation::Meet, a, b).is_some() {
            return false;
        }
        let (x, y) = (self.top(a), self.top(b));
        let var = x.var.min(y.var);
        let (low_a, high_a) = if x.var == var { (x.low, x.high) } else { (a, a) };
        let (low_b, high_b) = if y.var == var { (y.low, y.high) } else { (b, b) };
        let met =
            self.is_met(low_a.min(low_b), low_a.max(low_b)) || self.is_met(high_a.min(high_b), high_a.max(high_b));
        if !met {
            self.done.put(Operation::Meet, a, b, Diagram::FALSE);
        }
        met
    }

    /// Where the function can be made true by some choice of the facts that are named.
    ///
    /// # Errors
    /// When the question has used up its nodes.
    pub fn exists(&mut self, f: Diagram, named: &impl Fn(Var) -> bool) -> Exact<Diagram> {
        let mut done: FxHashMap<Diagram, Diagram> = FxHashMap::default();
        for at in self.below(f) {
            let Some((var, low, high)) = self.branch(at) else { continue };
            let known = |d: Diagram| done.get(&d).copied().unwrap_or(d);
            let (low, high) = (known(low), known(high));
            let found = if named(var) { self.or(low, high)? } else { self.choose(var, low, high)? };
            done.insert(at, found);
        }
        Ok(done.get(&f).copied().unwrap_or(f))
    }

    /// The function with other facts in the place of its own, in the same order.
    ///
    /// # Errors
    /// When the question has used up its nodes.
    pub fn rename(&mut self, f: Diagram, to: &impl Fn(Var) -> Var) -> Exact<Diagram> {
        let mut done: FxHashMap<Diagram, Diagram> = FxHashMap::default();
        for at in self.below(f) {
            let Some((var, low, high)) = self.branch(at) else { continue };
            let known = |d: Diagram| done.get(&d).copied().unwrap_or(d);
            let found = self.choose(to(var), known(low), known(high))?;
            done.insert(at, found);
        }
        Ok(done.get(&f).copied().unwrap_or(f))
    }

    /// The cheapest way to make a function true, as the facts that it fixes; none where nothing makes it true. `cost` weighs a fact
    /// being false or true.
    #[must_use]
    pub fn cheapest(&self, f: Diagram, cost: impl Fn(Var, bool) -> u32) -> Option<Vec<(Var, bool)>> {
        let mut best: FxHashMap<Diagram, (u32, bool)> = FxHashMap::default();
        for at in self.below(f) {
            let Some((var, low, high)) = self.branch(at) else { continue };
            let way = |to: Diagram, truth: bool| {
                let rest = if to == Diagram::TRUE { Some(0) } else { best.get(&to).map(|(cost, _)| *cost) };
                rest.map(|rest| (rest.saturating_add(cost(var, truth)), truth))
            };
            if let Some(found) = [way(low, false), way(high, true)].into_iter().flatten().min() {
                best.insert(at, found);
            }
        }
        let mut fixed = vec![];
        let mut at = f;
        while let Some((var, low, high)) = self.branch(at) {
            let (_, truth) = *best.get(&at)?;
            fixed.push((var, truth));
            at = if truth { high } else { low };
        }
        (at == Diagram::TRUE).then_some(fixed)
    }

    /// All nodes of a function, children before parents: a node's children have smaller numbers.
    fn below(&self, f: Diagram) -> Vec<Diagram> {
        let mut seen = FxHashSet::default();
        let mut all = vec![];
        let mut stack = vec![f];
        while let Some(at) = stack.pop() {
            let Some((_, low, high)) = self.branch(at) else { continue };
            if seen.insert(at) {
                all.push(at);
                stack.extend([low, high]);
            }
        }
        all.sort_unstable();
        all
    }
}

/// What needs no look at the facts.
fn plain(operation: Operation, a: Diagram, b: Diagram) -> Option<Diagram> {
    const FALSE: Diagram = Diagram::FALSE;
    const TRUE: Diagram = Diagram::TRUE;
    match (operation, a, b) {
        (Operation::And, FALSE, _) | (Operation::Minus, FALSE, _) | (Operation::Minus, _, TRUE) => Some(FALSE),
        (Operation::And, TRUE, other) | (Operation::Or, FALSE, other) | (Operation::Minus, other, FALSE) => Some(other),
        (Operation::Or, TRUE, _) => Some(TRUE),
        (Operation::And | Operation::Or, a, b) if a == b => Some(a),
        (Operation::Minus, a, b) if a == b => Some(FALSE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_functions_are_one_node() -> Exact<()> {
        let mut d = Diagrams::default();
        let (x, y) = (d.var(Var(0))?, d.var(Var(1))?);
        let both = d.and(x, y)?;
        let neither = d.or(x, y).and_then(|any| d.not(any))?;
        let (not_x, not_y) = (d.not(x)?, d.not(y)?);
        assert_eq!(d.and(not_x, not_y)?, neither);
        assert_eq!(d.minus(x, not_y)?, both);
        assert_eq!(d.minus(both, x)?, Diagram::FALSE);
        assert_eq!(d.or(not_x, x)?, Diagram::TRUE);
        assert_eq!(d.support(both)?, [Var(0), Var(1)]);
        Ok(())
    }

    #[test]
    fn two_meet_where_both_together_are_something() -> Exact<()> {
        let mut d = Diagrams::default();
        let vars: Vec<Diagram> = (0..4).map(|n| d.var(Var(n))).collect::<Exact<_>>()?;
        let mut all = vec![Diagram::FALSE, Diagram::TRUE];
        // Functions of four facts, many of which exclude one another.
        for (n, var) in vars.iter().enumerate() {
            let other = vars[(n + 1) % 4];
            let (both, one) = (d.and(*var, other)?, d.minus(*var, other)?);
            let either = d.or(*var, other)?;
            all.extend([*var, both, one, d.not(either)?, d.not(*var)?]);
        }
        let mut met = 0;
        for a in &all {
            for b in &all {
                let size = d.len();
                let meet = d.meet(*a, *b);
                assert_eq!((meet, d.len()), (d.meet(*b, *a), size), "no node is made");
                assert_eq!(meet, d.and(*a, *b)? != Diagram::FALSE, "{a:?} {b:?}");
                met += usize::from(meet);
            }
        }
        assert!(met > 100 && met < all.len() * all.len() - 100, "{met}");
        Ok(())
    }

    #[test]
    fn the_cheapest_way_is_found() -> Exact<()> {
        let mut d = Diagrams::default();
        let (x, y) = (d.var(Var(0))?, d.var(Var(1))?);
        let either = d.or(x, y)?;
        let dear = |_: Var, truth: bool| if truth { 3 } else { 1 };
        assert_eq!(d.cheapest(either, dear), Some(vec![(Var(0), true)]));
        assert_eq!(d.cheapest(either, |v, t| u32::from(t && v.0 == 0)), Some(vec![(Var(0), false), (Var(1), true)]));
        assert_eq!(d.cheapest(Diagram::FALSE, |_, _| 0), None);
        Ok(())
    }

    #[test]
    fn what_may_be_anything_is_forgotten() -> Exact<()> {
        let mut d = Diagrams::default();
        let (x, y, z) = (d.var(Var(0))?, d.var(Var(1))?, d.var(Var(2))?);
        let same = d.and(x, y)?;
        let other = d.not(x).and_then(|not_x| d.and(not_x, z))?;
        let f = d.or(same, other)?;
        let either = d.or(y, z)?;
        assert_eq!(d.exists(f, &|v| v == Var(0))?, either);
        assert_eq!(d.exists(f, &|v| v > Var(0))?, Diagram::TRUE);
        assert_eq!(d.exists(f, &|_| false)?, f);
        assert_eq!(d.exists(Diagram::FALSE, &|_| true)?, Diagram::FALSE);
        Ok(())
    }

    #[test]
    fn a_question_past_the_limit_has_no_answer() {
        let mut d = Diagrams { left: 3, ..Diagrams::default() };
        let all = (0..9).try_fold(Diagram::TRUE, |all, n| d.var(Var(n)).and_then(|x| d.and(all, x)));
        assert_eq!(all, Err(TooManyCases));
    }
}
