//! The canonical text of the syntax tree: one way to write every node, whichever form it was read from.
//!
//! Every node of [`ast`] implements [`Display`](fmt::Display). The text is a function of the tree alone, so two
//! policies with the same tree print the same; read again, it gives the same tree but for the places. A statement is one line; a
//! declaration with a body is an indented block of one statement a line. Names are bare where nothing can be mistaken there and
//! quoted otherwise; of two orders that mean the same the tree's own is kept, except that a scope names its users first.

mod catalogue;
mod condition;
mod line;
mod name;
mod people;
mod role;
mod rule;
mod set;
mod test;
pub(in crate::syntax) mod yaml;

use std::fmt;

use crate::syntax::ast;

pub(in crate::syntax) use catalogue::action_runs;
pub use name::{quoted, word, word_after_dot as path_word, word_in_head as head_word};

/// One level of indentation.
const INDENT: &str = "  ";

impl fmt::Display for ast::File {
    /// Every declaration; an empty line stands on both sides of a block.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut last_was_block = false;
        for (i, decl) in self.decls.iter().enumerate() {
            let text = decl.to_string();
            let block = text.contains('\n');
            if i > 0 && (block || last_was_block) {
                writeln!(f)?;
            }
            writeln!(f, "{text}")?;
            last_was_block = block;
        }
        Ok(())
    }
}

impl fmt::Display for ast::Decl {
    /// The documentation, the `ignore` lines and the declaration, without a final line end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.doc.iter().flat_map(|doc| doc.split('\n')) {
            let blank = if line.is_empty() { "" } else { " " };
            writeln!(f, "///{blank}{line}")?;
        }
        for ignore in &self.ignores {
            writeln!(f, "{ignore}")?;
        }
        self.kind.fmt(f)
    }
}

impl fmt::Display for ast::Ignore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ignore {} {}", word(&self.code.node), quoted(&self.reason.node))
    }
}

impl fmt::Display for ast::DeclKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Platform(it) => it.fmt(f),
            Self::Feature(it) => it.fmt(f),
            Self::Tier(it) => it.fmt(f),
            Self::Resource(it) => it.fmt(f),
            Self::Attribute(it) => it.fmt(f),
            Self::Label(it) => write!(f, "label {it}"),
            Self::Unit(it) => write!(f, "unit {it}"),
            Self::Relation(it) => it.fmt(f),
            Self::Group(it) => it.fmt(f),
            Self::Role(it) => it.fmt(f),
            Self::Automatic(it) => it.fmt(f),
            Self::Forbid(it) => it.fmt(f),
            Self::Admin(it) => it.fmt(f),
            Self::People(it) => it.fmt(f),
            Self::Responsible(it) => write!(f, "responsible {}", quoted(&it.node)),
            Self::Exception(it) => it.fmt(f),
            Self::Transfer(it) => it.fmt(f),
            Self::Quota(it) => it.fmt(f),
            Self::Separate(it) => it.fmt(f),
            Self::Assertion(it) => it.fmt(f),
            Self::Lint(it) => it.fmt(f),
            Self::Test(it) => it.fmt(f),
        }
    }
}

/// Writes ` { ... }` with one statement a line, or ` {}` without any.
fn block(f: &mut fmt::Formatter<'_>, statements: &[String]) -> fmt::Result {
    if statements.is_empty() {
        return f.write_str(" {}");
    }
    f.write_str(" {\n")?;
    for statement in statements {
        for line in statement.split('\n') {
            writeln!(f, "{INDENT}{line}")?;
        }
    }
    f.write_str("}")
}

/// Writes the items with a comma and a blank between them.
fn list<T>(
    f: &mut fmt::Formatter<'_>,
    items: &[T],
    one: impl Fn(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            f.write_str(", ")?;
        }
        one(f, item)?;
    }
    Ok(())
}

/// Writes names with a comma and a blank between them.
fn names(f: &mut fmt::Formatter<'_>, names: &[ast::Name]) -> fmt::Result {
    list(f, names, |f, name| f.write_str(&word(&name.node)))
}
