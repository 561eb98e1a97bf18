//! `bailiwick diff` as a person and a pipeline meet it: sides, gates, lists of expected changes, formats, exit codes.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use assert_cmd::cargo::cargo_bin;

const SHOP: &str = "platform shop { super none }
resource books on entity { view list; write edit }
resource customers on user { view open }
attribute country { fi, se }
role clerk { allow books.list; allow customers.open on users in finns }
group finns = country is fi
admin pat { role clerk; email pat@shop.example; phone +44 1632 960001 }
responsible \"Works council\"
";

struct Run {
    code: i32,
    out: String,
    err: String,
}

fn command(program: &Path, folder: &Path, args: &[&str]) -> Run {
    let mut command = Command::new(program);
    command.args(args).current_dir(folder).stdin(Stdio::null()).env("NO_COLOR", "1");
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    for who in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{who}_NAME"), "Aino Example");
        command.env(format!("GIT_{who}_EMAIL"), "aino@names.example");
    }
    let output = command.output().expect("it starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Run { code: output.status.code().unwrap_or(-1), out: text(&output.stdout), err: text(&output.stderr) }
}

fn diff(folder: &Path, args: &[&str]) -> Run {
    command(&cargo_bin("bailiwick"), folder, &[&["diff"], args].concat())
}

fn git(folder: &Path, args: &[&str]) -> String {
    let run = command(Path::new("git"), folder, args);
    assert_eq!(run.code, 0, "git {args:?}: {}", run.err);
    run.out
}

/// A folder with a policy `old.bw`, and `new.bw` in which the clerk may also edit.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("old.bw"), SHOP).expect("a file");
    fs::write(folder.path().join("new.bw"), SHOP.replace("books.list;", "books;")).expect("a file");
    folder
}

#[test]
fn gates_decide_how_it_ends() {
    let folder = folder();
    let here = folder.path();
    let wider = diff(here, &["old.bw", "new.bw"]);
    assert_eq!(wider.code, 0, "{}{}", wider.out, wider.err);
    assert!(wider.out.starts_with("old.bw -> new.bw\n1 change: "), "{}", wider.out);
    assert!(wider.out.contains("role `clerk` gains `books.edit` (write)"), "{}", wider.out);
    assert!(wider.out.contains("old.bw:5") && wider.out.contains("new.bw:5"), "{}", wider.out);
    for (gate, wider, narrower) in
        [("widened", 1, 0), ("any", 1, 1), ("escalation", 0, 0), ("error", 0, 0), ("escalation,any", 1, 1)]
    {
        let run = diff(here, &["old.bw", "new.bw", "--fail-on", gate]);
        assert_eq!(run.code, wider, "{gate}: {}", run.out);
        assert_eq!(
            run.out.contains(&format!("1 change is not expected (--fail-on {gate})")),
            wider == 1,
            "{}",
            run.out
        );
        // That nobody can do it then is an error of its own.
        let run = diff(here, &["new.bw", "old.bw", "--fail-on", gate, "--lint", "BWT09=off"]);
        assert_eq!(run.code, narrower, "{gate}: {}", run.out);
    }
    let same = diff(here, &["old.bw", "old.bw", "--fail-on", "any"]);
    assert_eq!((same.code, same.out.as_str()), (0, "old.bw -> old.bw\nno access change\n"));
    let words = SHOP.replace("group finns = country is fi\n", "") + "// the same\ngroup finns = country is fi\n";
    fs::write(here.join("words.bw"), words.replace("role clerk {", "role clerk \"Clerk\" {")).expect("a file");
    let words = diff(here, &["old.bw", "words.bw", "--fail-on", "any"]);
    assert_eq!(words.code, 0, "{}", words.out);
    assert!(words.out.contains("no access change (1 edit changes no right)"), "{}", words.out);
    let short = diff(here, &["old.bw", "new.bw", "--summary"]);
    assert_eq!(short.out.lines().count(), 2, "{}", short.out);
}

