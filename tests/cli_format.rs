//! `fmt` and `convert` as a person meets them: exit codes, messages, and what is on disk afterwards.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use assert_cmd::cargo::cargo_bin;

const UNTIDY: &str = "role a{allow x.y}  // tidy me\nresource x{view y}\nplatform p{super none}\n";
const TIDY: &str = "role a { allow x.y }  // tidy me\nresource x { view y }\nplatform p { super none }\n";
const BROKEN: &str = "role a {\n  alow x\n}\n";

struct Run {
    code: i32,
    out: String,
    err: String,
}

fn run_in(folder: &Path, args: &[&str], input: &str) -> Run {
    use std::io::Write as _;
    let mut command = Command::new(cargo_bin("bailiwick"));
    command.args(args).current_dir(folder).env("NO_COLOR", "1");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    // It may end without reading.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Run { code: output.status.code().expect("an exit code"), out: text(output.stdout), err: text(output.stderr) }
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    folder
}

fn read(folder: &tempfile::TempDir, path: &str) -> String {
    fs::read_to_string(folder.path().join(path)).expect("a file")
}

#[test]
fn files_are_laid_out_in_place() {
    let shop = folder(&[("a.bw", UNTIDY), ("below/b.bw", TIDY), ("c.yaml", "labels:   [ a,b ]\n"), ("d.txt", UNTIDY)]);
    let run = run_in(shop.path(), &["fmt"], "");
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, "", "formatted a.bw\nformatted c.yaml\n"));
    assert_eq!(read(&shop, "a.bw"), TIDY);
    assert_eq!(read(&shop, "below/b.bw"), TIDY);
    assert_eq!(read(&shop, "c.yaml"), "labels: [a, b]\n");
    assert_eq!(read(&shop, "d.txt"), UNTIDY);
    let again = run_in(shop.path(), &["fmt", "."], "");
    assert_eq!((again.code, again.err.as_str()), (0, ""));
}

#[cfg(unix)]
#[test]
fn permissions_and_links_stay() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let shop = folder(&[("a.bw", UNTIDY)]);
    let file = shop.path().join("a.bw");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("permissions");
    symlink(&file, shop.path().join("link.bw")).expect("a link");
    let run = run_in(shop.path(), &["fmt", "link.bw"], "");
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(read(&shop, "a.bw"), TIDY);
    assert!(fs::symlink_metadata(shop.path().join("link.bw")).expect("the link").is_symlink());
    assert_eq!(fs::metadata(&file).expect("the file").permissions().mode() & 0o777, 0o640);
}

#[test]
fn a_check_shows_what_would_change() {
    let shop = folder(&[("a.bw", UNTIDY), ("b.bw", TIDY)]);
    let run = run_in(shop.path(), &["fmt", "--check"], "");
    assert_eq!(run.code, 1, "{}", run.err);
    let expected = "--- a.bw\n+++ a.bw (formatted)\n@@ -1,3 +1,3 @@\n\
        -role a{allow x.y}  // tidy me\n-resource x{view y}\n-platform p{super none}\n\
        +role a { allow x.y }  // tidy me\n+resource x { view y }\n+platform p { super none }\n";
    assert_eq!(run.out, expected);
    assert_eq!(read(&shop, "a.bw"), UNTIDY);
    let tidy = run_in(shop.path(), &["fmt", "--check", "b.bw"], "");
    assert_eq!((tidy.code, tidy.out.as_str(), tidy.err.as_str()), (0, "", ""));
}

#[test]
fn standard_input_goes_to_standard_output() {
    let shop = folder(&[]);
    let run = run_in(shop.path(), &["fmt", "-"], UNTIDY);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, TIDY, ""));
    let check = run_in(shop.path(), &["fmt", "--check", "-"], UNTIDY);
    assert!(check.code == 1 && check.out.starts_with("--- <stdin>\n"), "{}", check.out);
}

#[test]
fn a_broken_file_stays_as_it_is() {
    let shop = folder(&[("a.bw", BROKEN), ("b.bw", UNTIDY)]);
    for args in [&["fmt"][..], &["fmt", "--check"]] {
        let run = run_in(shop.path(), args, "");
        assert_eq!(run.code, 2, "{}", run.out);
        assert!(run.err.contains("BW001") && run.err.contains("`a.bw` stays as it was"), "{}", run.err);
        assert_eq!(read(&shop, "a.bw"), BROKEN);
    }
    assert_eq!(read(&shop, "b.bw"), TIDY, "the others are laid out");
    let absent = run_in(shop.path(), &["fmt", "absent.bw"], "");
    assert!(absent.code == 2 && absent.err.contains("there is no such file"), "{}", absent.err);
}

