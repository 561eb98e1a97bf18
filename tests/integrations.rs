//! What other programs run: the GitHub action's step, the hooks of pre-commit, the job for GitLab, each as it would be run there.
#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use assert_cmd::cargo::cargo_bin;
use serde_yaml::Value;

const SHOP: &str = "platform shop { super none }
resource books on entity { view list; write edit }
role clerk { allow books.list }
admin pat { role clerk; email pat@shop.example; phone +44 1632 960001 }
responsible \"Works council\"
test \"lists\" { pat can books.list on entity {} }
";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A program in a folder, with this `bailiwick` first in the path and nothing of whoever runs the tests.
fn command(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(program);
    let mut path = cargo_bin("bailiwick").parent().expect("a folder").as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    command.current_dir(folder).stdin(Stdio::null()).env("PATH", path).env("NO_COLOR", "1");
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GITHUB_BASE_REF"] {
        command.env_remove(name);
    }
    for who in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{who}_NAME"), "Aino Example");
        command.env(format!("GIT_{who}_EMAIL"), "aino@names.example");
    }
    command
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn git(folder: &Path, args: &[&str]) {
    let output = command("git", folder).args(args).output().expect("git is there");
    assert!(output.status.success(), "git {args:?}: {}", said(&output));
}

fn commit(folder: &Path) {
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-q", "-m", "more"]);
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
    fs::write(path, text).expect("a file");
}

/// A repository with a policy on `main`, and a change of it on a branch that a runner has checked out.
fn pull_request(change: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let origin = folder.path().join("origin");
    fs::create_dir(&origin).expect("a folder");
    git(&origin, &["init", "-q", "-b", "main"]);
    write(&origin, "policies/shop.bw", SHOP);
    commit(&origin);
    git(&origin, &["checkout", "-q", "-b", "change"]);
    write(&origin, "policies/shop.bw", change);
    commit(&origin);
    let url = format!("file://{}", origin.display());
    git(folder.path(), &["clone", "-q", "--depth", "1", "--single-branch", "-b", "change", &url, "checkout"]);
    let checkout = folder.path().join("checkout");
    (folder, checkout)
}

/// What a run of the action's step gave: its exit code, what it set, the job's summary, and what it printed.
struct Ran {
    code: Option<i32>,
    outputs: String,
    summary: String,
    log: String,
}

impl Ran {
    /// An output, as the runner reads it.
    fn output(&self, name: &str) -> String {
        let mut lines = self.outputs.lines();
        while let Some(line) = lines.next() {
            if let Some(value) = line.strip_prefix(&format!("{name}=")) {
                return value.to_owned();
            }
            if let Some((known, mark)) = line.split_once("<<") {
                let value: Vec<&str> = lines.by_ref().take_while(|line| *line != mark).collect();
                if known == name {
                    return value.join("\n");
                }
            }
        }
        panic!("no output {name} in {}", self.outputs);
    }
}

fn action(checkout: &Path, env: &[(&str, &str)]) -> Ran {
    let files = tempfile::tempdir().expect("a folder");
    let (outputs, summary) = (files.path().join("output"), files.path().join("summary"));
    fs::write(&outputs, "").expect("a file");
    fs::write(&summary, "").expect("a file");
    let mut step = command("bash", checkout);
    step.args(["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", "\"$GITHUB_ACTION_PATH/action/run.sh\""]);
    step.env("GITHUB_ACTION_PATH", root()).env("GITHUB_OUTPUT", &outputs).env("GITHUB_STEP_SUMMARY", &summary);
    let given = env.iter().map(|(name, value)| (*name, *value));
    let inputs = [("INPUT_PATH", "."), ("INPUT_BASE", ""), ("INPUT_ARGS", ""), ("INPUT_VERSION", "")];
    let output = step.envs(inputs).envs(given).output().expect("bash is there");
    let read = |path: &Path| fs::read_to_string(path).expect("UTF-8");
    Ran { code: output.status.code(), outputs: read(&outputs), summary: read(&summary), log: said(&output) }
}

