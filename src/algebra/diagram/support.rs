//! The facts that functions ask for. A function never changes, so what it asks for is looked up once, and equal lists have one number.

use rustc_hash::FxHashMap;

use super::{Diagram, Diagrams, Exact, MOST_FACTS, TooManyCases, Var};

/// The number of a list of facts that some function asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Support(u32);

/// The facts that functions ask for, as far as it was asked.
#[derive(Debug, Default)]
pub(super) struct Supports {
    of: FxHashMap<Diagram, Support>,
    lists: Vec<Vec<Var>>,
    ids: FxHashMap<Vec<Var>, Support>,
}

impl Diagrams {
    /// The facts that a function asks for, in order.
    ///
    /// # Errors
    /// When they are more than [`MOST_FACTS`].
    pub fn support(&self, f: Diagram) -> Exact<Vec<Var>> {
        let mut vars: Vec<Var> = self.below(f).into_iter().map(|at| self.top(at).var).collect();
        vars.sort_unstable();
        vars.dedup();
        if vars.len() > MOST_FACTS { Err(TooManyCases) } else { Ok(vars) }
    }

    /// The same, remembered.
    ///
    /// # Errors
    /// When they are more than [`MOST_FACTS`].
    pub fn support_of(&mut self, f: Diagram) -> Exact<Support> {
        if let Some(known) = self.supports.of.get(&f) {
            return Ok(*known);
        }
        let vars = self.support(f)?;
        let next = Support(u32::try_from(self.supports.lists.len()).map_err(|_| TooManyCases)?);
        let id = match self.supports.ids.get(&vars) {
            Some(known) => *known,
            None => {
                self.supports.lists.push(vars.clone());
                self.supports.ids.insert(vars, next);
                next
            }
        };
        self.supports.of.insert(f, id);
        Ok(id)
    }

    /// The facts of a list, in order.
    #[must_use]
    pub fn vars(&self, support: Support) -> &[Var] {
        &self.supports.lists[support.0 as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_lists_have_one_number() -> Exact<()> {
        let mut d = Diagrams::default();
        let (x, y, z) = (d.var(Var(0))?, d.var(Var(1))?, d.var(Var(2))?);
        let (both, either, other) = (d.and(x, y)?, d.or(x, y)?, d.and(y, z)?);
        let (one, same, another) = (d.support_of(both)?, d.support_of(either)?, d.support_of(other)?);
        assert_eq!((one, d.support_of(both)?), (same, one));
        assert_ne!(one, another);
        assert_eq!((d.vars(one), d.vars(another)), (&[Var(0), Var(1)][..], &[Var(1), Var(2)][..]));
        let constant = d.support_of(Diagram::TRUE)?;
        assert!(d.vars(constant).is_empty());
        Ok(())
    }
}
