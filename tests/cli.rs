//! The program as a person meets it: exit codes, messages, and what is on disk afterwards.

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
lint BW312 off
test \"lists\" { pat can books.list on entity {} }
";

/// What a run gave: exit code, standard output, standard error.
struct Run {
    code: i32,
    out: String,
    err: String,
}

fn run_in(folder: &Path, args: &[&str], input: Option<&str>) -> Run {
    use std::io::Write as _;
    let mut command = Command::new(cargo_bin("bailiwick"));
    command.args(args).current_dir(folder).env("NO_COLOR", "1");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(input.unwrap_or("").as_bytes()).expect("it reads its input");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Run { code: output.status.code().expect("an exit code"), out: text(output.stdout), err: text(output.stderr) }
}

fn shop() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("shop.bw"), SHOP).expect("a file");
    folder
}

#[test]
fn the_main_job_works_from_policy_to_answer() {
    let shop = shop();
    let check = run_in(shop.path(), &["check"], None);
    assert_eq!((check.code, check.out.as_str()), (0, "1 file checked, no findings\n"), "{}", check.err);
    let build = run_in(shop.path(), &["build", "-o", "shop.bwt"], None);
    assert_eq!(build.code, 0, "{}", build.err);
    assert!(build.out.is_empty() && build.err.contains("wrote shop.bwt: 1 role, 1 account"), "{}", build.err);
    for policy in ["shop.bwt", "shop.bw", "."] {
        let yes = run_in(shop.path(), &["can", "PAT", "books.list", "entity { id \"b1\" }", "-p", policy], None);
        assert_eq!(yes.code, 0, "{}", yes.err);
        let text = "allow: by `role clerk: allow books.list`\n  shop.bw:7:18\n  shop.bw:5:14\n";
        assert_eq!(yes.out, text, "{policy}: the same answer, with its lines");
        let no = run_in(shop.path(), &["can", "pat", "books.edit", "entity {}", "-p", policy], None);
        assert_eq!((no.code, no.out.as_str()), (1, "deny: nothing grants it\n"));
        let region = run_in(shop.path(), &["can", "pat", "customers.open", "-p", policy], None);
        assert_eq!(region.out, "allow on country is fi\n  for example on user { country fi }\n");
        assert_eq!(region.code, 0);
        let nothing = run_in(shop.path(), &["can", "pat", "books.edit", "-p", policy], None);
        assert_eq!(nothing.code, 1, "{}", nothing.out);
    }
    let tests = run_in(shop.path(), &["test"], None);
    assert_eq!((tests.code, tests.out.as_str()), (0, "1 test, 1 line: 1 passed, 0 failed\n"));
}

#[test]
fn rows_come_in_three_formats() {
    let shop = shop();
    let csv = run_in(shop.path(), &["rights", "pat", "--format", "csv"], None);
    let expected = "subject,action,effect,entities,users,from,until,via\n\
        pat,books.list,allow,*,-,,,role clerk -> role clerk: allow books.list\n\
        pat,customers.open,allow,-,country is fi,,,role clerk -> role clerk: allow customers.open on users in finns\n";
    assert_eq!((csv.code, csv.out.as_str()), (0, expected));
    let json = run_in(shop.path(), &["rights", "clerk", "--roles", "--format", "json"], None);
    let rows: Vec<serde_json::Value> = json.out.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0]["action"], "books.list");
    let text = run_in(shop.path(), &["rights"], None);
    assert!(text.out.starts_with("pat\n  allow  books.list"), "{}", text.out);
    let nobody = run_in(shop.path(), &["rights", "pet"], None);
    assert_eq!(nobody.code, 2);
    assert!(nobody.err.contains("did you mean `pat`?"), "{}", nobody.err);
}

#[test]
fn a_policy_comes_from_standard_input() {
    let folder = tempfile::tempdir().expect("a folder");
    let ok = run_in(folder.path(), &["check", "-"], Some(SHOP));
    assert_eq!(ok.code, 0, "{}", ok.out);
    let bad = run_in(folder.path(), &["check", "-"], Some("role { }"));
    assert_eq!(bad.code, 1);
    assert!(bad.out.contains("<stdin>:1:"), "{}", bad.out);
}