#[test]
fn a_file_becomes_its_other_form() {
    let shop = folder(&[("shop.bw", UNTIDY)]);
    let yaml = run_in(shop.path(), &["convert", "shop.bw"], "");
    let expected = "platform:\n  name: p\n  super: none\n\nresources:\n  x:\n    view: \"y\"\n\nroles:\n  a:  # tidy me\n    allow: x.y\n";
    assert_eq!((yaml.code, yaml.out.as_str(), yaml.err.as_str()), (0, expected, ""));
    let written = run_in(shop.path(), &["convert", "shop.bw", "--to", "yaml", "-o", "shop.yaml"], "");
    assert_eq!((written.code, written.out.as_str()), (0, ""));
    assert_eq!(read(&shop, "shop.yaml"), expected);
    let back = run_in(shop.path(), &["convert", "shop.yaml"], "");
    let text = "platform p { super none }\n\nresource x {\n  view    y\n}\n\nrole a {  // tidy me\n  allow   x.y\n}\n";
    assert_eq!(
        (back.code, back.out.as_str()),
        (0, text.replace("platform p { super none }", "platform p {\n  super none\n}").as_str())
    );
    let stdin = run_in(shop.path(), &["convert", "-"], UNTIDY);
    assert_eq!((stdin.code, stdin.out.as_str()), (0, expected));
    let same = run_in(shop.path(), &["convert", "shop.bw", "-o", "shop.bw"], "");
    assert_eq!((same.code, read(&shop, "shop.bw").as_str()), (2, UNTIDY));
}

#[test]
fn a_folder_becomes_a_folder() {
    let shop = folder(&[("shop/a.bw", UNTIDY), ("shop/below/b.bw", "role b\n"), ("shop/c.yaml", "roles: { c: }\n")]);
    fs::write(shop.path().join("shop/d.bw"), "responsible \"Works council\"\n").expect("a file");
    let mixed = run_in(shop.path(), &["convert", "shop", "-o", "new"], "");
    assert!(mixed.code == 2 && mixed.err.contains("files of both forms"), "{}", mixed.err);
    let nowhere = run_in(shop.path(), &["convert", "shop", "--to", "yaml"], "");
    assert!(nowhere.code == 2 && nowhere.err.contains("is a folder"), "{}", nowhere.err);
    let run = run_in(shop.path(), &["convert", "shop", "--to", "yaml", "-o", "new"], "");
    assert_eq!((run.code, run.err.as_str()), (0, "wrote 4 files to new\n"));
    assert_eq!(read(&shop, "new/below/b.yaml"), "roles:\n  b:\n");
    assert_eq!(read(&shop, "new/c.yaml"), "roles: { c: }\n");
    for path in ["shop", "new"] {
        let build = run_in(shop.path(), &["build", path, "-o", &format!("{path}.bwt")], "");
        assert_eq!(build.code, 0, "{}", build.err);
    }
    let table = |name: &str| fs::read(shop.path().join(name)).expect("a table");
    assert_eq!(table("shop.bwt"), table("new.bwt"));
    let again = run_in(shop.path(), &["convert", "shop", "--to", "yaml", "-o", "new"], "");
    assert!(again.code == 2 && again.err.contains("is there already"), "{}", again.err);
}

#[test]
fn what_cannot_be_said_is_not_written() {
    let shop = folder(&[
        ("broken.bw", BROKEN),
        ("two.bw", "test \"t\" {}\ntest \"t\" {}\n"),
        ("attribute.bw", "admin a { roles x }\n"),
    ]);
    let broken = run_in(shop.path(), &["convert", "broken.bw", "-o", "broken.yaml"], "");
    assert!(broken.code == 2 && broken.err.contains("BW001"), "{}", broken.err);
    for name in ["two", "attribute"] {
        let run = run_in(shop.path(), &["convert", &format!("{name}.bw"), "-o", &format!("{name}.yaml")], "");
        assert!(run.code == 2 && run.err.contains("would not say the same"), "{name}: {}", run.err);
        assert!(!shop.path().join(format!("{name}.yaml")).exists());
    }
    assert!(!shop.path().join("broken.yaml").exists());
}
