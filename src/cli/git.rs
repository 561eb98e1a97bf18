//! Revisions of a git repository, read through the git program: no checkout, no temporary file, nothing written.
//!
//! One `git cat-file --batch` gives trees and files by their object's name, so that no name of a file ever goes through a command line
//! or a line of input.

use std::collections::{HashMap, VecDeque};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::rc::Rc;

use super::{Failure, load};

/// How many symbolic links are followed on the way to one file.
const LINKS: usize = 40;

/// What an entry of a tree is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Folder,
    File,
    Link,
    Submodule,
}

/// An entry of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: Vec<u8>,
    pub(super) kind: Kind,
    /// The name of its object, in hexadecimal.
    pub(super) object: String,
}

/// A folder or file of a revision, found without links on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// The parts of its path, from the root of the tree.
    pub(super) parts: Vec<Vec<u8>>,
    pub(super) kind: Kind,
    pub(super) object: String,
}

/// Why a path of a revision leads nowhere.
#[derive(Debug)]
pub(super) enum Trouble {
    /// There is no such file or folder.
    Absent,
    /// What else is wrong with it, to stand behind "cannot read ...: ".
    Odd(String),
    /// Git itself fails.
    Failed(Failure),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// A repository that is being read.
#[derive(Debug)]
pub(super) struct Repository {
    child: Child,
    /// None once it is closed.
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    trees: HashMap<String, Rc<Vec<Entry>>>,
    /// The parts of the path from the repository's root to the folder in which it was opened.
    prefix: Vec<Vec<u8>>,
    shallow: bool,
}

impl Repository {
    /// Opens the repository that a folder lies in.
    pub(super) fn open(folder: &Path) -> Result<Self, Failure> {
        let said = run(folder, &["rev-parse", "--is-shallow-repository", "--show-prefix"])?;
        let said = said.map_err(|why| {
            Failure::new(format!("cannot read a revision of `{}`: {why}", load::shown(folder)))
                .help("name two policies by their paths, or run this in a git repository")
        })?;
        let (shallow, prefix) = said.split_once('\n').unwrap_or((&said, ""));
        let mut child = command(folder)
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|e| not_started(&e))?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Failure::new("git cannot be asked: it has no input or output"));
        };
        Ok(Self {
            child,
            input: Some(input),
            output: BufReader::new(output),
            trees: HashMap::new(),
            prefix: parts(prefix.as_bytes()),
            shallow: shallow == "true",
        })
    }

    /// The parts of the path from the repository's root to the folder in which it was opened.
    pub(super) fn prefix(&self) -> &[Vec<u8>] {
        &self.prefix
    }

    /// The tree of a revision.
    pub(super) fn revision(&self, folder: &Path, revision: &str) -> Result<String, Failure> {
        let tree = |revision: &str| {
            if revision.starts_with('-') || revision.contains('\0') {
                return Ok(None);
            }
            run(folder, &["rev-parse", "--verify", "--quiet", &format!("{revision}^{{tree}}")]).map(Result::ok)
        };
        if let Some(tree) = tree(revision)? {
            return Ok(tree.trim_end().to_owned());
        }
        let failure = Failure::new(format!("there is no revision `{revision}` in this repository"));
        let remote = format!("origin/{revision}");
        if tree(&remote)?.is_some() {
            return Err(failure.help(format!("did you mean `{remote}`?")));
        }
        if self.shallow {
            return Err(failure.help("this clone is shallow: fetch the revision first (`git fetch --unshallow`)"));
        }
        Err(failure.help("name a branch, a tag or a commit; `git fetch` brings what only the remote has"))
    }

    /// Where a path of a tree leads, with every link on the way followed.
    pub(super) fn find(&mut self, tree: &str, path: &[Vec<u8>]) -> Result<Found, Trouble> {
        let root = Found { parts: vec![], kind: Kind::Folder, object: tree.to_owned() };
        let mut way = vec![root];
        let mut ahead: VecDeque<Vec<u8>> = path.iter().cloned().collect();
        let mut links = 0;
        while let Some(name) = ahead.pop_front() {
            if name == b".." {
                way.pop();
                if way.is_empty() {
                    return Err(Trouble::Odd("it leads out of the repository".to_owned()));
                }
                continue;
            }
            let Some(at) = way.last() else { return Err(Trouble::Absent) };
            if at.kind != Kind::Folder {
                return Err(Trouble::Absent);
            }
            let mut parts = at.parts.clone();
            let object = at.object.clone();
            let entries = self.tree(&object)?;
            let Some(entry) = entries.iter().find(|entry| entry.name == name) else { return Err(Trouble::Absent) };
            match entry.kind {
                Kind::Submodule => return Err(Trouble::Odd(submodule(&name))),
                Kind::Link => {
                    links += 1;
                    if links > LINKS {
                        return Err(Trouble::Odd("its symbolic links go round in a circle".to_owned()));
                    }
                    let target = self.object(&entry.object)?;
                    if target.starts_with(b"/") {
                        return Err(Trouble::Odd("a symbolic link leads out of the repository".to_owned()));
                    }
                    self::parts(&target).into_iter().rev().for_each(|part| ahead.push_front(part));
                }
                Kind::Folder | Kind::File => {
                    parts.push(name);
                    way.push(Found { parts, kind: entry.kind, object: entry.object.clone() });
                }
            }
        }
        way.pop().ok_or(Trouble::Absent)
    }

    /// The entries of a tree.
    pub(super) fn tree(&mut self, object: &str) -> Result<Rc<Vec<Entry>>, Failure> {
        if let Some(known) = self.trees.get(object) {
            return Ok(Rc::clone(known));
        }
        let bytes = self.object(object)?;
        let entries = entries(&bytes, object.len() / 2).ok_or_else(|| broken(object))?;
        let entries = Rc::new(entries);
        self.trees.insert(object.to_owned(), Rc::clone(&entries));
        Ok(entries)
    }

    /// The bytes of an object.
    pub(super) fn object(&mut self, object: &str) -> Result<Vec<u8>, Failure> {
        let cannot = |e: io::Error| Failure::new(format!("cannot read from git: {e}"));
        let Some(input) = &mut self.input else { return Err(broken(object)) };
        writeln!(input, "{object}").and_then(|()| input.flush()).map_err(cannot)?;
        let mut head = String::new();
        self.output.read_line(&mut head).map_err(cannot)?;
        // `OBJECT TYPE SIZE`, or `OBJECT missing`.
        let size = head.trim_end().rsplit(' ').next().and_then(|size| size.parse::<u64>().ok());
        let size = size.ok_or_else(|| broken(object))?;
        if size > u64::from(u32::MAX) {
            return Err(Failure::new("a file of the revision is larger than 4 GiB").help("cut it into several files"));
        }
        let mut bytes = vec![];
        (&mut self.output).take(size).read_to_end(&mut bytes).map_err(cannot)?;
        let mut end = [0];
        self.output.read_exact(&mut end).map_err(cannot)?;
        Ok(bytes)
    }
}

