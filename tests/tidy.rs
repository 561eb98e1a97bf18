//! Keeps what the documents promise about the source.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, ending, found);
        } else if path.extension().is_some_and(|e| e == ending) {
            found.push(path);
        }
    }
}

fn rust_files() -> Vec<PathBuf> {
    let mut found = vec![];
    for folder in ["src", "tests", "runtime/rust/src"] {
        files(&root().join(folder), "rs", &mut found);
    }
    found
}

#[test]
fn every_file_says_what_it_is() {
    for path in rust_files() {
        let text = fs::read_to_string(&path).expect("a file");
        assert!(text.starts_with("//!"), "{} does not begin with its documentation", path.display());
    }
}

#[test]
fn a_file_is_one_thought() {
    for path in rust_files() {
        let lines = fs::read_to_string(&path).expect("a file").lines().count();
        assert!(lines <= 900, "{} has {lines} lines", path.display());
    }
}

/// Paths between backticks that begin as a path of this project does.
fn named_paths(text: &str) -> Vec<&str> {
    let begins = ["src/", "tests/", "docs/", "grammar/", "policies/", "runtime/", "snapshots/", "examples/"];
    let quoted = text.split('`').skip(1).step_by(2);
    let linked = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    quoted.chain(linked).filter(|p| begins.iter().any(|b| p.starts_with(b)) && !p.contains([' ', '*'])).collect()
}

#[test]
fn named_paths_exist() {
    let mut documents = vec![root().join("README.md"), root().join("ARCHITECTURE.md")];
    files(&root().join("docs"), "md", &mut documents);
    for document in documents {
        let text = fs::read_to_string(&document).expect("a document");
        let folder = if document.starts_with(root().join("docs")) && !text.contains("](docs/") { "" } else { "." };
        for path in named_paths(&text) {
            let there = root().join(folder).join(path).exists();
            assert!(there, "{} names {path}, which is not there", document.display());
        }
    }
}

#[test]
fn every_dependency_says_why() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the manifest");
    let mut inside = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.contains("dependencies]");
        } else if inside && line.contains('=') {
            assert!(line.contains('#'), "no reason is given for: {line}");
        }
    }
}

/// The subcommands as they are typed: `new-admin` of `NewAdmin(...)`.
fn commands() -> Vec<String> {
    let args = fs::read_to_string(root().join("src/cli/args.rs")).expect("the arguments");
    let (_, rest) = args.split_once("pub(super) enum Command {").expect("the commands");
    let (body, _) = rest.split_once("\n}").expect("their end");
    let variants = body.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(['/', '#']));
    let typed = |variant: &str| {
        let name: String = variant.chars().take_while(|c| c.is_alphanumeric()).collect();
        let dashed = |c: char| if c.is_uppercase() { format!("-{}", c.to_lowercase()) } else { c.to_string() };
        name.chars().map(dashed).collect::<String>().trim_start_matches('-').to_owned()
    };
    variants.map(typed).collect()
}

#[test]
fn the_readme_names_every_command_and_no_other() {
    let readme = fs::read_to_string(root().join("README.md")).expect("the README");
    let mut commands = commands();
    assert!(commands.len() > 10 && commands.contains(&"new-admin".to_owned()), "{commands:?}");
    let (_, rest) = readme.split_once("## Commands").expect("the commands");
    let rows = rest.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    let cells = rows.filter_map(|row| row.split(" | ").next());
    let quoted = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    let mut named: Vec<String> = quoted.filter_map(|said| said.split(' ').next()).map(str::to_owned).collect();
    commands.sort();
    named.sort();
    assert_eq!(named, commands);
}
