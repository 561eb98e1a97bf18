//! The tree as text with the comments that are carried along; the style is added later.

use crate::source::Span;
use crate::syntax::ast::{Decl, DeclKind, File};
use crate::syntax::print::action_runs;
use crate::syntax::print::yaml::Carried;

/// The declarations, those of one noun below each other.
pub(super) fn written(file: &File, carried: &mut Carried) -> String {
    let mut out = String::new();
    let mut last: Option<(&Decl, bool)> = None;
    for decl in &file.decls {
        let lines = lines(decl, carried);
        let block = lines.len() > 1;
        let apart = |(before, was_block): (&Decl, bool)| {
            was_block || block || std::mem::discriminant(&before.kind) != std::mem::discriminant(&decl.kind)
        };
        if last.is_some_and(apart) {
            out.push('\n');
        }
        for line in &lines {
            out.push_str(line);
            out.push('\n');
        }
        last = Some((decl, block));
    }
    let left = std::mem::take(&mut carried.by_start).into_values();
    let left = left.flat_map(|(before, tail)| before.into_iter().chain(tail)).chain(std::mem::take(&mut carried.last));
    for (number, remark) in left.enumerate() {
        out.push_str(if number == 0 { "\n" } else { "" });
        out.push_str(&remark);
        out.push('\n');
    }
    out
}

/// The lines of a declaration: comments, documentation, `ignore`, the head, and the statements with their comments.
fn lines(decl: &Decl, carried: &mut Carried) -> Vec<String> {
    let printed = decl.to_string();
    let printed: Vec<&str> = printed.lines().collect();
    let head = decl.doc.as_ref().map_or(0, |doc| doc.split('\n').count()) + decl.ignores.len();
    let places = places(decl);
    // The statements are the last lines before the closing brace.
    let first = (printed.len().saturating_sub(1)).saturating_sub(places.len());
    let (mut before, tail) = carried.by_start.remove(&decl.span.range().start).unwrap_or_default();
    let mut lines = Vec::new();
    for (number, line) in printed.iter().enumerate() {
        let stated = number.checked_sub(first).and_then(|n| places.get(n));
        let (above, mut behind) = stated.map(|spans| remarks(spans, carried)).unwrap_or_default();
        if number == head {
            behind = tail.clone();
        }
        lines.extend(above.into_iter().map(|remark| format!("  {remark}")));
        lines.push(behind.map_or_else(|| (*line).to_owned(), |behind| format!("{line} {behind}")));
    }
    let inside: Vec<usize> = carried.by_start.range(decl.span.range()).map(|(start, _)| *start).collect();
    for start in inside {
        let (more, behind) = carried.by_start.remove(&start).unwrap_or_default();
        before.extend(more.into_iter().chain(behind));
    }
    before.extend(lines);
    before
}

/// The comments of what stands in one line: those before it, and one behind it.
fn remarks(spans: &[Span], carried: &mut Carried) -> (Vec<String>, Option<String>) {
    let (mut before, mut behind) = (Vec::new(), None);
    for span in spans {
        let (above, tail) = carried.by_start.remove(&span.range().start).unwrap_or_default();
        before.extend(above);
        // Only the last one can stand behind the line.
        if tail.is_some() {
            before.extend(std::mem::replace(&mut behind, tail));
        }
    }
    (before, behind)
}

/// The places of what stands in the lines of a body, line by line as they are printed.
fn places(decl: &Decl) -> Vec<Vec<Span>> {
    match &decl.kind {
        DeclKind::Platform(platform) => {
            let languages = platform.languages.first().map(|it| it.span);
            let granularity = platform.granularity.as_ref().map(|it| it.span);
            let roles = platform.roles_per_account.as_ref().map(|it| it.span);
            [languages, granularity, roles, platform.super_none].into_iter().flatten().map(|span| vec![span]).collect()
        }
        DeclKind::Resource(resource) => {
            action_runs(&resource.actions).map(|run| run.iter().map(|action| action.name.span).collect()).collect()
        }
        DeclKind::Role(role) => {
            let titled = role.labels.first().is_some_and(|first| first.language.is_none());
            let labels = role.labels.iter().skip(usize::from(titled)).map(|_| vec![]);
            labels.chain(role.body.iter().map(|item| vec![item.span])).collect()
        }
        DeclKind::Admin(admin) => admin.body.iter().map(|item| vec![item.span]).collect(),
        DeclKind::Test(test) => test.lines.iter().map(|line| vec![line.span]).collect(),
        _ => vec![],
    }
}