#[test]
fn an_expected_change_passes_until_it_differs() {
    let folder = folder();
    let here = folder.path();
    let gate = ["old.bw", "new.bw", "--fail-on", "any", "--allow-list", "expected.txt"];
    let absent = diff(here, &gate);
    assert_eq!(absent.code, 2);
    assert!(absent.err.contains("cannot read `expected.txt`"), "{}", absent.err);
    let written = diff(here, &[&gate[..], &["--write-allow-list"]].concat());
    assert_eq!(written.code, 0, "{}", written.out);
    assert_eq!(written.err, "wrote expected.txt: 1 expected change\n");
    let list = fs::read_to_string(here.join("expected.txt")).expect("a list");
    assert!(
        list.lines().last().is_some_and(|line| line.contains(" role `clerk` gains `books.edit` (write)")),
        "{list}"
    );
    let passed = diff(here, &gate);
    assert_eq!(passed.code, 0);
    assert!(
        passed.out.contains("expected: role `clerk`") && passed.out.contains("1 change is expected by the allow-list")
    );
    let stale = diff(here, &["old.bw", "old.bw", "--fail-on", "any", "--allow-list", "expected.txt"]);
    assert_eq!(stale.code, 0);
    assert!(stale.out.contains("1 entry of the allow-list is met by no change"), "{}", stale.out);
    fs::write(here.join("new.bw"), SHOP.replace("books.list;", "books;").replace("edit }", "edit, sell }"))
        .expect("a file");
    assert_eq!(diff(here, &gate).code, 1, "one action more is another change");
    fs::write(here.join("expected.txt"), "all of it\n").expect("a file");
    let broken = diff(here, &gate);
    assert_eq!(broken.code, 2);
    assert!(broken.err.contains("cannot use `expected.txt`: line 1:"), "{}", broken.err);
}

#[test]
fn formats_are_what_programs_read() {
    let folder = folder();
    let here = folder.path();
    let of = |format: &str| diff(here, &["old.bw", "new.bw", "--fail-on", "widened", "--format", format]);
    let json: serde_json::Value = serde_json::from_str(&of("json").out).expect("JSON");
    let schema = serde_json::from_str(include_str!("../grammar/diff.schema.json")).expect("JSON");
    let schema = jsonschema::draft7::new(&schema).expect("a schema");
    assert!(schema.is_valid(&json), "{json:#}");
    assert_eq!(json["changes"][0]["subject"], serde_json::json!({ "is": "role", "name": "clerk" }));
    assert_eq!(json["gate"]["fails"], true);
    let sarif: serde_json::Value = serde_json::from_str(&of("sarif").out).expect("JSON");
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!((&result["ruleId"], &result["level"]), (&"gained".into(), &"error".into()), "{sarif:#}");
    assert_eq!(result["locations"][0]["physicalLocation"]["region"]["startLine"], 5);
    let gitlab: serde_json::Value = serde_json::from_str(&of("gitlab").out).expect("JSON");
    assert_eq!(gitlab[0]["location"], serde_json::json!({ "path": "new.bw", "lines": { "begin": 5 } }));
    assert!(of("github").out.starts_with("::error file=new.bw,line=5,"), "{}", of("github").out);
    let markdown = of("markdown");
    assert!(markdown.out.starts_with("<!-- bailiwick-diff new.bw -->\n") && markdown.code == 1, "{}", markdown.out);
    assert_eq!(markdown.out, of("markdown").out, "the same text again");
}

#[test]
fn a_policy_with_errors_is_not_compared() {
    let folder = folder();
    let here = folder.path();
    fs::write(here.join("broken.bw"), SHOP.replace("books.list", "bocks.list")).expect("a file");
    let run = diff(here, &["old.bw", "broken.bw", "--fail-on", "any"]);
    assert_eq!(run.code, 2, "{}", run.out);
    assert!(run.out.contains("broken.bw has errors, so rights cannot be compared"), "{}", run.out);
    assert!(run.err.contains("in `broken.bw`:") && run.err.contains("did you mean `books`?"), "{}", run.err);
    // What only a check calls an error keeps nobody from seeing what mends it.
    let strict = "lint BW103 error\n";
    fs::write(here.join("old.bw"), SHOP.replace("; phone +44 1632 960001", "") + strict).expect("a file");
    let check = command(&cargo_bin("bailiwick"), here, &["check", "old.bw"]);
    assert_eq!(check.code, 1, "{}", check.out);
    let mended = diff(here, &["old.bw", "new.bw"]);
    assert_eq!(mended.code, 0, "{}{}", mended.out, mended.err);
}

