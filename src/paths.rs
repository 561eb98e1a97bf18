//! Paths that a policy writes: relative to the file they stand in, with `/` between their parts, and never out of the policy's folder.

use crate::source::Source;

/// Why a written path is refused before anybody looks at a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Astray {
    /// It begins at the root, or with a drive.
    Absolute,
    /// It has a `\`, which is a separator in some places and a part of a name in others.
    Backslash,
    /// It leads out of the policy's folder.
    Outside,
}

/// The path that `written`, in `source`, stands for, in the form in which sources bear their paths.
///
/// # Errors
/// When the path is not relative, or leads out of the policy's folder.
pub fn beside(source: &Source, written: &str) -> Result<String, Astray> {
    if written.contains('\\') {
        return Err(Astray::Backslash);
    }
    let drive = matches!(written.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic());
    if written.starts_with('/') || drive {
        return Err(Astray::Absolute);
    }
    let mut at = parts(&source.path);
    at.pop();
    for part in written.split('/') {
        step(&mut at, part);
    }
    let folder = parts(&source.folder);
    if at.starts_with(&folder) && at.get(folder.len()) != Some(&"..") { Ok(joined(&at)) } else { Err(Astray::Outside) }
}

/// A path without `.`, and with `..` only where it leads out of where the path begins.
#[must_use]
pub fn plain(path: &str) -> String {
    joined(&parts(path))
}

/// The parts of a path; `/` is the first one of a path from the root.
fn parts(path: &str) -> Vec<&str> {
    let mut at = if path.starts_with('/') { vec!["/"] } else { vec![] };
    for part in path.split('/') {
        step(&mut at, part);
    }
    at
}

fn step<'t>(at: &mut Vec<&'t str>, part: &'t str) {
    match (part, at.last().copied()) {
        ("" | ".", _) | ("..", Some("/")) => {}
        ("..", Some(last)) if last != ".." => {
            at.pop();
        }
        _ => at.push(part),
    }
}

fn joined(parts: &[&str]) -> String {
    match parts {
        ["/", rest @ ..] => format!("/{}", rest.join("/")),
        _ => parts.join("/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(path: &str, folder: &str, written: &str) -> Result<String, Astray> {
        beside(&Source::new(path, "").within(folder), written)
    }

    #[test]
    fn a_path_is_relative_to_its_file() {
        assert_eq!(from("shop/people/a.bw", "shop", "staff.csv").as_deref(), Ok("shop/people/staff.csv"));
        assert_eq!(from("shop/people/a.bw", "shop", "./../staff.csv").as_deref(), Ok("shop/staff.csv"));
        assert_eq!(from("a.bw", "", "staff.csv").as_deref(), Ok("staff.csv"));
        assert_eq!(from("../shop/a.bw", "../shop", "x/staff.csv").as_deref(), Ok("../shop/x/staff.csv"));
        assert_eq!(from("/srv/shop/a.bw", "/srv/shop", "staff.csv").as_deref(), Ok("/srv/shop/staff.csv"));
        assert_eq!(from("<stdin>", "", "staff.csv").as_deref(), Ok("staff.csv"));
    }

    #[test]
    fn no_path_leaves_the_folder() {
        for (path, folder, written) in [
            ("shop/a.bw", "shop", "../staff.csv"),
            ("shop/a.bw", "shop", "x/../../shopping/staff.csv"),
            ("a.bw", "", "../staff.csv"),
            ("../shop/a.bw", "../shop", "../../etc/staff.csv"),
            ("/srv/shop/a.bw", "/srv/shop", "../../../../etc/passwd"),
        ] {
            assert_eq!(from(path, folder, written), Err(Astray::Outside), "{written} in {path}");
        }
        assert_eq!(from("shop/a.bw", "shop", "../shop/staff.csv").as_deref(), Ok("shop/staff.csv"), "out and in again");
    }

    #[test]
    fn no_path_begins_elsewhere() {
        assert_eq!(from("a.bw", "", "/etc/passwd"), Err(Astray::Absolute));
        assert_eq!(from("a.bw", "", "C:/staff.csv"), Err(Astray::Absolute));
        assert_eq!(from("a.bw", "", "..\\staff.csv"), Err(Astray::Backslash));
    }
}