#[test]
fn the_action_comments_on_a_pull_request() {
    let (_folder, checkout) = pull_request(&SHOP.replace("allow books.list", "allow books"));
    let on = [("GITHUB_BASE_REF", "main"), ("INPUT_PATH", "policies")];
    let ran = action(&checkout, &on);
    assert_eq!(ran.code, Some(0), "{}", ran.log);
    assert_eq!(ran.output("exit"), "0");
    let comment = ran.output("comment");
    assert!(comment.starts_with("<!-- bailiwick-diff policies -->\n### Policy change: "), "{comment}");
    assert!(comment.contains("books.edit"), "{comment}");
    assert_eq!(ran.summary.trim_end(), comment.trim_end());
    assert!(ran.log.contains("1 test, 1 line: 1 passed, 0 failed"), "{}", ran.log);
    let gated = action(&checkout, &[&on[..], &[("INPUT_ARGS", "--fail-on widened")]].concat());
    assert_eq!((gated.code, gated.output("exit").as_str()), (Some(1), "1"), "{}", gated.log);
    assert!(gated.output("comment").contains("not expected"), "{}", gated.outputs);
    let wrong = action(&checkout, &[&on[..], &[("INPUT_BASE", "nowhere")]].concat());
    assert_eq!((wrong.code, wrong.output("exit").as_str()), (Some(2), "2"), "{}", wrong.log);
    assert!(wrong.log.contains("no revision `nowhere`"), "{}", wrong.log);
    let other = action(&checkout, &[&on[..], &[("INPUT_PATH", "pol*")]].concat());
    assert_eq!(other.code, Some(2), "nothing is expanded: {}", other.log);
}

#[test]
fn the_action_checks_and_tests_where_nothing_is_compared() {
    let (_folder, checkout) = pull_request(&SHOP.replace("pat can", "pat cannot"));
    let ran = action(&checkout, &[("INPUT_VERSION", env!("CARGO_PKG_VERSION"))]);
    assert_eq!((ran.code, ran.output("exit").as_str()), (Some(1), "1"), "{}", ran.log);
    assert!(ran.log.contains("nothing to compare with") && ran.log.contains("::error"), "{}", ran.log);
    assert_eq!((ran.output("comment").as_str(), ran.summary.as_str()), ("", ""));
}

#[test]
fn the_action_declares_what_its_script_reads() {
    let yaml: Value =
        serde_yaml::from_str(&fs::read_to_string(root().join("action.yml")).expect("the action")).expect("YAML");
    let script = fs::read_to_string(root().join("action/run.sh")).expect("the script");
    let step = &yaml["runs"]["steps"][0];
    let env = step["env"].as_mapping().expect("an environment");
    let inputs: Vec<&str> = yaml["inputs"].as_mapping().expect("inputs").keys().filter_map(Value::as_str).collect();
    assert_eq!(inputs, ["path", "base", "args", "version"]);
    for input in inputs {
        let name = format!("INPUT_{}", input.to_uppercase());
        assert_eq!(env.get(name.as_str()).and_then(Value::as_str), Some(format!("${{{{ inputs.{input} }}}}").as_str()));
        assert!(script.contains(&format!("{{{name}:-")), "{name}");
    }
    for output in ["comment", "exit"] {
        let value = yaml["outputs"][output]["value"].as_str().expect("a value");
        assert_eq!(value, format!("${{{{ steps.run.outputs.{output} }}}}"));
    }
    assert!(!step["run"].as_str().expect("a script").contains("${{"), "no input becomes code");
}

