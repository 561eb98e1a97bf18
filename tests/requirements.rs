//! Every requirement of `docs/requirements.md` is met somewhere that says so, or is listed there with what is missing.
//!
//! A line of a policy, a case or a test *claims* a requirement when its comment names it: `// R003-11`. What is marked [L], [C] or [D]
//! must be claimed, or stand under "Not claimed" with the reason. What waits for a check or a policy must not wait when it is there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use bailiwick::check::{CHECKS, is_known};

/// The document, read.
#[derive(Debug, Default)]
struct Document {
    /// The requirements in order: the number and the marks.
    requirements: Vec<(String, Vec<char>)>,
    /// What is claimed in part, and what is not claimed.
    listed: Vec<Entry>,
}

/// A line of a list.
#[derive(Debug)]
struct Entry {
    numbers: Vec<String>,
    /// Under "Claimed in part".
    in_part: bool,
    /// What they wait for: `BW307`, or `policy content-scopes`.
    waits: Option<String>,
}

/// What there is beside the document.
struct World {
    /// Where each number is claimed.
    claims: BTreeMap<String, Vec<String>>,
    /// The codes of the checks that are written.
    checks: BTreeSet<String>,
    /// The folders of `policies/`.
    policies: BTreeSet<String>,
}

/// Whether a word is a number such as R003-11.
fn is_number(word: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    word.len() == 7 && word.starts_with('R') && digits(&word[1..4]) && &word[4..5] == "-" && digits(&word[5..])
}

/// The numbers that a text names.
fn numbers(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    words.filter(|word| is_number(word)).map(ToOwned::to_owned).collect()
}

/// Reads the document: the items of its lists, by the headings above them. An indented line goes on with the one before.
fn read(text: &str) -> Result<Document, String> {
    let mut document = Document::default();
    let mut heading = String::new();
    for line in text.replace("\n  ", " ").lines() {
        if let Some(title) = line.strip_prefix("## ") {
            title.clone_into(&mut heading);
        }
        let Some(item) = line.strip_prefix("- ").filter(|item| item.starts_with("R0")) else { continue };
        let fault = || format!("no item of `{heading}`: {line}");
        if heading == "Claimed in part" || heading == "Not claimed" {
            let (head, reason) = item.split_once(": ").ok_or_else(fault)?;
            if reason.trim().len() < 10 {
                return Err(format!("no reason is given: {line}"));
            }
            let waits = head.split_once(" (").map(|(_, waits)| waits.trim_end_matches(')').to_owned());
            document.listed.push(Entry { numbers: numbers(head), in_part: heading == "Claimed in part", waits });
        } else {
            let (number, rest) = item.split_once(' ').filter(|(number, _)| is_number(number)).ok_or_else(fault)?;
            let marks = rest.split(' ').map_while(|word| word.strip_prefix('[')?.strip_suffix(']')?.chars().next());
            document.requirements.push((number.to_owned(), marks.collect()));
        }
    }
    Ok(document)
}

/// Everything that is wrong between the document and the world.
fn faults(document: &Document, world: &World) -> Vec<String> {
    let known: BTreeSet<_> = document.requirements.iter().map(|(number, _)| number.as_str()).collect();
    let listed: BTreeSet<_> = document.listed.iter().flat_map(|it| &it.numbers).map(String::as_str).collect();
    let mut faults = faults_of_order(&document.requirements);
    for (number, marks) in &document.requirements {
        if marks.is_empty() || !marks.iter().all(|mark| "LCDTQRN".contains(*mark)) {
            faults.push(format!("{number} bears no marks, or unknown ones"));
        }
        let needed = marks.iter().any(|mark| "LCD".contains(*mark));
        if needed && !world.claims.contains_key(number) && !listed.contains(number.as_str()) {
            faults.push(format!("{number} is claimed nowhere and not listed"));
        }
    }
    for (number, places) in world.claims.iter().filter(|(number, _)| !known.contains(number.as_str())) {
        faults.push(format!("{} claims {number}, which does not exist", places.join(", ")));
    }
    for number in listed.iter().filter(|number| !known.contains(*number)) {
        faults.push(format!("{number} is listed and does not exist"));
    }
    let unclaimed: BTreeSet<_> =
        document.listed.iter().filter(|it| !it.in_part).flat_map(|it| &it.numbers).map(String::as_str).collect();
    faults.extend(document.listed.iter().flat_map(|entry| faults_of_entry(entry, &unclaimed, world)));
    faults
}

/// Each part counts from 01 without a gap.
fn faults_of_order(requirements: &[(String, Vec<char>)]) -> Vec<String> {
    let mut faults = Vec::new();
    let (mut part, mut count) = ("", 0);
    for (number, _) in requirements {
        count = if &number[..4] == part { count + 1 } else { 1 };
        part = &number[..4];
        let expected = format!("{part}-{count:02}");
        if *number != expected {
            faults.push(format!("{number} stands where {expected} should"));
        }
    }
    faults
}

