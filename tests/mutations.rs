//! The policies of `policies/` say nothing twice: whatever is taken out of one, a line of its own tests fails.
//!
//! A mutant is a policy with one thing changed: a grant, an `except`, a `forbid`, a fence, a condition, a fact about an account, one item
//! of a list taken away, a feature turned, a demand broken. `tests/mutations/changes.rs` has the list and what is left alone. A mutant is
//! caught when the compiler refuses it or one of its tests fails. Those that nothing can catch are listed with their reasons in
//! `tests/mutations/survivors/`; what is listed there and caught all the same fails, too.
//!
//! `BAILIWICK_POLICIES` names another folder of policies to try.

#[path = "mutations/changes.rs"]
mod changes;
#[path = "mutations/judge.rs"]
mod judge;
#[path = "mutations/survivors.rs"]
mod survivors;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use bailiwick::source::Source;
use changes::Mutant;
use judge::{Fate, Policy};

/// The folders of `policies/`, in order.
fn policies() -> Vec<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let folder = std::env::var_os("BAILIWICK_POLICIES").map_or(here, PathBuf::from);
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut folders: Vec<_> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn name(folder: &Path) -> String {
    folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// What comes of each mutant; as many at a time as there are processors.
fn fates(policy: &Policy, mutants: &[Mutant]) -> Vec<Fate> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some((i, mutant)) =
            Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|i| Some((i, mutants.get(i)?)))
        {
            done.push((i, policy.fate(mutant)));
        }
        done
    };
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let mut fates = thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect::<Vec<_>>()
    });
    assert_eq!(fates.len(), mutants.len(), "a worker stopped early");
    fates.sort_by_key(|(i, _)| *i);
    fates.into_iter().map(|(_, fate)| fate).collect()
}

#[test]
fn the_policies_themselves_have_no_complaint() {
    assert!(!policies().is_empty(), "no policies");
    for folder in policies() {
        assert_eq!(Policy::read(&folder).complaints(), Vec::<String>::new(), "{}", folder.display());
    }
}

#[test]
fn every_mutant_is_caught() {
    let mut faults = Vec::new();
    for folder in policies() {
        let policy = Policy::read(&folder);
        if !policy.complaints().is_empty() {
            faults.push(format!("{}: complains of itself, so that nothing is learnt from its mutants", name(&folder)));
            continue;
        }
        let mutants = policy.mutants();
        assert!(mutants.len() > 50, "{}: only {} mutants", folder.display(), mutants.len());
        let fates = fates(&policy, &mutants);
        println!("{}: {} mutants{}", name(&folder), mutants.len(), judge::waiting(&fates));
        let listed = survivors::listed(&name(&folder)).unwrap_or_else(|why| panic!("{}: {why}", name(&folder)));
        faults.extend(mutants.iter().zip(&fates).filter_map(|(mutant, fate)| {
            match (fate, listed.contains_key(&mutant.what)) {
                (Fate::Survived, false) => Some(format!("{}: nothing catches: {}", name(&folder), mutant.what)),
                (Fate::Caught, true) => Some(format!("{}: listed, but caught: {}", name(&folder), mutant.what)),
                _ => None,
            }
        }));
        let tried: BTreeSet<_> = mutants.iter().map(|mutant| &mutant.what).collect();
        let unknown = listed.keys().filter(|what| !tried.contains(what));
        faults.extend(unknown.map(|what| format!("{}: listed, but no mutant: {what}", name(&folder))));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A small policy: one line of it is asked about, one is not.
const SMALL: &str = "platform p { super none }\nresponsible \"Board\"\nresource books on entity { view list; write edit }\nlabel old\n\
    role clerk { allow books.list on entities labelled old; allow books.edit }\nadmin pat { role clerk; phone 1; email a@b.example }\n\
    quota at most 1 role clerk\n\
    test \"t\" { pat can books.list on entity { labels old }; pat cannot books.list on entity {} }\n";

#[test]
fn what_nobody_asks_about_survives() {
    let policy = Policy::of(vec![Source::new("p.bw", SMALL)]);
    assert_eq!(policy.complaints(), Vec::<String>::new());
    let mutants = policy.mutants();
    let fates = fates(&policy, &mutants);
    let of =
        |fate: Fate| mutants.iter().zip(&fates).filter(move |(_, it)| **it == fate).map(|(it, _)| it.what.as_str());
    assert_eq!(of(Fate::Survived).collect::<Vec<_>>(), ["role clerk: without `allow books.edit`"]);
    let caught: BTreeSet<_> = of(Fate::Caught).collect();
    for what in
        ["role clerk: `allow books.list on entities labelled old` without `on entities labelled old`", "label old"]
    {
        assert!(caught.iter().any(|it| it.ends_with(what)), "{what} is not among {caught:?}");
    }
    assert!(caught.contains("`quota at most 1 role clerk` made impossible"), "{caught:?}");
}

/// The form does not matter: a policy has the same mutants in YAML.
#[test]
fn a_policy_in_yaml_has_the_same_mutants() {
    for folder in policies() {
        let policy = Policy::read(&folder);
        let (one, other) = (names(&policy), names(&policy.in_the_other_form()));
        assert_eq!(one, other, "{}", folder.display());
    }
}

fn names(policy: &Policy) -> BTreeSet<String> {
    policy.mutants().into_iter().map(|mutant| mutant.what).collect()
}

/// A list of survivors belongs to a policy.
#[test]
fn every_list_of_survivors_has_its_policy() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    for entry in fs::read_dir(survivors::folder()).into_iter().flatten().flatten() {
        let policy = entry.path().with_extension("");
        assert!(here.join(name(&policy)).is_dir(), "{} is the list of no policy", entry.path().display());
    }
}
