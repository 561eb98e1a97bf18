//! What the comments of a source belong to: a statement, a declaration, or the end of the file.

use crate::source::Span;
use crate::syntax::ast::{ActionDecl, Decl, DeclKind, File, Platform};
use crate::syntax::convert::Form;
use crate::syntax::format;
use crate::syntax::print::yaml::Carried;

/// A comment: where it begins, its text in the other form, and whether it has a line of its own.
struct Comment {
    at: usize,
    text: String,
    own: bool,
}

/// The comments of a source, each with what it belongs to. None where the source cannot be cut into its parts.
pub(super) fn carried(form: Form, text: &str, file: &File) -> Option<Carried> {
    let comments = match form {
        Form::Text => of_text(text, file)?,
        Form::Yaml => of_yaml(text)?,
    };
    let decls: Vec<Place> = file.decls.iter().map(Place::of).collect();
    let mut carried = Carried::default();
    for comment in comments {
        match anchor(text, &decls, &comment) {
            None => carried.last.push(comment.text),
            Some(start) => {
                let (before, tail) = carried.by_start.entry(start).or_default();
                if comment.own || tail.is_some() { before.push(comment.text) } else { *tail = Some(comment.text) }
            }
        }
    }
    Some(carried)
}

/// A declaration, with the statements in it that can have comments of their own.
struct Place {
    range: std::ops::Range<usize>,
    inner: Vec<std::ops::Range<usize>>,
}

impl Place {
    fn of(decl: &Decl) -> Self {
        let mut inner: Vec<_> = match &decl.kind {
            DeclKind::Platform(platform) => statements_of(platform),
            DeclKind::Resource(resource) => resource.actions.iter().map(whole).collect(),
            DeclKind::Role(role) => role.body.iter().map(|item| item.span.range()).collect(),
            DeclKind::Admin(admin) => admin.body.iter().map(|item| item.span.range()).collect(),
            DeclKind::Test(test) => test.lines.iter().map(|line| line.span.range()).collect(),
            _ => vec![],
        };
        inner.sort_by_key(|range| range.start);
        Self { range: decl.span.range(), inner }
    }
}

/// An action with all that it implies, needs and changes.
fn whole(action: &ActionDecl) -> std::ops::Range<usize> {
    let paths = action.implies.iter().chain(&action.needs).map(|path| path.span);
    let more = paths.chain(action.changes.iter().map(|fact| fact.span)).chain(action.signed);
    more.fold(action.name.span, Span::to).range()
}

/// The lines of the platform, languages from the first to the last of them.
fn statements_of(platform: &Platform) -> Vec<std::ops::Range<usize>> {
    let languages = platform.languages.first().zip(platform.languages.last());
    let languages = languages.map(|(first, last)| first.span.to(last.span));
    let granularity = platform.granularity.as_ref().map(|it| it.span);
    let roles = platform.roles_per_account.as_ref().map(|it| it.span);
    [languages, granularity, roles, platform.super_none].into_iter().flatten().map(|span| span.range()).collect()
}

/// Where the thing begins that a comment belongs to; none for the end of the file.
fn anchor(text: &str, decls: &[Place], comment: &Comment) -> Option<usize> {
    // Declarations stand one behind the other in both forms.
    let next = decls.partition_point(|decl| decl.range.start <= comment.at);
    let same_line = |end: usize| text.get(end..comment.at).is_some_and(|between| !between.contains('\n'));
    let after = || decls.get(next).map(|decl| decl.range.start);
    let Some(decl) = next.checked_sub(1).and_then(|last| decls.get(last)) else { return after() };
    if decl.range.end <= comment.at {
        // In the YAML form a declaration ends where its last statement does.
        let ends = |range: &&std::ops::Range<usize>| range.end >= decl.range.end;
        let thing = decl.inner.iter().find(ends).unwrap_or(&decl.range);
        return if !comment.own && same_line(decl.range.end) { Some(thing.start) } else { after() };
    }
    let inner = decl.inner.partition_point(|range| range.start <= comment.at);
    let last = inner.checked_sub(1).map(|last| &decl.inner[last]);
    let within = last.filter(|range| comment.at < range.end || !comment.own && same_line(range.end));
    let following = || decl.inner.get(inner).filter(|_| comment.own).map(|range| range.start);
    within.map(|range| range.start).or_else(following).or(Some(decl.range.start))
}

/// The comments of the text form, but for documentation.
fn of_text(text: &str, file: &File) -> Option<Vec<Comment>> {
    let inside = |at: usize| {
        let next = file.decls.partition_point(|decl| decl.span.range().start <= at);
        next.checked_sub(1).is_some_and(|last| at < file.decls[last].span.range().end)
    };
    let last = file.decls.last().map_or(0, |decl| decl.span.range().start);
    let comment = |(at, written, own): (usize, &str, bool)| {
        let documents = own && written.starts_with("///") && !written.starts_with("////") && !inside(at) && at < last;
        let text = format!("#{}", written.trim_start_matches('/'));
        (!documents).then_some(Comment { at, text, own })
    };
    Some(format::comments(text, file)?.into_iter().filter_map(comment).collect())
}

/// The comments of the YAML form. One that begins with a slash must not become documentation.
fn of_yaml(text: &str) -> Option<Vec<Comment>> {
    let comment = |(at, written, own): (usize, &str, bool)| {
        let rest = written.strip_prefix('#').unwrap_or(written);
        let blank = if rest.starts_with('/') { " " } else { "" };
        Comment { at, text: format!("//{blank}{rest}"), own }
    };
    Some(format::yaml::comments(text)?.into_iter().map(comment).collect())
}