// R001-12
#[test]
fn with_an_error_nothing_is_written() {
    let shop = shop();
    let table = shop.path().join("shop.bwt");
    assert_eq!(run_in(shop.path(), &["build", "-o", "shop.bwt"], None).code, 0);
    let old = fs::read(&table).expect("a table");
    fs::write(shop.path().join("more.bw"), "role boss { allow bocks.list }\n").expect("a file");
    let build = run_in(shop.path(), &["build", "-o", "shop.bwt"], None);
    assert_eq!(build.code, 1);
    assert!(build.err.contains("did you mean `books`?") && build.err.contains("nothing was written"), "{}", build.err);
    assert_eq!(fs::read(&table).expect("still there"), old, "the old table stays as it was");
    let ask = run_in(shop.path(), &["can", "pat", "books.list", "entity {}"], None);
    assert_eq!(ask.code, 2, "a policy with errors cannot answer");
    let names: Vec<_> =
        fs::read_dir(shop.path()).expect("a folder").map(|e| e.expect("an entry").file_name()).collect();
    assert_eq!(names.len(), 4, "no temporary file is left: {names:?}");
}

#[test]
fn what_cannot_be_read_is_one_clear_error() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("empty")).expect("a folder");
    fs::write(folder.path().join("latin.bw"), b"role caf\xe9 { }").expect("a file");
    fs::write(folder.path().join("x.bwt"), b"not a table").expect("a file");
    let cases: [(&[&str], &str); 9] = [
        (&["check", "nowhere"], "cannot read `nowhere`: there is no such file or folder"),
        (&["check", "empty"], "no policy in `empty`"),
        (&["check", "latin.bw"], "`latin.bw` is not UTF-8: byte 8, on line 1"),
        (&["can", "pat", "books.list", "-p", "x.bwt"], "cannot use `x.bwt`: this is not a permission table"),
        (&["can", "pat", "books.list", "-p", "y.bwt"], "cannot read `y.bwt`"),
        (&["explain", "BW999"], "there is no code `BW999`"),
        (&["check", "--lint", "BW302=quiet"], "`quiet` is no level"),
        (&["check", "--at", "2026-02-30"], "`2026-02-30` is no date"),
        (&["frobnicate"], "unrecognized subcommand"),
    ];
    for (args, message) in cases {
        let run = run_in(folder.path(), args, None);
        assert_eq!(run.code, 2, "{args:?}");
        assert!(run.err.contains(message), "{args:?}: {}", run.err);
        assert!(run.out.is_empty(), "{args:?}: {}", run.out);
    }
}

#[test]
fn a_table_is_whole_or_refused() {
    let shop = shop();
    assert_eq!(run_in(shop.path(), &["build", "-o", "shop.bwt", "--revision", "7"], None).code, 0);
    let whole = fs::read(shop.path().join("shop.bwt")).expect("a table");
    let ask = |bytes: &[u8]| {
        fs::write(shop.path().join("cut.bwt"), bytes).expect("a file");
        run_in(shop.path(), &["can", "pat", "books.list", "entity {}", "-p", "cut.bwt"], None)
    };
    assert_eq!(ask(&whole).code, 0);
    let cut = ask(&whole[..whole.len() - 9]);
    assert_eq!(cut.code, 2);
    assert!(cut.err.contains("the table is cut short"), "{}", cut.err);
    let mut altered = whole.clone();
    let middle = altered.len() / 2;
    altered[middle] ^= 1;
    let altered = ask(&altered);
    assert_eq!(altered.code, 2);
    assert!(altered.err.contains("the table was altered"), "{}", altered.err);
}

#[test]
fn questions_that_make_no_sense_are_located() {
    let shop = shop();
    let cases: [(&[&str], &str); 6] = [
        (&["can", "pta", "books.list"], "did you mean `pat`?"),
        (&["can", "pat", "books.lits"], "did you mean `books.list`?"),
        (&["can", "pat", "books.list", "user {}"], "takes `entity { ... }`"),
        (&["can", "pat", "books.list", "entity { unit x }"], "there is no unit `x`"),
        (&["can", "pat", "books.list", "entity {"], "<target>:1:"),
        (&["can", "as clerk", "books.list", "entity {}"], "cannot be presented"),
    ];
    for (args, message) in cases {
        let run = run_in(shop.path(), args, None);
        assert_eq!(run.code, 2, "{args:?}: {}{}", run.out, run.err);
        assert!(run.err.contains(message), "{args:?}: {}", run.err);
    }
}

