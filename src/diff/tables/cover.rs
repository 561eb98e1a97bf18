//! A region as few plain conditions: an irredundant sum of products, where what is impossible may be either way.
//!
//! The algorithm is Minato's and Morreale's (S. Minato, "Fast generation of irredundant sum-of-products forms from binary decision
//! diagrams", 1992): it finds a cover between a lower and an upper function.

use crate::algebra::diagram::{Diagram, Diagrams, Exact, Var};

/// Facts that together put a target into a region: each is so, or is not.
pub type Cube = Vec<(Var, bool)>;

/// Cubes whose union holds all of `region` and, of what is `possible`, nothing else.
///
/// # Errors
/// When there are too many cases.
pub fn cover(diagrams: &mut Diagrams, region: Diagram, possible: Diagram) -> Exact<Vec<Cube>> {
    let lower = diagrams.and(region, possible)?;
    let impossible = diagrams.not(possible)?;
    let upper = diagrams.or(region, impossible)?;
    Ok(between(diagrams, lower, upper)?.0)
}

/// The cover, and the function that it is. Recursion follows the facts, of which one function has a bounded number.
fn between(diagrams: &mut Diagrams, lower: Diagram, upper: Diagram) -> Exact<(Vec<Cube>, Diagram)> {
    if lower == Diagram::FALSE {
        return Ok((vec![], Diagram::FALSE));
    }
    if upper == Diagram::TRUE {
        return Ok((vec![vec![]], Diagram::TRUE));
    }
    let tops = [lower, upper].map(|f| diagrams.branch(f).map(|(var, ..)| var));
    let Some(var) = tops.into_iter().flatten().min() else { return Ok((vec![], Diagram::FALSE)) };
    let (low, high) = split(diagrams, lower, var);
    let (low_upper, high_upper) = split(diagrams, upper, var);
    let only_low = diagrams.minus(low, high_upper)?;
    let only_high = diagrams.minus(high, low_upper)?;
    let (low_cubes, low_cover) = between(diagrams, only_low, low_upper)?;
    let (high_cubes, high_cover) = between(diagrams, only_high, high_upper)?;
    let rest_low = diagrams.minus(low, low_cover)?;
    let rest_high = diagrams.minus(high, high_cover)?;
    let rest = diagrams.or(rest_low, rest_high)?;
    let either = diagrams.and(low_upper, high_upper)?;
    let (free_cubes, free_cover) = between(diagrams, rest, either)?;
    let with = |truth: bool, cubes: Vec<Cube>| {
        cubes.into_iter().map(move |cube| [vec![(var, truth)], cube].concat()).collect::<Vec<_>>()
    };
    let mut cubes = with(true, high_cubes);
    cubes.extend(with(false, low_cubes));
    cubes.extend(free_cubes);
    let low = diagrams.or(low_cover, free_cover)?;
    let high = diagrams.or(high_cover, free_cover)?;
    Ok((cubes, diagrams.choose(var, low, high)?))
}

fn split(diagrams: &Diagrams, f: Diagram, var: Var) -> (Diagram, Diagram) {
    match diagrams.branch(f) {
        Some((top, low, high)) if top == var => (low, high),
        _ => (f, f),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cover_is_between_its_bounds() -> Exact<()> {
        // Every pair of functions of three facts, as truth tables.
        let d = &mut Diagrams::default();
        let of = |d: &mut Diagrams, table: u32| -> Exact<Diagram> {
            let mut f = Diagram::FALSE;
            for row in (0..8_u32).filter(|row| table >> row & 1 == 1) {
                let mut cell = Diagram::TRUE;
                for n in 0..3 {
                    let var = d.var(Var(n))?;
                    cell = if row >> n & 1 == 1 { d.and(cell, var)? } else { d.minus(cell, var)? };
                }
                f = d.or(f, cell)?;
            }
            Ok(f)
        };
        for region in (0..256).step_by(3) {
            for possible in 0..256 {
                d.begin();
                let (f, p) = (of(d, region)?, of(d, possible)?);
                let cubes = cover(d, f, p)?;
                let inside = |row: u32| cubes.iter().any(|c| c.iter().all(|(v, t)| (row >> v.0 & 1 == 1) == *t));
                for row in (0..8).filter(|row| possible >> row & 1 == 1) {
                    assert_eq!(inside(row), region >> row & 1 == 1, "region {region:b}, possible {possible:b}");
                }
            }
        }
        Ok(())
    }
}
