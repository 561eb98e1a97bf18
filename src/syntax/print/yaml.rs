//! The tree as a YAML file: section by section, with the words of `docs/yaml.md`.
//!
//! Declarations are grouped by their sections, each in the order of the tree; in a role and an admin, statements are grouped by their
//! words. Neither changes what a policy says. Statements are the canonical ones of the text form.

mod catalogue;
mod lead;
mod people;
mod roles;
mod rules;

pub(in crate::syntax) use lead::Carried;

use crate::syntax::ast::{Decl, DeclKind, File};
use crate::syntax::format::yaml::tree::{Entries, Entry, Value};

/// A section, and whether a declaration stands in it.
type Section = (&'static str, fn(&DeclKind) -> bool);

/// The sections in the order in which they are written.
const SECTIONS: [Section; 24] = [
    ("platform", |kind| matches!(kind, DeclKind::Platform(_))),
    ("features", |kind| matches!(kind, DeclKind::Feature(_))),
    ("tiers", |kind| matches!(kind, DeclKind::Tier(_))),
    ("resources", |kind| matches!(kind, DeclKind::Resource(_))),
    ("attributes", |kind| matches!(kind, DeclKind::Attribute(_))),
    ("labels", |kind| matches!(kind, DeclKind::Label(_))),
    ("units", |kind| matches!(kind, DeclKind::Unit(_))),
    ("relations", |kind| matches!(kind, DeclKind::Relation(_))),
    ("groups", |kind| matches!(kind, DeclKind::Group(_))),
    ("roles", |kind| matches!(kind, DeclKind::Role(role) if !role.profile)),
    ("profiles", |kind| matches!(kind, DeclKind::Role(role) if role.profile)),
    ("automatic", |kind| matches!(kind, DeclKind::Automatic(_))),
    ("forbid", |kind| matches!(kind, DeclKind::Forbid(_))),
    ("admins", |kind| matches!(kind, DeclKind::Admin(_))),
    ("people", |kind| matches!(kind, DeclKind::People(_))),
    ("responsible", |kind| matches!(kind, DeclKind::Responsible(_))),
    ("exceptions", |kind| matches!(kind, DeclKind::Exception(_))),
    ("transfers", |kind| matches!(kind, DeclKind::Transfer(_))),
    ("quotas", |kind| matches!(kind, DeclKind::Quota(_))),
    ("separate", |kind| matches!(kind, DeclKind::Separate(_))),
    ("never", |kind| matches!(kind, DeclKind::Assertion(it) if !it.always)),
    ("always", |kind| matches!(kind, DeclKind::Assertion(it) if it.always)),
    ("lint", |kind| matches!(kind, DeclKind::Lint(_))),
    ("tests", |kind| matches!(kind, DeclKind::Test(_))),
];

/// The file as entries of YAML, with the comments that are carried along.
pub(in crate::syntax) fn entries(file: &File, carried: &mut Carried) -> Entries {
    let mut sections = Vec::new();
    for (key, holds) in SECTIONS {
        let decls: Vec<&Decl> = file.decls.iter().filter(|decl| holds(&decl.kind)).collect();
        if let Some(section) = section(key, &decls, carried) {
            sections.push(Entry { blank: !sections.is_empty(), ..section });
        }
    }
    let end = carried.end();
    Entries { list: false, short: false, entries: sections, end }
}

/// One section, if there is anything in it.
fn section(key: &'static str, decls: &[&Decl], carried: &mut Carried) -> Option<Entry> {
    let (first, _) = decls.split_first()?;
    let entries = match &first.kind {
        DeclKind::Platform(_) => {
            let mut platforms: Vec<_> = decls.iter().map(|decl| catalogue::platform(decl, carried)).collect();
            // There is one platform; a further one is an error of the policy, and has no place here.
            return Some(platforms.swap_remove(0));
        }
        DeclKind::Label(_) | DeclKind::Unit(_) => catalogue::trees(decls, carried),
        _ => decls.iter().map(|decl| declaration(decl, carried)).collect(),
    };
    let list = entries.iter().any(|entry| entry.key.is_none());
    Some(Entry::word(key, Value::Entries(Entries { list, short: false, entries, end: vec![] })))
}

/// A declaration as an entry of its section.
fn declaration(decl: &Decl, carried: &mut Carried) -> Entry {
    let entry = match &decl.kind {
        DeclKind::Feature(it) => catalogue::feature(it, decl),
        DeclKind::Tier(it) => catalogue::tier(it, decl),
        DeclKind::Resource(it) => catalogue::resource(it, decl, carried),
        DeclKind::Attribute(it) => catalogue::attribute(it, decl),
        DeclKind::Relation(it) => catalogue::relation(it, decl),
        DeclKind::Group(it) => catalogue::group(it, decl),
        DeclKind::Role(it) => roles::role(it, decl, carried),
        DeclKind::Admin(it) => people::admin(it, decl, carried),
        DeclKind::Exception(it) => rules::exception(it, decl),
        DeclKind::Lint(it) => rules::lint(it, decl),
        DeclKind::Test(it) => rules::test(it, decl, carried),
        other => rules::rule(other, decl),
    };
    carried.declared(entry, decl)
}
