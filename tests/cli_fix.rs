//! `check --fix` as a person meets it: what is printed, what is written, and what stays as it was.

use std::fs;
use std::path::Path;
use std::process::Command;

use assert_cmd::cargo::cargo_bin;

const TEXT: &str = "platform shop { super none }\r\nresponsible \"Example board\"\r\nresource books on entity { view list; write edit }\r\n\
    role clerk { allow view books; except books.edit } // no edits\r\nadmin pat { role clerk; email pat@shop.example; phone +44 1632 960001 }\r\n\
    lint BW312 off\r\n";

const YAML: &str = "labels:\n  draft:\n  rare:   # kept\nlint: { BW409: warning }\n";

/// What a run gave: exit code, standard output, standard error.
struct Run {
    code: i32,
    out: String,
    err: String,
}

fn run_in(folder: &Path, args: &[&str]) -> Run {
    let mut command = Command::new(cargo_bin("bailiwick"));
    let output = command.args(args).current_dir(folder).env("NO_COLOR", "1").output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Run { code: output.status.code().expect("an exit code"), out: text(output.stdout), err: text(output.stderr) }
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    folder
}

fn read(folder: &tempfile::TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).expect("a file")
}

#[test]
fn safe_fixes_are_written_and_told() {
    let marked = format!("\u{feff}{TEXT}");
    let shop = folder(&[("shop.bw", &marked), ("more.yaml", YAML)]);
    let run = run_in(shop.path(), &["check", "--fix"]);
    let told = "fixed more.yaml:2:1: delete the label `draft`\nfixed more.yaml:3:3: delete the label `rare`\n\
        fixed shop.bw:4:30: delete this `except`\n3 fixes applied, 0 not\n\n2 files checked, no findings\n";
    assert_eq!((run.code, run.out.as_str()), (0, told), "{}", run.err);
    assert_eq!(read(&shop, "shop.bw"), marked.replace("; except books.edit", ""), "the mark and the line ends stay");
    assert_eq!(read(&shop, "more.yaml"), "labels:\n  # kept\nlint: { BW409: warning }\n");
    let again = run_in(shop.path(), &["check", "--fix"]);
    assert_eq!((again.code, again.out.as_str()), (0, "nothing to fix\n2 files checked, no findings\n"));
    assert_eq!(fs::read_dir(shop.path()).expect("a folder").count(), 2, "no temporary file is left");
}

#[test]
fn what_may_change_rights_is_shown_and_wants_a_word() {
    let policy = TEXT.replace("view books; except books.edit", "books.lst");
    let shop = folder(&[("shop.bw", &policy)]);
    let run = run_in(shop.path(), &["check", "--fix"]);
    assert_eq!(run.code, 1);
    let told = "not fixed shop.bw:4:26: write `list`\n  the policy does not compile as it is: there are no rights to compare with\n\
        `--fix=unsafe` applies those that may change rights\n0 fixes applied, 1 not\n\n";
    assert!(run.out.starts_with(told), "{}", run.out);
    assert!(run.out.contains("fix: write `list`"), "the finding is still there: {}", run.out);
    assert_eq!(read(&shop, "shop.bw"), policy);
    let run = run_in(shop.path(), &["check", "--fix=unsafe"]);
    assert_eq!(run.code, 0, "{}", run.out);
    assert!(run.out.starts_with("fixed shop.bw:4:26: write `list`\n"), "{}", run.out);
    assert_eq!(read(&shop, "shop.bw"), policy.replace("books.lst", "books.list"));
}

#[test]
fn a_change_of_rights_is_shown_row_by_row() {
    let policy = "platform shop { super none }\nresponsible \"Example board\"\nunit shop\nresource books on entity { view list }\n\
        role head { scope users in own unit; allow books }\nadmin pat { unit shop; role head }\n";
    let shop = folder(&[("shop.bw", policy)]);
    let run = run_in(shop.path(), &["check", "--fix"]);
    let rows = "  - pat: books.list on entities *\n  - role head: books.list on entities *\n\
        \x20 + pat: books.list on entities in own unit\n  + role head: books.list on entities in own unit\n";
    assert!(run.out.contains(rows), "{}", run.out);
    assert_eq!((run.code, read(&shop, "shop.bw").as_str()), (1, policy));
}

#[test]
fn programs_read_the_edits() {
    let shop = folder(&[("shop.bw", TEXT)]);
    let json = |args: &[&str]| {
        let run = run_in(shop.path(), args);
        let report: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
        (report, run.err)
    };
    let (report, _) = json(&["check", "--format", "json"]);
    let fix = &report["findings"][0]["fix"];
    assert_eq!(fix["title"], "delete this `except`");
    assert!(fix.get("safety").is_none(), "nobody has compared rights: {fix}");
    let edit = &fix["edits"][0];
    let range = |at: &str| usize::try_from(edit[at]["offset"].as_u64().expect("a number")).expect("an offset");
    assert_eq!((&edit["path"], &edit["text"]), (&"shop.bw".into(), &"".into()));
    assert_eq!(&TEXT[range("start")..range("end")], "; except books.edit");
    let (report, told) = json(&["check", "--format", "json", "--fix"]);
    assert!(report["findings"].as_array().is_some_and(Vec::is_empty), "{report}");
    assert!(told.starts_with("fixed shop.bw:4:30"), "what was done goes to standard error: {told}");
    fs::write(shop.path().join("shop.bw"), TEXT.replace("view books", "bocks")).expect("a file");
    let (report, _) = json(&["check", "--format", "json", "--fix"]);
    assert_eq!(report["findings"][0]["fix"]["safety"], "unsafe");
}

#[test]
fn what_cannot_be_written_is_refused_before_anything_is() {
    let shop = folder(&[("shop.bw", TEXT)]);
    let run = run_in(shop.path(), &["check", "--fix", "-", "shop.bw"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("standard input cannot be fixed"), "{}", run.err);
    let run = run_in(shop.path(), &["check", "--fix=all", "shop.bw"]);
    assert_eq!(run.code, 2, "{}", run.out);
    assert_eq!(read(&shop, "shop.bw"), TEXT);
}

#[test]
fn a_table_of_people_stays_as_it_is() {
    let policy = TEXT.replace("admin pat", "admins from \"people.csv\"\r\nadmin pat");
    let people = "login,roles,email,phone\nkim,clrk,kim@shop.example,+44 1632 960002\n";
    let shop = folder(&[("shop.bw", &policy), ("people.csv", people)]);
    let run = run_in(shop.path(), &["check", "--fix=unsafe"]);
    assert_eq!(run.code, 1, "{}", run.out);
    assert!(run.out.contains("did you mean `clerk`?") && !run.out.contains("fix: write"), "{}", run.out);
    assert_eq!(read(&shop, "people.csv"), people);
}

/// All files are written or none.
#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_keeps_every_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let shop = folder(&[("a.bw", TEXT)]);
    let closed = shop.path().join("closed");
    fs::create_dir(&closed).expect("a folder");
    fs::write(closed.join("more.yaml"), YAML).expect("a file");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).expect("permissions");
    if fs::write(closed.join("probe"), "").is_ok() {
        // Whoever may write everywhere cannot be kept from it by permissions.
        return;
    }
    let run = run_in(shop.path(), &["check", "--fix"]);
    assert_eq!(run.code, 2, "{}", run.out);
    assert!(run.err.contains("cannot write `closed/more.yaml`: permission denied"), "{}", run.err);
    assert_eq!(read(&shop, "a.bw"), TEXT, "the first file was not changed before the second failed");
}
