//! Policies and tables in revisions of a git repository, read by the real program through the real git.

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
admin pat { role clerk; email pat@shop.example; phone +44 1632 960001; allow books.edit from 2026-01-01 }
responsible \"Works council\"
lint BW312 off
forbid books.edit for users in swedes
group swedes = country is se
";

/// A run of a program: exit code, standard output, standard error.
fn run(program: &Path, folder: &Path, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(program);
    command.args(args).current_dir(folder).stdin(Stdio::null());
    // Nothing of whoever runs the tests.
    command.env("NO_COLOR", "1").env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    command.env_remove("GIT_DIR").env_remove("GIT_WORK_TREE").env_remove("GIT_INDEX_FILE");
    let identity = [("GIT_AUTHOR_NAME", "Aino Example"), ("GIT_AUTHOR_EMAIL", "aino@names.example")];
    let committer = [("GIT_COMMITTER_NAME", "Aino Example"), ("GIT_COMMITTER_EMAIL", "aino@names.example")];
    command.envs(identity).envs(committer);
    let output = command.output().expect("it starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

fn git(folder: &Path, args: &[&str]) -> String {
    let (code, out, err) = run(Path::new("git"), folder, args);
    assert_eq!(code, 0, "git {args:?}: {err}");
    out
}

fn bailiwick(folder: &Path, args: &[&str]) -> (i32, String, String) {
    run(&cargo_bin("bailiwick"), folder, args)
}

/// A listing that must be there.
fn shown(folder: &Path, what: &str) -> String {
    let (code, out, err) = bailiwick(folder, &["show", what]);
    assert_eq!(code, 0, "{what}: {out}{err}");
    out
}

/// The complaint about a side that cannot be read.
fn refused(folder: &Path, what: &str) -> String {
    let (code, out, err) = bailiwick(folder, &["show", what]);
    assert_eq!((code, out.as_str()), (2, ""), "{what}: {err}");
    err
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
    fs::write(path, text).expect("a file");
}

fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    git(folder.path(), &["init", "-q", "-b", "main"]);
    folder
}

fn commit(folder: &Path) {
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-q", "-m", "more"]);
}

#[test]
fn a_revision_is_read_as_the_disk_was() {
    let repository = repository();
    let here = repository.path();
    write(here, "policies/shop/shop.bw", SHOP);
    write(here, "policies/shop/.hidden.bw", "role {");
    write(here, "policies/shop/notes.txt", "no policy");
    commit(here);
    let disk = shown(here, "policies/shop");
    assert!(disk.contains("\nrole clerk\n  allow books.list"), "{disk}");
    write(here, "policies/shop/shop.bw", &SHOP.replace("view list;", "view list, page;"));
    assert_ne!(shown(here, "policies/shop"), disk);
    for side in ["main:policies/shop", "HEAD:policies/shop/", "main:policies/shop/shop.bw", "main:", "HEAD:./policies"]
    {
        assert_eq!(shown(here, side), disk, "{side}");
    }
    git(here, &["tag", "v1"]);
    commit(here);
    fs::create_dir(here.join("new")).expect("a folder that no revision has");
    let policies = here.join("policies");
    for (from, side) in [
        (policies.as_path(), "HEAD~1:./shop"),
        (&policies, "v1:policies/shop"),
        (&policies.join("shop"), "HEAD^{/more}~1:."),
        (&here.join("new"), "v1:../policies/shop"),
        (&here.join(".git"), "v1:policies"),
    ] {
        assert_eq!(shown(from, side), disk, "{side} in {}", from.display());
    }
    assert!(!git(here, &["status", "--porcelain"]).contains("shop"), "nothing was written");
}

#[test]
fn bare_and_shallow_clones_are_enough() {
    let repository = repository();
    let here = repository.path();
    write(here, "shop/shop.bw", SHOP);
    commit(here);
    let disk = shown(here, "shop");
    write(here, "shop/shop.bw", "role {");
    commit(here);
    let elsewhere = tempfile::tempdir().expect("a folder");
    let url = format!("file://{}", here.display());
    git(elsewhere.path(), &["clone", "-q", "--bare", &url, "bare.git"]);
    assert_eq!(shown(&elsewhere.path().join("bare.git"), "main~1:shop"), disk);
    git(elsewhere.path(), &["clone", "-q", "--depth", "1", &url, "shallow"]);
    let why = refused(&elsewhere.path().join("shallow"), "main~1:shop");
    assert!(why.contains("no revision `main~1`") && why.contains("this clone is shallow"), "{why}");
    git(&elsewhere.path().join("shallow"), &["fetch", "-q", "--depth", "2", "origin", "main"]);
    assert_eq!(shown(&elsewhere.path().join("shallow"), "FETCH_HEAD~1:shop"), disk);
    git(&elsewhere.path().join("shallow"), &["checkout", "-q", "--detach"]);
    git(&elsewhere.path().join("shallow"), &["branch", "-q", "-D", "main"]);
    assert!(refused(&elsewhere.path().join("shallow"), "main:shop").contains("did you mean `origin/main`?"));
}

#[test]
fn what_is_not_there_is_one_clear_error() {
    let repository = repository();
    let here = repository.path();
    write(here, "policies/shop/shop.bw", SHOP);
    write(here, "policies/shop/people.csv", "login\n");
    write(here, "empty/notes.txt", "x");
    write(here, "latin/a.bw", "x");
    fs::write(here.join("latin/a.bw"), b"role caf\xe9 { }").expect("a file");
    commit(here);
    for (side, message) in [
        ("nix:policies", "there is no revision `nix`"),
        ("--help:policies", "there is no revision `--help`"),
        ("main:nowhere", "cannot read `main:nowhere`: the revision has no such file or folder"),
        ("main:policies/shop/shop.bw/x", "the revision has no such file or folder"),
        ("main:../x", "it leads out of the repository"),
        ("main:empty", "no policy in `main:empty`"),
        ("main:policies/shop/people.csv", "is a table of people, and no policy"),
        ("main:latin", "`latin/a.bw`, in `main:latin`, is not UTF-8"),
        ("nowhere", "cannot read `nowhere`: there is no such file or folder"),
        ("main", "a revision of git is named with a path in it: `main:PATH`"),
        (":policies", "cannot read `:policies`"),
        ("C:/policies", "cannot read `C:/policies`"),
    ] {
        let (code, out, err) = bailiwick(here, &["show", "--", side]);
        assert_eq!((code, out.as_str()), (2, ""), "{side}: {err}");
        assert!(err.contains(message), "{side}: {err}");
    }
    let why = refused(&here.join("policies"), "main:shop");
    assert!(why.contains("it is `main:./shop`"), "{why}");
    let elsewhere = tempfile::tempdir().expect("a folder");
    let why = refused(elsewhere.path(), "main:shop");
    assert!(why.contains("not a git repository"), "{why}");
    let mut alone = Command::new(cargo_bin("bailiwick"));
    alone.args(["show", "main:policies"]).current_dir(here).env("PATH", elsewhere.path());
    let output = alone.output().expect("it starts");
    assert!(String::from_utf8_lossy(&output.stderr).contains("git is not installed"), "{output:?}");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_name_on_disk_is_that_file() {
    let repository = repository();
    let here = repository.path();
    write(here, "main:a.bw", SHOP);
    write(here, "a.bw", "role {");
    commit(here);
    assert!(shown(here, "main:a.bw").contains("role clerk"), "the file, and not the revision");
    assert_eq!(shown(here, "HEAD:main:a.bw"), shown(here, "main:a.bw"));
}

#[test]
fn odd_names_are_names() {
    let repository = repository();
    let here = repository.path();
    let roles = SHOP.lines().filter(|line| line.starts_with("role")).collect::<Vec<_>>().join("\n");
    let rest = SHOP.lines().filter(|line| !line.starts_with("role")).collect::<Vec<_>>().join("\n");
    write(here, "a b/ä\"\n'$(x).bw", &roles);
    write(here, "a b/-n *?[x].bw", &rest);
    commit(here);
    let disk = shown(here, "a b");
    fs::remove_dir_all(here.join("a b")).expect("gone");
    assert_eq!(shown(here, "HEAD:a b"), disk);
}

#[test]
fn tables_of_people_come_from_the_same_revision() {
    let repository = repository();
    let here = repository.path();
    let people = SHOP.replace("admin pat {", "admins from \"people/staff.csv\"\nadmin pat {");
    write(here, "shop/shop.bw", &people);
    write(here, "shop/people/staff.csv", "login,roles\nbo,clerk\n");
    commit(here);
    let disk = shown(here, "shop");
    assert!(disk.contains("account \"bo\""), "{disk}");
    write(here, "shop/people/staff.csv", "login,roles\ncy,clerk\n");
    assert_eq!(shown(here, "HEAD:shop"), disk);
    assert_eq!(shown(here, "HEAD:shop/shop.bw"), disk);
    assert_eq!(shown(&here.join("shop"), "HEAD:."), disk);
    assert_eq!(shown(&here.join("shop/people"), "HEAD:../../shop"), disk);
    fs::remove_file(here.join("shop/people/staff.csv")).expect("gone");
    commit(here);
    let why = refused(here, "HEAD:shop");
    assert!(why.contains("there is no such file"), "{why}");
    write(here, "shop/people/staff.csv", "version https://git-lfs.github.com/spec/v1\noid sha256:00\n");
    commit(here);
    assert!(refused(here, "HEAD:shop").contains("git LFS keeps it elsewhere"));
    write(here, "shop/shop.bw", &SHOP.replace("admin pat {", "admins from \"../staff.csv\"\nadmin pat {"));
    write(here, "staff.csv", "login,roles\nbo,clerk\n");
    commit(here);
    assert_eq!(refused(here, "HEAD:shop"), refused(here, "shop"), "no path leads out of the policy's folder");
}

#[cfg(unix)]
#[test]
fn links_lead_where_they_lead_on_disk() {
    use std::os::unix::fs::symlink;
    let repository = repository();
    let here = repository.path();
    write(here, "shared/roles.bw", SHOP);
    write(here, "shared/staff.csv", "login,roles\nbo,clerk\n");
    write(here, "shared/more/extra.bw", "role extra { allow books.list }");
    fs::create_dir_all(here.join("shop")).expect("a folder");
    symlink("../shared/roles.bw", here.join("shop/a.bw")).expect("a link to a file");
    symlink("a.bw", here.join("shop/b.bw")).expect("a link to a link");
    symlink("../shared/more", here.join("shop/more")).expect("a link to a folder");
    symlink("shop", here.join("way")).expect("a link to the policy");
    commit(here);
    let disk = shown(here, "shop");
    assert!(!disk.contains("extra"), "links to folders are left out: {disk}");
    for side in ["HEAD:shop", "HEAD:way", "HEAD:shop/b.bw", "HEAD:way/a.bw", "way"] {
        assert_eq!(shown(here, side), disk, "{side}");
    }
    symlink("../staff.csv", here.join("shared/more/staff.csv")).expect("a link out");
    write(here, "shared/more/people.bw", &SHOP.replace("admin pat {", "admins from \"staff.csv\"\nadmin pat {"));
    commit(here);
    let why = refused(here, "HEAD:shared/more");
    assert!(why.contains("a symbolic link leads out of the policy's folder"), "{why}");
    assert_eq!(why, refused(here, "shared/more"), "as on disk");
    fs::create_dir(here.join("odd")).expect("a folder");
    for (target, message) in [
        ("odd.bw", "go round in a circle"),
        ("/etc/passwd", "leads out of the repository"),
        ("../../x", "leads out of the repository"),
        ("nowhere.bw", "there is no such file"),
        ("../shared", "it is no file"),
    ] {
        let link = here.join("odd/odd.bw");
        let _ = fs::remove_file(&link);
        symlink(target, &link).expect("a link");
        commit(here);
        let why = refused(here, "HEAD:odd");
        assert!(why.contains("cannot read `odd/odd.bw` in `HEAD:odd`") && why.contains(message), "{target}: {why}");
    }
}

#[test]
fn a_submodule_is_refused_with_a_word() {
    let inner = repository();
    write(inner.path(), "a.bw", "role extra { allow books.list }");
    commit(inner.path());
    let repository = repository();
    let here = repository.path();
    write(here, "shop/shop.bw", SHOP);
    let url = inner.path().display().to_string();
    git(here, &["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", &url, "shop/shared"]);
    commit(here);
    let why = refused(here, "HEAD:shop");
    assert!(why.contains("`shop/shared` is a submodule"), "{why}");
    assert!(refused(here, "HEAD:shop/shared").contains("`shared` is a submodule"));
    assert!(shown(here, "HEAD:shop/shop.bw").contains("role clerk"));
}

#[test]
fn a_table_is_known_by_its_bytes() {
    let repository = repository();
    let here = repository.path();
    write(here, "shop/shop.bw", SHOP);
    assert_eq!(bailiwick(here, &["build", "shop", "-o", "shop.bwt"]).0, 0);
    fs::copy(here.join("shop.bwt"), here.join("table")).expect("a copy");
    write(here, "broken.bwt", "no table");
    commit(here);
    let listing = shown(here, "shop");
    for side in ["shop.bwt", "table", "HEAD:shop.bwt", "HEAD:table"] {
        assert_eq!(shown(here, side), listing, "{side}");
    }
    assert!(refused(here, "HEAD:broken.bwt").contains("cannot use `HEAD:broken.bwt`: this is not a permission table"));
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::assert_snapshot!("show", listing);
    });
}

/// `git diff` of compiled tables, by the recipe in `docs/diff.md`.
#[test]
fn git_compares_tables_as_text() {
    let repository = repository();
    let here = repository.path();
    write(here, "shop/shop.bw", SHOP);
    write(here, ".gitattributes", "*.bwt diff=bailiwick\n");
    let program = format!("\"{}\" show", cargo_bin("bailiwick").display());
    git(here, &["config", "diff.bailiwick.textconv", &program]);
    assert_eq!(bailiwick(here, &["build", "shop", "-o", "shop.bwt"]).0, 0);
    commit(here);
    write(here, "shop/shop.bw", &SHOP.replace("allow books.list;", "allow books;"));
    assert_eq!(bailiwick(here, &["build", "shop", "-o", "shop.bwt"]).0, 0);
    let diff = git(here, &["diff", "--unified=0", "--", "shop.bwt"]);
    let changed: Vec<&str> = diff.lines().skip_while(|line| !line.starts_with("@@")).collect();
    let added = |text: &str| changed.iter().any(|line| line.starts_with('+') && line.contains(text));
    assert!(added("allow books.edit; all entities; by role clerk: allow books"), "{diff}");
    assert!(!diff.contains("Binary") && changed.len() < 8, "{diff}");
}