#[test]
fn timings_say_where_the_time_goes() {
    let shop = shop();
    let stages = ["read", "parse", "resolve", "lower", "check", "emit", "settle", "map", "write", "sync"];
    let build = run_in(shop.path(), &["build", "-o", "shop.bwt", "--timings"], None);
    assert_eq!((build.code, build.out.as_str()), (0, ""), "{}", build.err);
    let first = |line: &str| line.split_whitespace().next().unwrap_or("").to_owned();
    let rows: Vec<String> = build.err.lines().map(first).collect();
    assert!(rows.iter().any(|row| row == "all"), "{}", build.err);
    for stage in stages {
        assert_eq!(rows.iter().filter(|row| *row == stage).count(), 1, "{stage}: {}", build.err);
    }
    assert!(
        !build.err.contains('\r') && !build.err.contains("..."),
        "nothing is said meanwhile in a pipe: {}",
        build.err
    );
    let check = run_in(shop.path(), &["check", "--timings=json"], None);
    assert_eq!((check.code, check.out.as_str()), (0, "1 file checked, no findings\n"));
    let timings: serde_json::Value = serde_json::from_str(&check.err).expect("one JSON object");
    let told: Vec<&str> =
        timings["stages"].as_array().expect("stages").iter().filter_map(|s| s["name"].as_str()).collect();
    assert_eq!(told, stages[..7]);
    assert!(
        timings["stages"][4]["parts"]
            .as_array()
            .is_some_and(|parts| parts.iter().any(|p| p["name"] == "BW101" || p["name"] == "BW102"))
    );
    assert_eq!(run_in(shop.path(), &["check", "--timings=xml"], None).code, 2);
}

#[test]
fn a_failing_test_says_what_was_decided() {
    let shop = shop();
    let more = "test \"more\" {\n  pat can books.edit on entity {}\n  pat cannot books.list on entity {}\n}\n";
    fs::write(shop.path().join("more.bw"), more).expect("a file");
    let run = run_in(shop.path(), &["test"], None);
    assert_eq!(run.code, 1);
    assert!(run.out.contains("more.bw:2:3: test \"more\""), "{}", run.out);
    assert!(run.out.contains("expected can `books.edit`, but it was denied: nothing grants it"), "{}", run.out);
    assert!(run.out.contains("but it was allowed by `role clerk: allow books.list`"), "{}", run.out);
    assert!(run.out.ends_with("2 tests, 3 lines: 1 passed, 2 failed\n"), "{}", run.out);
}

