//! What is aligned from line to line: the words behind a keyword, `can`, `=` and `covers`.

use super::block::{Block, Line, Part, What};
use super::layout::flat;
use crate::syntax::text::Brace;

/// The keywords of roles, admins and resources have at most so many letters; an attribute's name may have more.
const KEYWORD: usize = 7;
/// The longer word of `can` and `cannot`.
const VERB: usize = 6;
/// A longer name of an actor moves no other line.
const ACTOR: usize = 16;
/// A longer name of a group or tier moves no other line.
const NAME: usize = 32;

/// So many blanks more than one stand behind a part of a statement: the part's number, and how many.
pub(super) type Pads = Vec<(usize, usize)>;

/// The blanks to add in each line of a block.
pub(super) fn pads(block: &Block<'_>) -> Vec<Pads> {
    match block.brace {
        Some(Brace::Keywords) => block.lines.iter().map(|line| behind_keyword(line)).collect(),
        Some(Brace::Questions) => questions(block),
        None => in_runs(block, |line| named(line), NAME),
        Some(Brace::List | Brace::Plain) => block.lines.iter().map(|_| Pads::new()).collect(),
    }
}

fn behind_keyword(line: &Line<'_>) -> Pads {
    let What::Statement(parts) = &line.what else { return Pads::new() };
    match parts.as_slice() {
        [Part::Word { text, .. }, _, ..] => vec![(0, KEYWORD.saturating_sub(text.chars().count()))],
        _ => Pads::new(),
    }
}

/// Actors of lines below each other, and the verbs behind these. One that is known by its facts stands as it is.
fn questions(block: &Block<'_>) -> Vec<Pads> {
    let verb = |line: &Line<'_>| {
        let What::Statement(parts) = &line.what else { return None };
        parts.iter().position(|part| matches!(part, Part::Word { verb: true, .. }))
    };
    let word = |line: &Line<'_>| {
        let What::Statement(parts) = &line.what else { return None };
        verb(line).and_then(|at| if let Part::Word { text, .. } = parts[at] { Some(text.len()) } else { None })
    };
    let actor = |line: &Line<'_>| {
        let What::Statement(parts) = &line.what else { return None };
        let at = verb(line)?.checked_sub(1)?;
        if parts[..=at].iter().any(|part| matches!(part, Part::Block(_))) {
            return None;
        }
        Some(("", at, flat(&parts[..=at], &[])?.chars().count()))
    };
    let both = block.lines.iter().any(|line| word(line) == Some(VERB));
    let mut pads = in_runs(block, actor, ACTOR);
    for (line, pads) in block.lines.iter().zip(&mut pads) {
        if let (Some(at), Some(length), true) = (verb(line), word(line), both && !pads.is_empty()) {
            pads.push((at, VERB.saturating_sub(length)));
        }
    }
    pads
}

/// The name of a group or a tier.
fn named<'t>(line: &Line<'t>) -> Option<(&'t str, usize, usize)> {
    let What::Statement(parts) = &line.what else { return None };
    match parts.as_slice() {
        [Part::Word { text: keyword, .. }, Part::Word { text: name, .. }, Part::Word { text: then, .. }, ..]
            if matches!((*keyword, *then), ("group", "=") | ("tier", "covers")) =>
        {
            Some((keyword, 1, name.chars().count()))
        }
        _ => None,
    }
}

/// Aligns what stands behind a cell in lines of one sort below each other. A cell is a sort, the number of its last part, and its
/// width; one that is wider than `most` stands as it is.
fn in_runs<'t>(
    block: &Block<'t>,
    cell: impl Fn(&Line<'t>) -> Option<(&'t str, usize, usize)>,
    most: usize,
) -> Vec<Pads> {
    let cells: Vec<_> = block.lines.iter().map(|line| cell(line).filter(|(.., width)| *width <= most)).collect();
    let mut pads: Vec<Pads> = Vec::with_capacity(cells.len());
    while let Some(line) = block.lines.get(pads.len()) {
        let start = pads.len();
        let sort = cells[start].map(|(sort, ..)| sort);
        let more = block.lines[start + 1..].iter().zip(&cells[start + 1..]);
        let more = more.take_while(|(line, cell)| {
            let further = matches!(line.what, What::Further(_));
            !line.blank && (further || cell.map(|(sort, ..)| sort) == sort)
        });
        let run = if matches!(line.what, What::Statement(_)) { 1 + more.count() } else { 1 };
        let widest = cells[start..start + run].iter().flatten().map(|(.., width)| *width).max().unwrap_or(0);
        pads.extend(
            cells[start..start + run]
                .iter()
                .map(|cell| cell.map(|(_, part, width)| (part, widest - width)).into_iter().collect::<Pads>()),
        );
    }
    pads
}