impl Drop for Repository {
    fn drop(&mut self) {
        // Without input, git ends.
        self.input = None;
        let _ = self.child.wait();
    }
}

/// Why a submodule is not read.
pub(super) fn submodule(name: &[u8]) -> String {
    format!("`{}` is a submodule, whose files no revision of this repository has", String::from_utf8_lossy(name))
}

/// The parts of a path, with `..` and without what says nothing.
pub(super) fn parts(path: &[u8]) -> Vec<Vec<u8>> {
    let path = path.strip_suffix(b"\n").unwrap_or(path);
    path.split(|b| *b == b'/').filter(|part| !matches!(*part, b"" | b".")).map(<[u8]>::to_vec).collect()
}

/// The entries of a tree's bytes: mode, blank, name, a zero byte, the object's name in `width` bytes.
fn entries(mut bytes: &[u8], width: usize) -> Option<Vec<Entry>> {
    let mut entries = vec![];
    while !bytes.is_empty() {
        let blank = bytes.iter().position(|b| *b == b' ')?;
        let end = bytes.iter().position(|b| *b == 0)?;
        let kind = match &bytes[..blank] {
            b"40000" | b"040000" => Kind::Folder,
            b"120000" => Kind::Link,
            b"160000" => Kind::Submodule,
            _ => Kind::File,
        };
        let name = bytes.get(blank + 1..end)?.to_vec();
        let object = bytes.get(end + 1..end + 1 + width)?.iter().map(|byte| format!("{byte:02x}")).collect();
        entries.push(Entry { name, kind, object });
        bytes = &bytes[end + 1 + width..];
    }
    Some(entries)
}

/// Runs git to its end: what it wrote, or what it complained about.
fn run(folder: &Path, args: &[&str]) -> Result<Result<String, String>, Failure> {
    let output = command(folder).args(args).stdin(Stdio::null()).output().map_err(|e| not_started(&e))?;
    if output.status.success() {
        return Ok(Ok(String::from_utf8_lossy(&output.stdout).into_owned()));
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    let complaint = complaint.lines().next().unwrap_or("git failed");
    Ok(Err(complaint.strip_prefix("fatal: ").unwrap_or(complaint).to_owned()))
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new("git");
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    // Nothing is written, not even a refreshed index, and complaints are in one language.
    command.arg("-C").arg(folder).env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
    command
}

fn not_started(error: &io::Error) -> Failure {
    if error.kind() == io::ErrorKind::NotFound {
        return Failure::new("cannot read a revision: git is not installed")
            .help("install git, or name two policies by their paths");
    }
    Failure::new(format!("cannot run git: {error}"))
}

fn broken(object: &str) -> Failure {
    Failure::new(format!("the repository does not hold the object `{object}`"))
        .help("the clone may be partial or damaged: `git fsck` tells")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_are_read_as_git_writes_them() {
        let mut bytes = b"100644 a b\nc\0".to_vec();
        bytes.extend([0xab; 20]);
        bytes.extend(b"40000 \xff\0");
        bytes.extend([0x01; 20]);
        let read = entries(&bytes, 20).expect("a tree");
        assert_eq!(read[0], Entry { name: b"a b\nc".to_vec(), kind: Kind::File, object: "ab".repeat(20) });
        assert_eq!((read[1].name.as_slice(), read[1].kind), (&b"\xff"[..], Kind::Folder));
        assert_eq!(entries(&bytes[..bytes.len() - 1], 20), None, "cut off");
        assert_eq!(entries(b"", 20), Some(vec![]));
    }

    #[test]
    fn a_path_is_its_parts() {
        assert_eq!(parts(b"./a//b/../c/\n"), [&b"a"[..], b"b", b"..", b"c"]);
    }
}
