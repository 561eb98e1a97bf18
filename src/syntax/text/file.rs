//! One source, read in pieces: quickly where all is well, declaration by declaration where something is not.

use std::ops::Range;

use pest::Parser as _;

use super::apart::Crowd;
use super::crowd::{self, Plain};
use super::declarations::documentation;
use super::explain;
use super::grammar::{Grammar, Parts, Rule};
use super::reader::{Origin, Reader};
use super::slices::{Fault, LONGEST_DECLARATION, LONGEST_LINE, MOST_DEEP, Slice, Slices, by_lines};
use crate::check::{bw001, bw002, bw005, bw007};
use crate::diagnostic::Findings;
use crate::source::{SourceId, Span};
use crate::syntax::ast::{Decl, DeclKind, File};

/// How much text is parsed at once where that is possible.
const CHUNK: usize = 64 * 1024;

/// Reads one source. A broken declaration leaves findings and is left out, or is kept without its broken statements.
pub(super) fn parse(source: SourceId, text: &str, findings: &mut Findings) -> File {
    read(source, text, None, findings).0
}

/// The same, with plain admins set apart.
pub(super) fn parse_apart(source: SourceId, text: &str, findings: &mut Findings) -> (File, Crowd) {
    let (file, crowd) = read(source, text, Some(Crowd::new(source)), findings);
    (file, crowd.unwrap_or_default())
}

fn read(source: SourceId, text: &str, apart: Option<Crowd>, findings: &mut Findings) -> (File, Option<Crowd>) {
    let mut input = Input { source, text, findings, decls: Vec::new(), apart, broken: false, read: 0 };
    if text.len() > bw007::FILE {
        input.broken = true;
        input.findings.push(bw007::text(Span::new(source, 0, 0), bw007::FILE));
    } else {
        input.pieces();
    }
    (File { source, decls: input.decls, broken: input.broken }, input.apart)
}

/// A source being read.
struct Input<'a> {
    source: SourceId,
    text: &'a str,
    findings: &'a mut Findings,
    decls: Vec<Decl>,
    /// The plain admins, where they are set apart.
    apart: Option<Crowd>,
    broken: bool,
    /// Up to where the text has been read: documentation stands behind it.
    read: usize,
}

