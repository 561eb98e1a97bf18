//! Puts tokens together: blocks of lines, and what stands in a statement.

use super::tokens::{Sort, Token};
use crate::syntax::text::{Brace, Outline};

/// What stands between two braces, or in a whole file.
#[derive(Debug)]
pub(super) struct Block<'t> {
    /// None for a file.
    pub(super) brace: Option<Brace>,
    pub(super) lines: Vec<Line<'t>>,
    /// The comment behind the opening brace, in its line.
    pub(super) opening: Option<&'t str>,
    /// Whether all of it was written in one line.
    pub(super) flat: bool,
}

/// A statement, an item of a list, or a comment between them.
#[derive(Debug)]
pub(super) struct Line<'t> {
    pub(super) what: What<'t>,
    /// Whether an empty line stands before it.
    pub(super) blank: bool,
    /// Whether it begins in the line in which the one before it ends.
    pub(super) joined: bool,
    /// The comment behind it, in its line.
    pub(super) tail: Option<&'t str>,
}

#[derive(Debug)]
pub(super) enum What<'t> {
    Statement(Vec<Part<'t>>),
    /// A comment in a line of its own.
    Comment(&'t str),
    /// A comment in a line of its own, below a comment that it goes on with.
    Further(&'t str),
    /// A comment behind a `;` that ends nothing. In a line of its own it would document what follows.
    Behind(&'t str),
}

/// A piece of a statement.
#[derive(Debug)]
pub(super) enum Part<'t> {
    Word {
        text: &'t str,
        /// Whether it is the `can` or `cannot` of a question.
        verb: bool,
    },
    Raw(&'t str),
    Comma,
    RoundOpen,
    RoundClose,
    /// A comment before the statement goes on.
    Comment {
        text: &'t str,
        /// In a line of its own.
        own: bool,
    },
    Block(Block<'t>),
}

impl Block<'_> {
    /// Whether nothing is written in it.
    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.opening.is_none()
    }
}

/// The blocks of a source; none where the tokens do not fit the outline.
pub(super) fn build<'t>(tokens: &[Token<'t>], outline: &Outline) -> Option<Block<'t>> {
    let mut builder = Builder { tokens, outline, at: 0, starts: 0, braces: 0, verbs: 0 };
    let block = builder.block(None)?;
    (builder.at == tokens.len()).then_some(block)
}

struct Builder<'a, 't> {
    tokens: &'a [Token<'t>],
    outline: &'a Outline,
    at: usize,
    /// How many places of each list of the outline have been met.
    starts: usize,
    braces: usize,
    verbs: usize,
}

impl<'t> Builder<'_, 't> {
    fn peek(&self) -> Option<Token<'t>> {
        self.tokens.get(self.at).copied()
    }

    fn before(&self) -> Option<Token<'t>> {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).copied()
    }

    /// Whether a statement begins with this token.
    fn begins(&self, token: &Token<'_>) -> bool {
        self.outline.starts.get(self.starts) == Some(&token.at)
    }

    /// Everything up to the closing brace, which is left to the caller. The depth of brackets bounds the recursion.
    fn block(&mut self, brace: Option<Brace>) -> Option<Block<'t>> {
        let mut block = Block { brace, lines: Vec::new(), opening: None, flat: false };
        let opened = self.before().map(|token| token.line);
        let mut column = None;
        while let Some(token) = self.peek() {
            let line = self.before().map(|before| before.line);
            let joined = line == Some(token.line);
            let blank = !block.is_empty() && line.is_some_and(|line| token.line - line > 1);
            let add = |what| Line { what, blank, joined, tail: None };
            match token.sort {
                Sort::Close => break,
                Sort::Comment => {
                    self.at += 1;
                    let further = column == Some(token.column) && !blank && !joined;
                    column = (joined || further).then_some(token.column);
                    match block.lines.last_mut() {
                        Some(last @ Line { what: What::Statement(_), tail: None, .. }) if joined => {
                            last.tail = Some(token.text);
                        }
                        None if joined && brace.is_some() => {
                            block.opening = Some(token.text);
                            column = None;
                        }
                        _ if further => block.lines.push(add(What::Further(token.text))),
                        _ if joined && token.text.starts_with("///") => {
                            column = None;
                            block.lines.push(add(What::Behind(token.text)));
                        }
                        _ => block.lines.push(add(What::Comment(token.text))),
                    }
                }
                Sort::Semicolon | Sort::Comma => self.at += 1,
                _ if self.begins(&token) => {
                    column = None;
                    let statement = What::Statement(self.statement(brace == Some(Brace::List))?);
                    block.lines.push(add(statement));
                }
                _ => return None,
            }
        }
        block.flat = opened == self.peek().map(|close| close.line);
        Some(block)
    }

    /// A statement, with the comments inside it.
    fn statement(&mut self, listed: bool) -> Option<Vec<Part<'t>>> {
        let mut parts = Vec::new();
        self.starts += 1;
        loop {
            let comments = self.tokens[self.at..].iter().take_while(|token| token.sort == Sort::Comment).count();
            let token = self.tokens.get(self.at + comments).copied();
            let Some(token) = token.filter(|token| parts.is_empty() || !self.ends(token, listed)) else {
                return Some(parts);
            };
            for _ in 0..comments {
                let line = self.before().map(|before| before.line);
                let comment = self.peek()?;
                parts.push(Part::Comment { text: comment.text, own: line != Some(comment.line) });
                self.at += 1;
            }
            self.at += 1;
            parts.push(match token.sort {
                Sort::Open => Part::Block(self.braces(&token)?),
                Sort::Comma => Part::Comma,
                Sort::RoundOpen => Part::RoundOpen,
                Sort::RoundClose => Part::RoundClose,
                Sort::Raw => Part::Raw(token.text),
                _ => self.word(&token),
            });
        }
    }

    /// Whether a statement, or an item of a list, ends before this token.
    fn ends(&self, token: &Token<'_>, listed: bool) -> bool {
        match token.sort {
            Sort::Close | Sort::Semicolon => true,
            Sort::Comma => listed,
            _ => self.begins(token),
        }
    }

    fn word(&mut self, token: &Token<'t>) -> Part<'t> {
        let verb = self.outline.verbs.get(self.verbs) == Some(&token.at);
        self.verbs += usize::from(verb);
        Part::Word { text: token.text, verb }
    }

    /// The block behind an opening brace, and its closing one.
    fn braces(&mut self, open: &Token<'_>) -> Option<Block<'t>> {
        let (_, brace) = self.outline.braces.get(self.braces).filter(|(at, _)| *at == open.at)?;
        self.braces += 1;
        let block = self.block(Some(*brace))?;
        self.at += 1;
        Some(block)
    }
}
