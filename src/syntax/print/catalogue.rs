//! What there is to administer: the platform, features, tiers, resources, attributes, labels, units, relations, groups.

use std::fmt::{self, Display as _};

use super::name::{quoted, value, word, word_in_head, word_in_list};
use super::{INDENT, block, list, names};
use crate::source::Spanned;
use crate::syntax::ast::{
    ActionDecl, Attribute, AttributeType, Feature, Granularity, Group, Name, Platform, Relation, Resource,
    RolesPerAccount, TargetKind, Tier, Tree,
};

/// A forest's line longer than this is broken into one node a line.
const WIDTH: usize = 100;

/// Writes ` "Title"` where there is one.
fn title(f: &mut fmt::Formatter<'_>, label: Option<&Spanned<String>>) -> fmt::Result {
    label.map_or(Ok(()), |label| write!(f, " {}", quoted(&label.node)))
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "platform {}", word_in_head(&self.name.node))?;
        title(f, self.label.as_ref())?;
        let mut lines = Vec::new();
        if !self.languages.is_empty() {
            let languages: Vec<_> = self.languages.iter().map(|it| word(&it.node)).collect();
            lines.push(format!("languages {}", languages.join(", ")));
        }
        if let Some(granularity) = &self.granularity {
            lines.push(format!("granularity {}", granularity.node));
        }
        if let Some(roles) = &self.roles_per_account {
            lines.push(format!("roles per account {}", roles.node));
        }
        if self.super_none.is_some() {
            lines.push("super none".to_owned());
        }
        if lines.is_empty() { Ok(()) } else { block(f, &lines) }
    }
}

impl fmt::Display for Granularity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Action => "action",
            Self::Resource => "resource",
        })
    }
}

impl fmt::Display for RolesPerAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Many => "many",
            Self::One => "one",
        })
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "feature {}", word_in_head(&self.name.node))?;
        if !self.on {
            f.write_str(" off")?;
        }
        if self.set_by.is_empty() {
            return Ok(());
        }
        f.write_str(" set by ")?;
        names(f, &self.set_by)
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tier {} covers {}", word_in_head(&self.name.node), self.covers)
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "resource {}", word_in_head(&self.name.node))?;
        title(f, self.label.as_ref())?;
        on_kinds(f, &self.on)?;
        if !self.when.is_empty() {
            let features: Vec<_> = self.when.iter().map(|it| word(&it.node)).collect();
            write!(f, " when {}", features.join(" and "))?;
        }
        block(f, &action_statements(&self.actions))
    }
}

/// The actions that share a statement: runs of one kind; an action with a clause has a statement of its own.
pub(in crate::syntax) fn action_runs(actions: &[ActionDecl]) -> impl Iterator<Item = &[ActionDecl]> {
    let plain =
        |it: &ActionDecl| it.signed.is_none() && it.implies.is_empty() && it.needs.is_empty() && it.changes.is_empty();
    actions.chunk_by(move |a, b| a.kind == b.kind && plain(a) && plain(b))
}

/// One statement for each run of actions.
fn action_statements(actions: &[ActionDecl]) -> Vec<String> {
    action_runs(actions)
        .map(|run| {
            let actions: Vec<_> = run.iter().map(ActionDecl::to_string).collect();
            format!("{} {}", run[0].kind, actions.join(", "))
        })
        .collect()
}

impl fmt::Display for ActionDecl {
    /// The action and its clauses, without its kind.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&word_in_list(&self.name.node))?;
        if self.signed.is_some() {
            f.write_str(" signed")?;
        }
        for (clause, paths) in [("implies", &self.implies), ("needs", &self.needs)] {
            if !paths.is_empty() {
                write!(f, " {clause} ")?;
                list(f, paths, |f, path| path.fmt(f))?;
            }
        }
        if self.changes.is_empty() {
            return Ok(());
        }
        f.write_str(" changes ")?;
        list(f, &self.changes, changed)
    }
}

/// A fact that an action changes: `unit` and its like are meant as the words they are.
fn changed(f: &mut fmt::Formatter<'_>, fact: &Name) -> fmt::Result {
    f.write_str(&word_in_head(&fact.node))
}

/// Writes ` on entity, user` where there is one.
fn on_kinds(f: &mut fmt::Formatter<'_>, kinds: &[Spanned<TargetKind>]) -> fmt::Result {
    if kinds.is_empty() {
        return Ok(());
    }
    f.write_str(" on ")?;
    list(f, kinds, |f, kind| kind.node.fmt(f))
}

impl fmt::Display for TargetKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Entity => "entity",
            Self::User => "user",
            Self::Account => "account",
        })
    }
}

impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "attribute {} ", word_in_head(&self.name.node))?;
        match &self.ty {
            AttributeType::Closed(values) => {
                f.write_str("{ ")?;
                list(f, values, |f, it| f.write_str(&value(&it.node)))?;
                f.write_str(" }")
            }
            AttributeType::Text => f.write_str("text"),
            AttributeType::Number => f.write_str("number"),
            AttributeType::Flag => f.write_str("flag"),
        }
    }
}

impl fmt::Display for Tree {
    /// On one line where it fits, else one node a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&node_lines(self))
    }
}

/// A node and those below it; every step of its recursion is a level that the tree itself nests.
fn node_lines(tree: &Tree) -> String {
    let name = word_in_head(&tree.name.node);
    if tree.children.is_empty() {
        return name.into_owned();
    }
    let children: Vec<_> = tree.children.iter().map(node_lines).collect();
    let line = format!("{name} {{ {} }}", children.join(", "));
    if line.chars().count() <= WIDTH && !line.contains('\n') {
        return line;
    }
    let body: Vec<_> = children.iter().map(|child| indented(child)).collect();
    format!("{name} {{\n{}\n}}", body.join(",\n"))
}

fn indented(text: &str) -> String {
    let lines: Vec<_> = text.split('\n').map(|line| format!("{INDENT}{line}")).collect();
    lines.join("\n")
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "relation {}", word_in_head(&self.name.node))?;
        on_kinds(f, &self.on)
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "group {} = {}", word_in_head(&self.name.node), self.condition)
    }
}
