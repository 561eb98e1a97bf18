//! The schema in an editor: the language server that editors use for YAML completes, explains and checks a policy with it.
//!
//! The server is a program for Node, pinned in `tests/editor`. Without Node, or where the server cannot be fetched, this says so and
//! passes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The files that a run needs.
const FILES: [&str; 4] = ["package.json", "package-lock.json", ".npmrc", "check.mjs"];
/// The oldest version of Node that the server is known to run on.
const OLDEST_NODE: u32 = 20;
/// What npm says when the pinned versions are not what was asked for or not what was pinned: mistakes of this project.
const OUR_FAULT: [&str; 3] = ["EUSAGE", "EINTEGRITY", "EJSONPARSE"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs a program of Node; nothing where there is none.
fn run(program: &str, arguments: &[&str], folder: &Path) -> Option<Output> {
    Command::new(program).args(arguments).current_dir(folder).stdin(Stdio::null()).output().ok()
}

/// The version of Node: 20 of `v20.20.2`.
fn node() -> Option<u32> {
    let output = run("node", &["--version"], root())?;
    let version = String::from_utf8(output.stdout).ok()?;
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// A folder with the server in it, or why there is none. What an earlier run fetched is used again.
fn installed() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("editor");
    let pinned = fs::read(root().join("tests/editor/package-lock.json")).expect("the pinned versions");
    let up_to_date = fs::read(folder.join("installed")).is_ok_and(|lock| lock == pinned);
    fs::create_dir_all(&folder).expect("a folder for the server");
    for file in FILES {
        fs::copy(root().join("tests/editor").join(file), folder.join(file)).expect("a copy");
    }
    if up_to_date {
        return Ok(folder);
    }
    let options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=0", "--fetch-timeout=30000"];
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let Some(output) = run(npm, &options, &folder) else { return Err("there is no npm".to_owned()) };
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        fs::write(folder.join("installed"), pinned).expect("a note of what is installed");
        return Ok(folder);
    }
    assert!(!OUR_FAULT.iter().any(|code| said.contains(code)), "npm cannot install what is pinned:\n{said}");
    Err(format!("the language server cannot be fetched:\n{said}"))
}

#[test]
fn an_editor_completes_and_checks() {
    match node() {
        Some(version) if version >= OLDEST_NODE => {}
        Some(version) => return eprintln!("skipped: node {version} is too old"),
        None => return eprintln!("skipped: there is no node"),
    }
    let folder = match installed() {
        Ok(folder) => folder,
        Err(reason) => return eprintln!("skipped: {reason}"),
    };
    let schema = root().join("grammar/policy.schema.json");
    let output = run("node", &["check.mjs", &schema.to_string_lossy()], &folder).expect("node ran before");
    let (said, complaint) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.trim() == "OK", "{said}{complaint}");
}