#[test]
fn severities_are_set_in_one_place() {
    let shop = shop();
    fs::write(shop.path().join("more.bw"), "role boss { allow books }\n").expect("a file");
    assert_eq!(run_in(shop.path(), &["check"], None).code, 0, "an orphaned role is a warning");
    assert_eq!(run_in(shop.path(), &["check", "--strict"], None).code, 1);
    assert_eq!(run_in(shop.path(), &["check", "--strict", "--lint", "BW302=note"], None).code, 0);
    let json = run_in(shop.path(), &["check", "--format", "json", "--lint", "BW302=error"], None);
    assert_eq!(json.code, 1);
    let report: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(report["summary"]["errors"], 1);
    let place = &report["findings"][0]["places"][0];
    assert_eq!(
        (&place["path"], &place["start"]["line"], &place["start"]["column"]),
        (&"more.bw".into(), &1.into(), &6.into())
    );
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let shop = shop();
    let mut child = Command::new(cargo_bin("bailiwick"))
        .args(["rights", "--format", "json"])
        .current_dir(shop.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn colours_are_for_terminals() {
    let shop = shop();
    fs::write(shop.path().join("more.bw"), "role boss { allow bocks }\n").expect("a file");
    let plain = run_in(shop.path(), &["check"], None);
    assert!(!plain.out.contains('\u{1b}'), "a pipe gets no colours");
    let coloured = run_in(shop.path(), &["check", "--color", "always"], None);
    assert!(coloured.out.contains('\u{1b}'), "unless they are asked for");
}

#[test]
fn a_policy_is_not_overwritten_by_its_table() {
    let shop = shop();
    let run = run_in(shop.path(), &["build", "-o", "shop.bw"], None);
    assert_eq!(run.code, 2);
    assert_eq!(fs::read_to_string(shop.path().join("shop.bw")).expect("a file"), SHOP);
    let folder = run_in(shop.path(), &["build", "-o", "no/such/folder.bwt"], None);
    assert_eq!(folder.code, 2);
    assert!(folder.err.contains("there is no such folder"), "{}", folder.err);
}

/// Names with everything that a terminal would obey or a reader would mistake.
const ODD: &str = r#"platform shop { super none }
responsible "Works council"
resource books on entity { view "li st" }
resource customers on user { view open }
attribute "coun\u{1b}try" { fi, "s e" }
attribute plain { "or", other }
relation "knows\u{202e}" on user
group odd = "coun\u{1b}try" is "s e" or plain is "or"
role "cl\u{1b}[2Jerk" { allow books."li st"; allow customers.open on users in odd }
role "a b" { allow customers.open on users in holders of "cl\u{1b}[2Jerk"; allow customers.open on users in "knows\u{202e}" }
admin "pa\u{1b}t" { role "cl\u{1b}[2Jerk", "a b" on users in odd; email pat@shop.example; phone +44 1632 960001 }
test "ti\u{1b}tle\n" { "pa\u{1b}t" cannot customers.open on user { "coun\u{1b}try" "s e" } }
"#;

#[test]
fn nothing_that_a_terminal_would_obey_is_printed_for_people() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("odd\u{1b}.bw"), ODD).expect("a file");
    let run = |args: &[&str]| run_in(folder.path(), args, None);
    let asked: [&[&str]; 12] = [
        &["check"],
        &["rights"],
        &["rights", "--roles"],
        &["rights", "pa\u{1b}u"],
        &["can", "pa\u{1b}t", "customers.open"],
        &["can", "pa\u{1b}t", "customers.open", "user { \"coun\\u{1b}try\" fi }"],
        &["can", "pa\u{1b}t", "books\u{1b}.x"],
        &["explain", "BW\u{1b}[2J"],
        &["test"],
        &["test", "--format", "github"],
        &["test", "--format", "junit"],
        &["fmt"],
    ];
    for args in asked {
        let said = run(args);
        let text = said.out + &said.err;
        assert!(!text.is_empty(), "{args:?}");
        let obeyed: Vec<char> = text.chars().filter(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}').collect();
        assert!(obeyed.is_empty(), "{args:?}: {obeyed:?} in {text:?}");
    }
    let rights = run(&["rights", "--roles"]).out;
    for shown in [
        "cl\\u{1b}[2Jerk\n",
        "users: \"coun\\u{1b}try\" is \"s e\" or plain is \"or\"\n",
        "users: \"knows\\u{202e}\" or holders of \"cl\\u{1b}[2Jerk\"\n",
        "by role \"a b\": allow customers.open on users in \"knows\\u{202e}\"\n",
        "by role \"cl\\u{1b}[2Jerk\": allow books.\"li st\"\n",
    ] {
        let either = shown.replace("users: \"knows\\u{202e}\" or holders", "users: holders");
        assert!(rights.contains(shown) || rights.contains(&either), "no {shown:?} in\n{rights}");
    }
    assert!(run(&["rights"]).out.starts_with("pa\\u{1b}t\n"));
    assert!(run(&["rights", "--format", "csv"]).out.contains("\npa\u{1b}t,"), "programs read every byte as it is");
    assert!(run(&["rights", "--roles", "--format", "json"]).out.contains("\"cl\\u001b[2Jerk\""));
}

