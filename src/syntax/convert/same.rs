//! Whether two trees say the same, whatever the order of what has none.

use crate::syntax::ast::{Decl, DeclKind, File};

/// Whether the declarations of these files are the same but for their order, and that of the statements in them. Tiers keep theirs.
#[must_use]
pub fn same(one: &[File], other: &[File]) -> bool {
    let tiers = |files: &[File]| {
        let decls = files.iter().flat_map(|file| &file.decls);
        decls.filter(|decl| matches!(decl.kind, DeclKind::Tier(_))).map(said).collect::<Vec<_>>()
    };
    let all = |files: &[File]| {
        let mut all: Vec<String> = files.iter().flat_map(|file| &file.decls).map(said).collect();
        all.sort_unstable();
        all
    };
    tiers(one) == tiers(other) && all(one) == all(other)
}

/// What a declaration says, as canonical text with its statements in one order.
fn said(decl: &Decl) -> String {
    let mut decl = decl.clone();
    decl.doc = decl.doc.map(|doc| doc.trim().to_owned());
    decl.ignores.sort_by_key(ToString::to_string);
    match &mut decl.kind {
        DeclKind::Resource(it) => it.actions.sort_by_cached_key(|action| (action.kind, action.to_string())),
        DeclKind::Role(it) => {
            it.labels.sort_by_cached_key(ToString::to_string);
            it.body.sort_by_cached_key(|item| item.node.to_string());
        }
        DeclKind::Admin(it) => it.body.sort_by_cached_key(|item| item.node.to_string()),
        // A lint has no place for documentation in the YAML form: there it is a comment.
        DeclKind::Lint(_) => decl.doc = None,
        _ => {}
    }
    decl.to_string()
}