#[test]
fn a_revision_is_compared_with_the_disk() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    git(here, &["init", "-q", "-b", "main"]);
    fs::create_dir_all(here.join("policies/shop")).expect("folders");
    fs::write(here.join("policies/shop/shop.bw"), SHOP).expect("a file");
    git(here, &["add", "-A"]);
    git(here, &["commit", "-q", "-m", "first"]);
    fs::write(here.join("policies/shop/shop.bw"), SHOP.replace("books.list;", "books;")).expect("a file");
    let two = diff(here, &["main:policies", "policies"]);
    assert!(two.code == 0 && two.out.contains("gains `books.edit`"), "{}{}", two.out, two.err);
    assert!(
        two.out.contains("- policies/shop/shop.bw:5") && two.out.contains("+ policies/shop/shop.bw:5"),
        "{}",
        two.out
    );
    assert_eq!(diff(here, &["--git", "main", "policies"]).out, two.out);
    let inside = diff(&here.join("policies"), &["--git", "HEAD"]);
    assert!(inside.code == 0 && inside.out.starts_with("HEAD:. -> .\n"), "{}{}", inside.out, inside.err);
    let outside = tempfile::tempdir().expect("a folder");
    let path = here.join("policies").display().to_string();
    let there = diff(outside.path(), &["--git", "main", &path]);
    assert!(there.code == 0 && there.out.contains("gains `books.edit`"), "{}{}", there.out, there.err);
    fs::create_dir(here.join("new")).expect("a folder");
    fs::rename(here.join("policies/shop/shop.bw"), here.join("new/shop.bw")).expect("moved");
    let new = diff(here, &["--git", "main", "new"]);
    assert_eq!(new.code, 2);
    assert!(
        new.err.contains("`main:new`: the revision has no such file") && new.err.contains("`--or-empty`"),
        "{}",
        new.err
    );
    let new = diff(here, &["--git", "main", "new", "--or-empty", "--fail-on", "widened"]);
    assert_eq!(new.code, 1, "{}{}", new.out, new.err);
    let gone = diff(here, &["main:policies", "policies/shop/shop.bw", "--or-empty", "--fail-on", "widened"]);
    assert!(gone.code == 0 && gone.out.contains(" loses "), "{}{}", gone.out, gone.err);
    assert!(diff(here, &["policies"]).err.contains("two policies are compared"));
    assert!(diff(here, &["a", "b", "--git", "main"]).err.contains("one path is compared, not two"));
}

#[test]
fn tables_are_compared_too() {
    let folder = folder();
    let here = folder.path();
    git(here, &["init", "-q", "-b", "main"]);
    let build = |policy| command(&cargo_bin("bailiwick"), here, &["build", policy, "-o", "shop.bwt"]);
    assert_eq!(build("old.bw").code, 0);
    git(here, &["add", "-A"]);
    git(here, &["commit", "-q", "-m", "first"]);
    assert_eq!(build("new.bw").code, 0);
    for args in [&["main:shop.bwt", "shop.bwt"][..], &["--git", "main", "shop.bwt"], &["old.bw", "shop.bwt"]] {
        let run = diff(here, args);
        assert!(run.code == 0 && run.out.contains("role `clerk` gains `books.edit` (write)"), "{args:?} {}", run.out);
    }
    // The recipe of docs/diff.md.
    let program = format!("--extcmd=\"{}\" diff", cargo_bin("bailiwick").display());
    let shown = git(here, &["difftool", "--no-prompt", &program, "main", "--", "shop.bwt"]);
    assert!(shown.contains("role `clerk` gains `books.edit` (write)"), "{shown}");
}

#[test]
fn a_new_way_to_more_is_stopped_until_it_is_expected() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let side = |which: &str| root.join(format!("tests/cases/diff/BWT11-more-for-whom-one-may-act-as.{which}.bw"));
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    fs::copy(side("old"), here.join("old.bw")).expect("the case");
    fs::copy(side("new"), here.join("new.bw")).expect("the case");
    let warned = diff(here, &["old.bw", "new.bw", "--at", "2026-01-01"]);
    assert!(warned.code == 0 && warned.out.contains("warning[BWT11]"), "{}{}", warned.out, warned.err);
    assert!(
        warned.out.lines().nth(1).is_some_and(|line| line.ends_with("1 warning about the change")),
        "{}",
        warned.out
    );
    assert_eq!(diff(here, &["old.bw", "new.bw", "--lint", "BWT11=error"]).code, 1);
    assert_eq!(diff(here, &["old.bw", "new.bw", "--strict"]).code, 1);
    let gate = ["old.bw", "new.bw", "--fail-on", "escalation", "--allow-list", "expected.txt"];
    fs::write(here.join("expected.txt"), "# nothing\n").expect("a list");
    assert_eq!(diff(here, &gate).code, 1);
    let written = diff(here, &[&gate[..], &["--write-allow-list"]].concat());
    assert_eq!(written.code, 0, "{}{}", written.out, written.err);
    assert_eq!(diff(here, &gate).code, 0);
    let lenient = fs::read_to_string(here.join("new.bw")).expect("the case") + "\nlint BWT11 off\n";
    fs::write(here.join("new.bw"), lenient).expect("a file");
    assert!(diff(here, &["old.bw", "new.bw"]).out.contains("BWT11"), "no change quietens what is said of itself");
    let lenient = fs::read_to_string(here.join("old.bw")).expect("the case") + "\nlint BWT11 off\n";
    fs::write(here.join("old.bw"), lenient).expect("a file");
    assert!(!diff(here, &["old.bw", "new.bw"]).out.contains("BWT11["), "what was agreed on before counts");
}