#[test]
fn check_writes_what_ci_systems_read() {
    let shop = shop();
    fs::write(shop.path().join("more.bw"), "role spare_one { allow books.list }\n").expect("a file");
    let check = |format: &str, more: &[&str]| {
        let run = run_in(
            shop.path(),
            &[&["check", "--at", "2026-06-01", "--lint", "BW305=off", "--format", format], more].concat(),
            None,
        );
        (run.code, run.out)
    };
    let (code, github) = check("github", &[]);
    let place = "file=more.bw,line=1,endLine=1,col=6,endColumn=15,title=BW302 a role or profile that nobody holds";
    assert!(
        code == 0 && github.starts_with(&format!("::warning {place}::more.bw:1:6: BW302 nobody holds")),
        "{github}"
    );
    let (code, github) = check("github", &["--strict"]);
    assert!(code == 1 && github.starts_with("::error ") && github.ends_with("\n1 error\n"), "{github}");
    let (_, gitlab) = check("gitlab", &[]);
    let issues: serde_json::Value = serde_json::from_str(&gitlab).expect("JSON");
    assert_eq!((&issues[0]["check_name"], &issues[0]["severity"]), (&"BW302".into(), &"minor".into()));
    let (_, sarif) = check("sarif", &[]);
    let log: serde_json::Value = serde_json::from_str(&sarif).expect("JSON");
    assert_eq!(log.pointer("/runs/0/results/0/ruleId"), Some(&"BW302".into()));
    let (_, markdown) = check("markdown", &[]);
    assert!(markdown.starts_with("### bailiwick: 1 warning\n\n| Severity |"), "{markdown}");
    let (_, junit) = check("junit", &[]);
    assert!(junit.contains("timestamp=\"2026-06-01T00:00:00\" time=\"0\" tests=\"1\" failures=\"0\""), "{junit}");
    let (_, junit) = check("junit", &["--strict"]);
    assert!(junit.contains("<failure type=\"error\" message=\"nobody holds the role `spare_one`"), "{junit}");
}

#[test]
fn tests_are_reported_as_ci_systems_read_them() {
    let shop = shop();
    let wrong = "test \"edits\" { pat can books.list on entity {}\n  pat can books.edit on entity {} }\n";
    fs::write(shop.path().join("wrong.bw"), wrong).expect("a file");
    let test = |format: &str| {
        let run = run_in(shop.path(), &["test", "--at", "2026-06-01", "--format", format], None);
        (run.code, run.out)
    };
    let (code, junit) = test("junit");
    assert_eq!(code, 1);
    in_order(
        &junit,
        &[
            "<testsuite id=\"0\" package=\"bailiwick\" name=\"shop.bw\"",
            "<testcase classname=\"shop.bw\" name=\"lists\" time=\"0\"/>",
            "<testsuite id=\"1\" package=\"bailiwick\" name=\"wrong.bw\"",
            "tests=\"1\" failures=\"1\"",
            "<failure type=\"test\" message=\"line 2: expected can `books.edit`, but it was denied: nothing grants it\">wrong.bw:2:3:",
        ],
    );
    let (code, github) = test("github");
    assert_eq!(code, 1);
    let command =
        "::error file=wrong.bw,line=2,endLine=2,col=3,endColumn=34,title=test edits::wrong.bw:2:3: test \"edits\"%0A";
    assert!(github.starts_with(command) && github.ends_with("\n2 tests, 3 lines: 2 passed, 1 failed\n"), "{github}");
    let (code, json) = test("json");
    let report: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((code, &report["summary"]["failed"]), (1, &1.into()));
    assert_eq!(report.pointer("/tests/1/failures/0/line"), Some(&"pat can books.edit on entity {}".into()));
    assert_eq!(report.pointer("/tests/1/failures/0/place/start/line"), Some(&2.into()));
    fs::write(shop.path().join("wrong.bw"), "role a { allow nothing.such }\n").expect("a file");
    for format in ["json", "junit", "github"] {
        let (code, report) = test(format);
        assert!(code == 2 && report.contains("BW105"), "{format}: why nothing was tested: {report}");
    }
}

/// Each of these stands in the text, in this order.
fn in_order(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let at = rest.find(part).unwrap_or_else(|| panic!("no {part:?} in\n{text}"));
        rest = &rest[at + part.len()..];
    }
}