/// What is claimed in part is claimed, unless it waits for the policy that will claim it.
fn faults_of_entry(entry: &Entry, unclaimed: &BTreeSet<&str>, world: &World) -> Vec<String> {
    let mut faults = Vec::new();
    for number in &entry.numbers {
        match (entry.in_part, world.claims.get(number)) {
            (true, None) if !unclaimed.contains(number.as_str()) => {
                faults.push(format!("{number} should be claimed in part, and is not at all"))
            }
            (false, Some(places)) => faults.push(format!("{number} is listed as not claimed: {}", places.join(", "))),
            _ => {}
        }
    }
    let waits = entry.waits.as_deref().unwrap_or_default();
    let there = match waits.strip_prefix("policy ") {
        Some(policy) => world.policies.contains(policy),
        None => world.checks.contains(waits),
    };
    if there {
        faults.push(format!("{} waits for {waits}, which is there", entry.numbers.join(", ")));
    }
    if entry.numbers.is_empty() || waits.starts_with("BW") && !there && !is_known(waits) {
        faults.push(format!("an entry without numbers, or one that waits for a code that is not kept: {entry:?}"));
    }
    faults
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    files.into_iter().chain(folders.iter().flat_map(|folder| self::files(folder))).collect()
}

/// The comment at the end of a line of a file with this ending.
fn comment<'a>(line: &'a str, ending: &str) -> &'a str {
    let sign = match ending {
        "bw" | "rs" => "//",
        "yaml" | "yml" => "#",
        _ => return "",
    };
    line.find(sign).map_or("", |at| &line[at..])
}

/// Every number that a comment in a policy, a case or a test names, and the files that do. This file only speaks of it.
fn claims() -> BTreeMap<String, Vec<String>> {
    let mut claims: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let paths = ["policies", "tests"].map(|folder| files(&root().join(folder)));
    for path in paths.iter().flatten().filter(|path| !path.ends_with("tests/requirements.rs")) {
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        let text = fs::read_to_string(path).unwrap_or_default();
        let shown = path.strip_prefix(root()).unwrap_or(path).display().to_string();
        for number in text.lines().flat_map(|line| numbers(comment(line, &ending))) {
            let places = claims.entry(number).or_default();
            if places.last() != Some(&shown) {
                places.push(shown.clone());
            }
        }
    }
    claims
}

#[test]
fn every_requirement_is_claimed_or_listed() {
    let text = fs::read_to_string(root().join("docs/requirements.md")).expect("the document");
    let document = read(&text).unwrap_or_else(|why| panic!("{why}"));
    assert!(document.requirements.len() > 150, "only {} requirements", document.requirements.len());
    let folders = fs::read_dir(root().join("policies")).into_iter().flatten().flatten();
    let world = World {
        claims: claims(),
        checks: CHECKS.iter().map(|check| check.code.0.to_owned()).collect(),
        policies: folders.map(|folder| folder.file_name().to_string_lossy().into_owned()).collect(),
    };
    let faults = faults(&document, &world);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The faults of a small document in a world with one check, one policy and one claim, of R001-01.
fn faults_in(text: &str) -> Vec<String> {
    let claims = BTreeMap::from([("R001-01".to_owned(), vec!["a.bw".to_owned()])]);
    let set = |name: &str| BTreeSet::from([name.to_owned()]);
    let world = World { claims, checks: set("BW101"), policies: set("portal") };
    faults(&read(text).expect("a document"), &world)
}

#[test]
fn each_fault_is_found() {
    let fine = "## A\n- R001-01 [L] One.\n- R001-02 [C] Two.\n- R001-03 [T] Three.\n## Not claimed\n- R001-02 (BW307): must wait.\n";
    assert_eq!(faults_in(fine), Vec::<String>::new());
    let one = |from: &str, to: &str| faults_in(&fine.replace(from, to)).join("; ");
    assert_eq!(one("[T]", "[D]"), "R001-03 is claimed nowhere and not listed");
    assert_eq!(one("[T]", "[X]"), "R001-03 bears no marks, or unknown ones");
    assert_eq!(one("R001-03 [T]", "R001-04 [T]"), "R001-04 stands where R001-03 should");
    assert_eq!(one("BW307", "BW101"), "R001-02 waits for BW101, which is there");
    assert_eq!(one("BW307", "policy portal"), "R001-02 waits for policy portal, which is there");
    assert_eq!(one("Not claimed", "Claimed in part"), "R001-02 should be claimed in part, and is not at all");
    assert_eq!(one("- R001-02 (", "- R001-02, R001-01 ("), "R001-01 is listed as not claimed: a.bw");
    assert_eq!(one("- R001-02 (", "- R001-02, R001-09 ("), "R001-09 is listed and does not exist");
    assert_eq!(
        one("R001-0", "R002-0"),
        "R002-01 is claimed nowhere and not listed; a.bw claims R001-01, which does not exist"
    );
    assert!(one("BW307", "BW998").contains("a code that is not kept"));
    assert!(read(&fine.replace("must wait.", "so.")).is_err(), "a reason is given");
}
