//! Laws of comparing: a policy with itself, the way back, and two steps as one.

use std::cell::Cell;
use std::collections::BTreeSet;

use bailiwick::diff::change::{Diff, Direction, Period, Subject};
use bailiwick::diff::tables::compare::compare;
use bailiwick::source::{Source, SourceId};
use bailiwick::syntax::convert::converted;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::brute::Change;
use crate::oracle;
use crate::oracle::facts::login;
use crate::oracle::generate::{FIRST_DAY, small_pairs, small_policies, small_steps};
use crate::oracle::policy::Policy;
use crate::oracle::print::print;
use crate::trial::{Asker, Case, Trial, both, count};
use crate::world::World;
use crate::written::{Written, compared};

const DAY: i32 = FIRST_DAY - 1;

fn run<S: Strategy>(cases: u32, strategy: &S, law: impl Fn(S::Value) -> Result<(), String>) {
    let outcome = TestRunner::new(oracle::config(cases)).run(strategy, |value| law(value).map_err(TestCaseError::fail));
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

/// The same rights in other words: another order, the other form, other texts.
fn in_other_words(text: &str, policy: &Policy, order: u64) -> Result<[(String, String); 3], String> {
    let yaml = converted(SourceId(0), &Source::new("p.bw", text)).map_err(|why| format!("{why:?}"))?;
    let other = print(policy, order);
    // Roles and resources have no texts yet.
    let title = |line: &str| match line.split_once(" {") {
        Some((head, rest)) if head.starts_with("role r") && !head.contains(' ') => {
            format!("{head} \"Another\" {{{rest}")
        }
        _ => line.to_owned(),
    };
    let texts: Vec<String> = text.lines().map(title).collect();
    let texts = format!("// Another comment.\n{}\n", texts.join("\n"));
    Ok([("p.bw".into(), other), ("p.yaml".into(), yaml), ("p.bw".into(), texts)])
}

#[test]
fn a_policy_gives_nothing_else_than_itself() {
    run(80, &(small_policies(), 1_u64..), |(policy, order)| {
        let text = print(&policy, 0);
        let old = Written::new("p.bw", &text)?;
        for (path, other) in in_other_words(&text, &policy, order)? {
            let new = Written::new(&path, &other)?;
            for known in [true, false] {
                let diff = compared([&old, &new], [known, known], DAY)?;
                let nothing = diff.changes.is_empty() && diff.accounts.touched == 0 && diff.incomparable.is_none();
                if !nothing || !diff.beside.is_empty() {
                    return Err(format!("{:?} {:?}\n{text}\n---- as\n{other}", diff.changes, diff.accounts));
                }
            }
        }
        Ok(())
    });
}

/// A statement taken apart, without the words of its region: who, through a role's own rights or not, the action, which way, when.
type Told = (Subject, String, Direction, Option<Period>);

fn told(diff: &Diff, mirrored: bool) -> BTreeSet<Told> {
    let mirror = |direction| match direction {
        Direction::Gained => Direction::Lost,
        Direction::Lost => Direction::Gained,
        Direction::Widened => Direction::Narrowed,
        Direction::Narrowed => Direction::Widened,
    };
    let mut all = BTreeSet::new();
    for change in &diff.changes {
        let who: Vec<Subject> = match &change.subject {
            Subject::Role(name) => std::iter::once(name).chain(&change.also).cloned().map(Subject::Role).collect(),
            Subject::Unnamed => vec![Subject::Unnamed],
            Subject::Account(_) | Subject::Accounts => change.logins.iter().cloned().map(Subject::Account).collect(),
        };
        let direction = if mirrored { mirror(change.direction) } else { change.direction };
        for who in who {
            all.extend(change.actions.iter().map(|a| (who.clone(), a.path.clone(), direction, change.period)));
        }
    }
    all
}

#[test]
fn the_way_back_is_the_way_there() {
    run(60, &(small_pairs(), any::<[bool; 2]>()), |((old, new), known)| {
        let written = [Written::new("p.bw", &print(&old, 0))?, Written::new("p.bw", &print(&new, 0))?];
        let [known_old, known_new] = known;
        let there = compared([&written[0], &written[1]], [known_old, known_new], DAY)?;
        let back = compared([&written[1], &written[0]], [known_new, known_old], DAY)?;
        let (one, other) = (told(&there, false), told(&back, true));
        if one != other {
            let only: Vec<_> = one.symmetric_difference(&other).collect();
            return Err(format!("{only:?}\n{:?}", Change(old, new)));
        }
        if there.accounts.touched != back.accounts.touched {
            return Err(format!("{:?} {:?}", there.accounts, back.accounts));
        }
        let tables = [written[0].loaded()?, written[1].loaded()?];
        let there = compare([&tables[0], &tables[1]], &[], DAY);
        let back = compare([&tables[1], &tables[0]], &[], DAY);
        let joint = both([&old, &new]);
        let Some(world) = World::of_each(&joint, &[&old, &new]) else { return Ok(()) };
        let one = Trial { sides: [&old, &new], world: &world, found: &there };
        let other = Trial { sides: [&new, &old], world: &world, found: &back };
        for (case, signature) in one.cases().step_by(7).take(150) {
            for day in [DAY, DAY + 3] {
                let case = Case { day, ..case.clone() };
                for more in [true, false] {
                    if one.said(&case, signature, more) != other.said(&case, signature, !more) {
                        return Err(format!("{more} {case:?}\n{:?}", Change(old.clone(), new.clone())));
                    }
                }
            }
        }
        Ok(())
    });
}

/// Whether each of these policies names whoever asks and whom it is about, or none does: so it is the same somebody in all.
fn is_same_in_all(policies: &[Policy; 3], case: &Case) -> bool {
    let names = |wanted: &str| policies.iter().filter(|p| p.admins.iter().any(|a| login(a) == wanted)).count();
    let actor = if let Asker::Named(login) = &case.actor { names(login) } else { 0 };
    let user = case.user.as_ref().and_then(|u| u.login.as_deref()).map_or(0, names);
    [actor, user].iter().all(|count| [0, policies.len()].contains(count))
}

#[test]
fn two_steps_are_one() {
    let (tried, differing) = (Cell::new(0_usize), Cell::new(0_usize));
    run(60, &small_steps(), |policies| {
        let [a, b, c] = &policies;
        let written = [a, b, c].map(|p| Written::new("p.bw", &print(p, 0)));
        let written = written.into_iter().collect::<Result<Vec<_>, _>>()?;
        let tables = written.iter().map(Written::loaded).collect::<Result<Vec<_>, _>>()?;
        let between = |old: usize, new: usize| compare([&tables[old], &tables[new]], &[], DAY);
        let (first, second, whole) = (between(0, 1), between(1, 2), between(0, 2));
        let joint = both([&both([a, b]), c]);
        let Some(world) = World::of_each(&joint, &[a, b, c]) else { return Ok(()) };
        let first = Trial { sides: [a, b], world: &world, found: &first };
        let second = Trial { sides: [b, c], world: &world, found: &second };
        let whole = Trial { sides: [a, c], world: &world, found: &whole };
        let cases = whole.cases().step_by(3).filter(|(case, _)| is_same_in_all(&policies, case));
        for (case, signature) in cases.take(200) {
            for day in [DAY, DAY + 3] {
                let case = Case { day, ..case.clone() };
                let said = |trial: &Trial<'_>, more| trial.said(&case, signature, more);
                let had = whole.decision(0, &case, signature)?;
                let expected = said(&first, true) && !said(&second, false) || said(&second, true) && !had;
                count(&tried);
                if expected {
                    count(&differing);
                }
                if said(&whole, true) != expected {
                    return Err(format!(
                        "is {expected}: {case:?}\n{:?}\n{}",
                        Change(a.clone(), b.clone()),
                        print(c, 0)
                    ));
                }
            }
        }
        Ok(())
    });
    println!("{tried:?} cases of three policies, {differing:?} gained");
    assert!(differing.get() > 30, "too little was gained: {differing:?} of {tried:?}");
}