impl Input<'_> {
    /// Gathers declarations into pieces of a good size and reads these.
    fn pieces(&mut self) {
        let mut gathered: Vec<Slice> = Vec::new();
        let mut slices = Slices::of(self.text, 0..self.text.len());
        // Up to where a chunk was tried that is not one of plain admins.
        let mut tried = 0;
        loop {
            if let Some(start) = slices.next_start().filter(|start| *start >= tried)
                && let Some(chunk) = crowd::chunk(self.text, start)
            {
                if let Some(admins) = crowd::admins(self.source, self.text, &chunk, self.apart.is_some()) {
                    self.piece(&gathered);
                    gathered.clear();
                    admins.into_iter().for_each(|(plain, range)| self.take_plain(plain, &range));
                    slices.jump(chunk.end);
                    continue;
                }
                tried = chunk.end;
            }
            let Some(slice) = slices.next() else { break };
            if let Some(plain) = self.plain(&slice) {
                self.piece(&gathered);
                gathered.clear();
                self.take_plain(plain, &slice.range);
                continue;
            }
            let start = gathered.first().map_or(slice.range.start, |first| first.range.start);
            if slice.fault.is_some() || slice.range.end - start > CHUNK {
                self.piece(&gathered);
                gathered.clear();
            }
            if slice.fault.is_some() {
                self.carefully(&slice);
            } else {
                gathered.push(slice);
            }
        }
        self.piece(&gathered);
    }

    /// The admin that a slice declares, if it is a plain one.
    fn plain(&self, slice: &Slice) -> Option<Plain> {
        let text = &self.text[slice.range.clone()];
        if slice.fault.is_some() || !text.starts_with("admin ") {
            return None;
        }
        Plain::of(text, Origin::at(self.source, slice.range.start), self.apart.is_some())
    }

    fn take_plain(&mut self, plain: Plain, range: &Range<usize>) {
        match (plain, &mut self.apart) {
            (Plain::Apart, Some(crowd)) => crowd.push(range),
            (Plain::Apart, None) => {}
            (Plain::Tree(admin), _) => {
                let doc = documentation(&self.text[self.read..range.start], self.read == 0);
                let span = Span::new(self.source, range.start, range.end);
                self.decls.push(Decl { doc, ignores: vec![], kind: DeclKind::Admin(Box::new(admin)), span });
            }
        }
        self.read = range.end;
    }

    /// Reads sound slices at once; if one turns out not to be, each for itself.
    fn piece(&mut self, slices: &[Slice]) {
        let (Some(first), Some(last)) = (slices.first(), slices.last()) else { return };
        if !self.whole(&(first.range.start..last.range.end)) {
            slices.iter().for_each(|slice| self.carefully(slice));
        }
    }

    /// Reads a range if there is nothing wrong in it.
    fn whole(&mut self, range: &Range<usize>) -> bool {
        let mut findings = Findings::new();
        let kept = (self.decls.len(), self.read);
        let sound = self.declarations(range, &mut findings).is_ok_and(|broken| !broken);
        if !sound {
            self.decls.truncate(kept.0);
            self.read = kept.1;
        }
        sound
    }

    /// Parses a range and takes its declarations; says whether a statement was broken.
    fn declarations(
        &mut self,
        range: &Range<usize>,
        findings: &mut Findings,
    ) -> Result<bool, Box<pest::error::Error<Rule>>> {
        let origin = Origin::at(self.source, range.start);
        let chunk = Grammar::parse(Rule::chunk, &self.text[range.clone()])?.next();
        let mut reader = Reader::new(origin, findings);
        for node in chunk.into_iter().flat_map(Parts::of).filter(|part| part.as_rule() == Rule::decl) {
            let read = self.read;
            let text = self.text;
            let docs = |start: usize| documentation(text.get(read..start).unwrap_or(""), read == 0);
            self.read = range.start + node.as_span().end();
            match reader.decl(node, docs) {
                Some(decl) => self.decls.push(decl),
                None => reader.broken = true,
            }
        }
        Ok(reader.broken)
    }

    /// Reads a slice in which something is wrong. Where a bracket was left open, the lines show where the next declaration begins.
    fn carefully(&mut self, slice: &Slice) {
        if slice.fault.is_none() && self.whole(&slice.range) {
            return;
        }
        self.broken = true;
        let parts = match slice.fault {
            None | Some(Fault::Deep(_) | Fault::Long) => by_lines(self.text, &slice.range),
            Some(_) => Vec::new(),
        };
        if parts.len() < 2 {
            self.explained(slice);
            return;
        }
        for part in parts {
            for slice in Slices::of(self.text, part) {
                self.explained(&slice);
            }
        }
    }

    /// Reads what can be read of a slice and says what cannot.
    fn explained(&mut self, slice: &Slice) {
        if let Some(fault) = slice.fault {
            self.fault(fault, &slice.range);
        } else {
            let mut findings = Findings::new();
            if self.declarations(&slice.range, &mut findings).is_err() {
                let origin = Origin::at(self.source, slice.range.start);
                let text = &self.text[slice.range.clone()];
                findings.push(explain::why_not(origin, text, Rule::one_decl));
            }
            self.findings.extend(findings);
        }
        self.read = slice.range.end;
    }

    /// Says why a slice was not parsed.
    fn fault(&mut self, fault: Fault, range: &Range<usize>) {
        let byte = |at: usize| Span::new(self.source, at, at + 1);
        self.findings.push(match fault {
            Fault::NoDeclaration => {
                explain::no_declaration(Origin::at(self.source, range.start), &self.text[range.clone()])
            }
            Fault::IgnoreAlone => bw001::ignore_alone(Span::new(self.source, range.start, range.end)),
            Fault::Stray(sign) => bw002::stray(sign, byte(range.start)),
            Fault::Deep(at) => bw005::brackets(byte(at), MOST_DEEP),
            Fault::LongLine(at) => bw007::line(byte(at), LONGEST_LINE),
            Fault::Long => bw007::declaration(byte(range.start), LONGEST_DECLARATION),
        });
        self.read = range.end;
    }
}
