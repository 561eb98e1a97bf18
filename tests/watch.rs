//! `check --watch` as a person meets it: a real child, real files, and what it prints when they change.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use assert_cmd::cargo::cargo_bin;

const SHOP: &str = "platform shop { super none }
resource books on entity { view list }
role clerk { allow books.list }
admin pat { role clerk; email pat@shop.example; phone +44 1632 960001 }
responsible \"Works council\"
lint BW312 off
";

/// How long something may take to come.
const PATIENCE: Duration = Duration::from_secs(60);

/// A child that watches, and what it has said.
struct Watch {
    child: Child,
    out: Option<Receiver<String>>,
    err: Receiver<String>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Watch {
    fn start(folder: &Path, args: &[&str]) -> Self {
        let mut command = Command::new(cargo_bin("bailiwick"));
        command.args(["check", "--watch"]).args(args).current_dir(folder).env("NO_COLOR", "1");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let out = child.stdout.take().map(lines);
        let err = lines(child.stderr.take().expect("a pipe"));
        Self { child, out, err }
    }

    /// What it prints up to the line that says that it waits.
    fn checked(&self) -> String {
        let out = self.out.as_ref().expect("it is read");
        let mut all = String::new();
        while !all.contains("waiting for changes") {
            let line = out.recv_timeout(PATIENCE).unwrap_or_else(|e| panic!("{e} after {all}"));
            all.push_str(&line);
            all.push('\n');
        }
        all
    }

    /// The first check that says this: one before it may have met a file that was not yet written to its end.
    fn checked_until(&self, said: &str) -> String {
        loop {
            let text = self.checked();
            if text.contains(said) {
                return text;
            }
        }
    }

    fn complaint(&self) -> String {
        self.err.recv_timeout(PATIENCE).expect("a line")
    }

    fn ended(&mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status;
            }
            assert!(start.elapsed() < PATIENCE, "it goes on");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// The lines of a pipe, which a thread reads.
fn lines(pipe: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

fn shop() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("shop.bw"), SHOP).expect("a file");
    folder
}

#[test]
fn a_change_is_checked_and_told() {
    let shop = shop();
    let file = shop.path().join("shop.bw");
    let watch = Watch::start(shop.path(), &["."]);
    let first = watch.checked();
    assert!(first.starts_with("no findings\n1 file checked in "), "{first}");
    fs::write(&file, SHOP.replace("role clerk;", "role clrk;")).expect("a file");
    let broken = watch.checked_until("clrk");
    assert!(broken.contains("clrk") && broken.contains("after a change of `shop.bw`"), "{broken}");
    // As editors save: a new file in the place of the old one.
    fs::write(shop.path().join(".new"), SHOP).expect("a file");
    fs::rename(shop.path().join(".new"), &file).expect("a file");
    let mended = watch.checked_until("no findings\n");
    assert!(mended.starts_with("no findings\n"), "{mended}");
    // In a folder that is new.
    fs::create_dir(shop.path().join("more")).expect("a folder");
    fs::write(shop.path().join("more/roles.yaml"), "roles:\n  cook:\n    allow: [books.lst]\n").expect("a file");
    let more = watch.checked_until("books.lst");
    assert!(more.contains("2 files checked") && more.contains("`more/roles.yaml`"), "{more}");
}

#[test]
fn a_table_of_people_is_watched_with_the_policy_that_names_it() {
    let shop = shop();
    let folder = shop.path();
    fs::write(folder.join("shop.bw"), format!("{SHOP}admins from \"staff/people.csv\"\n")).expect("a file");
    let watch = Watch::start(folder, &["shop.bw"]);
    let without = watch.checked();
    assert!(without.contains("there is no such file"), "{without}");
    fs::create_dir(folder.join("staff")).expect("a folder");
    fs::write(folder.join("staff/people.csv"), "login,roles\nsam@shop.example,cook\n").expect("a file");
    // The folder of the table is none of the policy's: a change of the policy makes it be looked at.
    fs::write(folder.join("shop.bw"), format!("{SHOP}admins from \"staff/people.csv\"\n\n")).expect("a file");
    let wrong = watch.checked_until("`cook`");
    assert!(wrong.contains("cook"), "{wrong}");
    fs::write(folder.join("staff/people.csv"), "login,roles\nsam@shop.example,clerk\n").expect("a file");
    let mut right = watch.checked_until("`staff/people.csv`");
    while right.contains("BW008") || right.contains("`cook`") {
        right = watch.checked();
    }
    assert!(right.contains("2 files checked"), "{right}");
}

#[test]
fn what_is_gone_or_unreadable_is_told_and_waited_for() {
    let shop = shop();
    let file = shop.path().join("shop.bw");
    let watch = Watch::start(shop.path(), &["shop.bw"]);
    watch.checked();
    fs::remove_file(&file).expect("a file");
    assert_eq!(watch.complaint(), "error: cannot read `shop.bw`: there is no such file or folder");
    fs::write(&file, b"role \xff").expect("a file");
    let text = watch.complaint();
    assert!(text.contains("is not UTF-8"), "{text}");
    fs::write(&file, SHOP).expect("a file");
    let mended = watch.checked_until("no findings\n");
    assert!(mended.starts_with("no findings\n"), "{mended}");
}

#[test]
fn a_folder_that_comes_back_is_watched_again() {
    let outer = tempfile::tempdir().expect("a folder");
    let policy = outer.path().join("policy");
    fs::create_dir(&policy).expect("a folder");
    fs::write(policy.join("shop.bw"), SHOP).expect("a file");
    let watch = Watch::start(outer.path(), &["policy"]);
    watch.checked();
    fs::remove_dir_all(&policy).expect("a folder");
    let text = watch.complaint();
    assert!(text.contains("`policy`"), "{text}");
    fs::create_dir(&policy).expect("a folder");
    fs::write(policy.join("shop.bw"), SHOP).expect("a file");
    watch.checked_until("no findings\n");
    fs::write(policy.join("shop.bw"), SHOP.replace("role clerk;", "role clrk;")).expect("a file");
    let broken = watch.checked_until("clrk");
    assert!(broken.contains("clrk"), "{broken}");
}

#[test]
fn it_ends_when_nobody_reads_any_more() {
    let shop = shop();
    let mut command = Command::new(cargo_bin("bailiwick"));
    command.args(["check", "--watch"]).current_dir(shop.path()).stdin(Stdio::null());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program starts");
    let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut line = String::new();
    while !line.contains("waiting for changes") {
        line.clear();
        assert!(out.read_line(&mut line).expect("text") > 0, "it ended");
    }
    drop(out);
    fs::write(shop.path().join("shop.bw"), format!("{SHOP}\n")).expect("a file");
    let mut watch = Watch { child, out: None, err: mpsc::channel().1 };
    assert_eq!(watch.ended().code(), Some(0));
}

#[test]
#[cfg(unix)]
fn a_signal_ends_it() {
    use std::os::unix::process::ExitStatusExt as _;
    // Whoever runs the tests in the background may have had interrupts ignored, which a child takes over; not so this one.
    let shop = shop();
    let mut watch = Watch::start(shop.path(), &[]);
    watch.checked();
    let sent = Command::new("kill").args(["-TERM", &watch.child.id().to_string()]).status().expect("a signal");
    assert!(sent.success());
    assert_eq!(watch.ended().signal(), Some(15));
}

#[test]
fn what_cannot_be_watched_is_refused() {
    let shop = shop();
    for (args, why) in [
        (&["-"][..], "standard input cannot be watched"),
        (&["none.bw"][..], "cannot read `none.bw`: there is no such file or folder"),
        (&["--format", "json"][..], "'--watch' cannot be used with '--format"),
        (&["--fix"][..], "'--watch' cannot be used with '--fix"),
    ] {
        let mut watch = Watch::start(shop.path(), args);
        assert_eq!(watch.ended().code(), Some(2), "{args:?}");
        let said: Vec<String> = watch.err.iter().collect();
        assert!(said.join("\n").contains(why), "{said:?}");
    }
}