#[test]
fn the_job_for_gitlab_does_what_it_says() {
    let (_folder, checkout) = pull_request(&SHOP.replace("allow books.list", "allow books"));
    git(&checkout, &["fetch", "-q", "--unshallow", "origin", "+refs/heads/main:refs/remotes/origin/main"]);
    let text = fs::read_to_string(root().join("examples/gitlab-ci.yml")).expect("the example");
    let yaml: Value = serde_yaml::from_str(&text).expect("YAML");
    let lines = yaml["policy"]["script"].as_sequence().expect("a script").iter();
    let script: Vec<&str> = lines.map(|line| line.as_str().expect("a line")).collect();
    let mut job = command("bash", &checkout);
    job.args(["-e", "-c", &script.join("\n")]).env("CI_MERGE_REQUEST_DIFF_BASE_SHA", "origin/main");
    for (name, value) in yaml["policy"]["variables"].as_mapping().expect("variables") {
        job.env(name.as_str().expect("a name"), value.as_str().expect("a text"));
    }
    let output = job.output().expect("bash is there");
    assert_eq!(output.status.code(), Some(1), "to write everything is privileged: {}", said(&output));
    let report = yaml["policy"]["artifacts"]["reports"]["codequality"].as_str().expect("a file");
    let report = fs::read_to_string(checkout.join(report)).expect("the report");
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(report[0]["location"]["path"], "policies/shop.bw", "{report:#}");
    let shown = yaml["policy"]["artifacts"]["paths"][0].as_str().expect("a file");
    assert!(fs::read_to_string(checkout.join(shown)).expect("a comment").contains("books.edit"));
    let less = SHOP.replace("books.list }", "books.list on entities labelled new }").replace("pat can", "pat cannot");
    write(&checkout, "policies/shop.bw", &less);
    write(&checkout, "policies/label.bw", "label new\n");
    let output = job.output().expect("bash is there");
    assert_eq!(output.status.code(), Some(0), "less than before: {}", said(&output));
}

/// Runs pre-commit where it is installed, with the hooks of this repository and the program that was built here.
#[test]
fn the_hooks_run_in_pre_commit() {
    let there = Command::new("pre-commit").arg("--version").output();
    if !there.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: pre-commit is not installed");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let hooks = folder.path().join("hooks");
    fs::create_dir(&hooks).expect("a folder");
    git(&hooks, &["init", "-q", "-b", "main"]);
    fs::copy(root().join(".pre-commit-hooks.yaml"), hooks.join(".pre-commit-hooks.yaml")).expect("the hooks");
    commit(&hooks);
    git(&hooks, &["tag", "v0.1.0"]);
    let here = folder.path().join("here");
    fs::create_dir(&here).expect("a folder");
    git(&here, &["init", "-q", "-b", "main"]);
    // The program that was built is run; otherwise pre-commit would build it from the repository.
    let config = format!(
        "repos:\n- repo: {}\n  rev: v0.1.0\n  hooks:\n  - {{ id: bailiwick-check, language: system, args: [policies] }}\n  \
         - {{ id: bailiwick-fmt, language: system }}\n",
        hooks.display()
    );
    write(&here, ".pre-commit-config.yaml", &config);
    write(&here, "policies/shop.bw", &SHOP.replace("role clerk { ", "role   clerk {"));
    git(&here, &["add", "-A"]);
    let run = || {
        let mut hooks = command("pre-commit", &here);
        hooks.args(["run", "--all-files", "--color", "never"]).env("PRE_COMMIT_HOME", folder.path().join("cache"));
        hooks.output().expect("pre-commit is there")
    };
    let first = run();
    assert_eq!(first.status.code(), Some(1), "{}", said(&first));
    assert!(said(&first).contains("formatted policies/shop.bw"), "{}", said(&first));
    git(&here, &["add", "-A"]);
    let second = run();
    assert!(second.status.success(), "{}", said(&second));
    assert_eq!(said(&second).matches("Passed").count(), 2, "{}", said(&second));
    write(&here, "policies/shop.bw", &SHOP.replace("allow books.list", "allow bocks.list"));
    git(&here, &["add", "-A"]);
    let third = run();
    assert!(!third.status.success() && said(&third).contains("did you mean"), "{}", said(&third));
}
