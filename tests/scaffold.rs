//! Beginning: a first policy, a new account, completions and manual pages.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use assert_cmd::cargo::cargo_bin;

/// A run of the program without a terminal: exit code, standard output, standard error.
fn run(folder: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(cargo_bin("bailiwick"));
    let output = command.args(args).current_dir(folder).env("NO_COLOR", "1").stdin(Stdio::null()).output();
    let output = output.expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

#[test]
fn a_first_policy_has_no_findings_and_passes_its_tests() {
    let here = folder();
    for (args, file) in [(vec!["init", "text"], "text/policy.bw"), (vec!["init", "yaml", "--yaml"], "yaml/policy.yaml")]
    {
        let (code, _, err) = run(here.path(), &args);
        assert_eq!(code, Some(0), "{err}");
        assert!(err.starts_with(&format!("wrote {file}\n")), "{err}");
        let (code, out, _) = run(here.path(), &["check", "--strict", args[1]]);
        assert_eq!((code, out.as_str()), (Some(0), "1 file checked, no findings\n"));
        let (code, out, _) = run(here.path(), &["test", args[1]]);
        assert!(code == Some(0) && out.ends_with("4 tests, 11 lines: 11 passed, 0 failed\n"), "{out}");
        assert_eq!(run(here.path(), &["build", args[1], "-o", &format!("{}.bwt", args[1])]).0, Some(0));
    }
    let table = |name: &str| fs::read(here.path().join(name)).expect("a table");
    assert!(table("text.bwt") == table("yaml.bwt"), "both forms say the same");
}

#[test]
fn no_policy_is_overwritten_by_a_first_one() {
    let here = folder();
    for name in ["other.bw", "policy.yaml", "policy.yml"] {
        fs::write(here.path().join(name), "// mine\n").expect("a file");
        for args in [vec!["init"], vec!["init", "--yaml"], vec!["init", "."]] {
            let (code, _, err) = run(here.path(), &args);
            assert!(code == Some(2) && err.contains(&format!("`{name}` is a policy already")), "{err}");
        }
        assert_eq!(fs::read_dir(here.path()).expect("a folder").count(), 1, "nothing was written");
        fs::remove_file(here.path().join(name)).expect("it was there");
    }
}

const REQUEST: [&str; 10] = [
    "--login",
    "ann.lee",
    "--name",
    "Ann \"A\" Lee",
    "--email",
    "ann@portal.example",
    "--phone",
    "+358 40 7",
    "--photo",
    "ann.jpg",
];

/// A policy to which an account is to be added, and the arguments without sections and groups.
fn portal() -> (tempfile::TempDir, Vec<&'static str>) {
    let here = folder();
    assert_eq!(run(here.path(), &["init"]).0, Some(0));
    let args = ["new-admin", "--to", "policy.bw"].into_iter().chain(REQUEST).collect();
    (here, args)
}

#[test]
fn a_new_account_is_added_to_a_policy_that_compiles() {
    let (here, mut args) = portal();
    args.extend([
        "--unit",
        "company",
        "--set",
        "country=fi",
        "--role",
        "editor on entities in own unit until 2099-12-31",
    ]);
    args.extend([
        "--section",
        "settings reason \"audit\"",
        "--scope",
        "users in * and entities *",
        "--from",
        "2026-01-01",
    ]);
    let old = fs::read_to_string(here.path().join("policy.bw")).expect("a policy");
    let (code, _, err) = run(here.path(), &args);
    assert_eq!((code, err.as_str()), (Some(0), "added `ann.lee` to policy.bw\n"));
    let added = r#"
admin "ann.lee" "Ann \"A\" Lee" {
  email ann@portal.example
  phone +358 40 7
  photo ann.jpg
  unit company
  country fi
  role editor on entities in own unit until 2099-12-31
  scope users in * and entities *
  allow settings reason "audit"
  valid from 2026-01-01
}
"#;
    let new = fs::read_to_string(here.path().join("policy.bw")).expect("a policy");
    assert_eq!(new, format!("{old}{added}"));
    assert_eq!(run(here.path(), &["can", "ann.lee", "settings.change"]).0, Some(0));
    let (code, _, err) = run(here.path(), &args);
    assert_eq!(code, Some(1), "a second one with the same login");
    assert!(err.contains("`ann.lee` is declared twice") && err.contains("nothing was written"), "{err}");
    assert_eq!(fs::read_to_string(here.path().join("policy.bw")).expect("a policy"), new);
}

// R000-17
#[test]
fn a_request_without_sections_or_groups_is_refused() {
    let (here, args) = portal();
    let old = fs::read_to_string(here.path().join("policy.bw")).expect("a policy");
    let sections = ["--role", "editor"];
    let groups = ["--scope", "users in finns"];
    for (more, missing) in [
        (vec![], "`--role` and `--scope` must be given"),
        (sections.to_vec(), ": `--scope` must be given"),
        (groups.to_vec(), ": `--role` must be given"),
    ] {
        let (code, _, err) = run(here.path(), &[args.as_slice(), more.as_slice()].concat());
        assert!(code == Some(2) && err.contains(missing), "{err}");
    }
    let (code, _, err) = run(here.path(), &["new-admin", "--to", "policy.bw", "--login", " "]);
    assert!(
        code == Some(2) && err.contains("`--login`, `--name`, `--email`, `--phone`, `--role` and `--scope`"),
        "{err}"
    );
    assert_eq!(fs::read_to_string(here.path().join("policy.bw")).expect("a policy"), old);
}

#[test]
fn nothing_is_written_unless_the_policy_compiles() {
    let (here, args) = portal();
    let old = fs::read_to_string(here.path().join("policy.bw")).expect("a policy");
    let with = |more: &[&'static str]| run(here.path(), &[args.as_slice(), more].concat());
    let (code, _, err) = with(&["--role", "edtor", "--scope", "users in finns"]);
    assert!(code == Some(1) && err.contains("did you mean `editor`?") && err.contains("stays as it was"), "{err}");
    let (code, _, err) = with(&["--role", "editor", "--scope", "finns"]);
    assert!(code == Some(2) && err.contains("<--scope>:1:1"), "{err}");
    let (code, _, err) = with(&["--role", "editor", "--scope", "users in finns", "--until", "2026-02-30"]);
    assert!(code == Some(2) && err.contains("February 2026 has 28 days"), "{err}");
    assert_eq!(fs::read_to_string(here.path().join("policy.bw")).expect("a policy"), old);
    fs::write(here.path().join("broken.bw"), "role { }\n").expect("a file");
    let (code, _, err) = with(&["--role", "editor", "--scope", "users in finns"]);
    assert!(code == Some(1) && err.contains("the policy has errors already"), "{err}");
}

#[test]
fn the_file_is_a_part_of_the_policy() {
    let (here, _) = portal();
    fs::create_dir(here.path().join("people")).expect("a folder");
    fs::create_dir(here.path().join("elsewhere")).expect("a folder");
    let request = |to: &'static str, policy: &'static str| {
        let more = ["--role", "editor", "--scope", "users in finns", "-p", policy];
        run(here.path(), &[&["new-admin", "--to", to][..], &REQUEST, &more].concat())
    };
    let (code, _, err) = request("elsewhere/new.bw", "policy.bw");
    assert!(code == Some(2) && err.contains("`elsewhere/new.bw` is no part of this policy"), "{err}");
    let (code, _, err) = request("people/new.yaml", ".");
    assert!(code == Some(2) && err.contains("ends in `.bw`"), "{err}");
    let (code, _, err) = request("people/new.bw", ".");
    assert_eq!(code, Some(0), "a file that was not there: {err}");
    let text = fs::read_to_string(here.path().join("people/new.bw")).expect("it is there");
    assert!(text.starts_with("admin \"ann.lee\""), "{text}");
    assert_eq!(run(here.path(), &["check"]).0, Some(0));
}

#[test]
fn shells_complete_every_command() {
    let here = folder();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (code, out, err) = run(here.path(), &["completions", shell]);
        assert_eq!(code, Some(0), "{err}");
        for command in ["check", "build", "can", "rights", "test", "explain", "init", "new-admin", "completions", "man"]
        {
            assert!(out.contains(command), "{shell} does not complete `{command}`");
        }
    }
    assert_eq!(run(here.path(), &["completions", "cmd"]).0, Some(2));
}

#[test]
fn every_command_has_a_manual_page() {
    let here = folder();
    let (code, _, err) = run(here.path(), &["man", "share/man1"]);
    assert_eq!(code, Some(0), "{err}");
    let page = |name: &str| fs::read_to_string(here.path().join("share/man1").join(name)).expect("a page");
    assert!(page("bailiwick.1").contains("bailiwick\\-new\\-admin(1)"), "the pages know one another");
    assert!(page("bailiwick-build.1").contains("\\-\\-revision"), "options are described");
}