#[test]
fn whoever_asks_must_be_known() {
    let folder = folder();
    let run = diff(folder.path(), &["old.bw", "new.bw", "--requested-by", "pet"]);
    assert_eq!(run.code, 2, "{}", run.out);
    assert!(run.err.contains("called `pet`") && run.err.contains("did you mean `pat`?"), "{}", run.err);
    let council = diff(folder.path(), &["old.bw", "new.bw", "--requested-by", "Works council"]);
    assert_eq!(council.code, 0, "{}{}", council.out, council.err);
}

/// Two policies, and what comes of comparing them.
fn between(old: &str, new: &str, args: &[&str]) -> Run {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("old.bw"), old).expect("a file");
    fs::write(folder.path().join("new.bw"), new).expect("a file");
    diff(folder.path(), &[&["old.bw", "new.bw"], args].concat())
}

const OFFICE: &str = "platform office { super none }
resource accounts on account { view show; become login_as }
resource money { write pay }
role clerk { allow accounts.show }
role payer { allow money.pay }
role helper { allow accounts.show, accounts.login_as }
admin pat { role helper }
admin bo { role clerk }
admin cy { role clerk }
";

#[test]
fn privileged_actions_are_a_finding_and_an_error_under_their_gate() {
    let new = OFFICE.replace("admin cy { role clerk }", "admin cy { role clerk; role helper }");
    let warned = between(OFFICE, &new, &[]);
    assert_eq!(warned.code, 0, "{}{}", warned.out, warned.err);
    assert!(warned.out.contains("warning[BWT06]"), "{}", warned.out);
    assert!(warned.out.contains("`cy` gains the privileged `accounts.login_as`"), "{}", warned.out);
    let gated = between(OFFICE, &new, &["--fail-on", "privileged"]);
    assert_eq!(gated.code, 1, "{}", gated.out);
    assert!(gated.out.contains("error[BWT06]"), "{}", gated.out);
    let said = between(OFFICE, &new, &["--fail-on", "privileged", "--lint", "BWT06=off"]);
    assert!(said.code == 1 && !said.out.contains("BWT06"), "{}", said.out);
    let list = ["--fail-on", "privileged", "--allow-list", "expected.txt", "--write-allow-list"];
    let expected = between(OFFICE, &new, &list);
    assert_eq!(expected.code, 0, "{}{}", expected.out, expected.err);
    assert!(expected.out.contains("warning[BWT06]"), "{}", expected.out);
    let comment = between(OFFICE, &new, &["--format", "markdown"]);
    assert!(comment.out.contains("`accounts.login_as`") && !comment.out.contains("BWT06"), "{}", comment.out);
    let fewer = between(&new, OFFICE, &["--fail-on", "privileged"]);
    assert!(fewer.code == 0 && !fewer.out.contains("BWT06"), "{}", fewer.out);
}

#[test]
fn a_change_that_touches_many_is_a_finding() {
    let new = OFFICE.replace("role clerk { allow", "role clerk { allow money.pay; allow");
    let many = between(OFFICE, &new, &["--many", "50"]);
    assert!(many.code == 0 && many.out.contains("warning[BWT07]"), "{}", many.out);
    assert!(many.out.contains("the change touches 2 of 3 accounts, 66 percent of them"), "{}", many.out);
    for args in [&["--many", "80"][..], &[]] {
        let few = between(OFFICE, &new, args);
        assert!(few.code == 0 && !few.out.contains("BWT07"), "{}", few.out);
    }
    assert_eq!(between(OFFICE, &new, &["--many", "50", "--strict"]).code, 1);
    // The old policy may say that it does not matter; the new one cannot.
    let off = "lint BWT07 off\n";
    let agreed = between(&format!("{OFFICE}{off}"), &new, &["--many", "50"]);
    assert!(!agreed.out.contains("BWT07"), "{}", agreed.out);
    let quietened = between(OFFICE, &format!("{new}{off}"), &["--many", "50"]);
    assert!(quietened.out.contains("BWT07"), "{}", quietened.out);
}

#[test]
fn a_new_chain_of_whoever_gains_is_stopped_too() {
    let new = OFFICE.replace("admin bo { role clerk }", "admin bo { role clerk; role payer }");
    let new = new.replace("admin cy { role clerk }", "admin cy { role clerk; role helper }");
    let run = between(OFFICE, &new, &["--fail-on", "escalation"]);
    assert_eq!(run.code, 1, "{}{}", run.out, run.err);
    assert!(run.out.contains("stopped: escalation: `cy` could come to `money.pay`"), "{}", run.out);
    assert!(run.out.contains("warning[BWT11]") && !run.out.contains("escalation: `pat`"), "{}", run.out);
    let list = ["--fail-on", "escalation", "--allow-list", "expected.txt", "--write-allow-list"];
    assert_eq!(between(OFFICE, &new, &list).code, 0);
    assert_eq!(between(&new, &new, &["--fail-on", "escalation"]).code, 0);
}
