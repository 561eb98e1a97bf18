//! Predicates to walk: node by node, with what is constant folded away.
//!
//! A filter's predicate knows who asks, so what depends on the actor alone is decided in it; a listing's does not.

use crate::describe::Signature;
use crate::id::{AttributeId, UnitId};
use crate::layout::section;
use crate::node::{Ref, Shape, Test};
use crate::path::{Approach, Cell, Condition, cell};
use crate::question::Asking;
use crate::raw::Raw;
use crate::reason::{Kleene, Part};
use crate::target::{Fact, Value};

/// A predicate on the parties of a target.
#[derive(Debug, Clone, Copy)]
pub struct Pred<'p> {
    pub(crate) raw: Raw<'p>,
    /// Who asks, where that is known.
    asking: Option<&'p Asking<'p>>,
    term: Term,
    /// It stands for the complement of the term.
    negated: bool,
    /// The number of complements that it stands under is odd.
    under: bool,
}

/// What a predicate is built of; composite ones make their parts when they are walked.
#[derive(Debug, Clone, Copy)]
enum Term {
    /// A stored predicate about a party.
    Node(Ref, Part),
    /// Part of a rectangle: a fence and a grant, without the holes that the mask tells to avoid there.
    Side { fence: Ref, grant: Ref, holes: Option<u32>, mask: u32, users: bool, part: Part },
    /// Some path, and no prohibition.
    Allowed,
    /// Any of the paths.
    Paths,
    /// Everything on one path.
    Path { who: Ref, fence: (Ref, Ref), grant: Option<u32> },
    /// A hole of a grant: both of its parts.
    Hole { grant: u32, hole: u32 },
    /// Any of the prohibitions.
    Forbids,
    /// Everything of one prohibition.
    Forbid(u32),
}

/// What a predicate is.
#[derive(Debug, Clone, Copy)]
pub enum Shown<'p> {
    /// Everything.
    All,
    /// Nothing.
    Nothing,
    /// All of at least two.
    And(Children<'p>),
    /// Any of at least two.
    Or(Children<'p>),
    /// The complement.
    Not(Pred<'p>),
    /// A test of a party.
    Test(Part, Test<'p>),
}

/// The parts of a composite predicate; none of them is constant.
#[derive(Debug, Clone, Copy)]
pub struct Children<'p> {
    parent: Pred<'p>,
    /// How far it came: in the list, and in the list's item.
    at: (u32, u32),
}

impl<'p> Pred<'p> {
    /// A stored predicate, seen without an actor.
    pub(crate) const fn stored(raw: Raw<'p>, node: Ref, part: Part) -> Self {
        let plain = node.plain();
        Self { raw, asking: None, term: Term::Node(plain, part), negated: node.is_negated(), under: false }
    }

    /// Part of a rectangle, seen without an actor.
    pub(crate) const fn side(
        raw: Raw<'p>,
        (fence, grant): (Ref, Ref),
        (holes, mask): (Option<u32>, u32),
        (users, part): (bool, Part),
    ) -> Self {
        let term = Term::Side { fence, grant, holes, mask, users, part };
        Self { raw, asking: None, term, negated: false, under: false }
    }

    /// Everything that a question's actor may do the action to.
    pub(crate) const fn allowed(asking: &'p Asking<'p>) -> Self {
        Self { raw: asking.raw, asking: Some(asking), term: Term::Allowed, negated: false, under: false }
    }

    /// The signature of the action that a filter is for.
    pub(crate) fn signature(&self) -> Option<Signature> {
        self.asking.map(|asking| asking.signature)
    }

    /// What it is, constants folded away.
    #[must_use]
    pub fn shown(&self) -> Shown<'p> {
        match self.folded() {
            Some(true) => return Shown::All,
            Some(false) => return Shown::Nothing,
            None => {}
        }
        if self.negated {
            return Shown::Not(Self { negated: false, under: !self.under, ..*self });
        }
        if let Term::Node(node, part) = self.term
            && let Shape::Test(test) = node.shape(self.raw)
        {
            return self.shown_test(test, part);
        }
        let children = Children { parent: *self, at: (0, 0) };
        let mut rest = children;
        match (rest.next(), rest.next()) {
            (Some(only), None) => only.shown(),
            _ if self.is_or() => Shown::Or(children),
            _ => Shown::And(children),
        }
    }

    /// Whether it is everything or nothing, as far as constants tell.
    #[must_use]
    pub fn folded(&self) -> Option<bool> {
        let under = self.under != self.negated;
        let inner = Self { negated: false, under, ..*self };
        let value = match self.term {
            Term::Node(node, part) => match node.shape(self.raw) {
                Shape::Const(holds) => Some(holds),
                Shape::Test(test) => inner.folded_test(test, part),
                Shape::Join(_) if self.asking.is_none() => None,
                Shape::Join(_) => inner.folded_join(),
            },
            _ => inner.folded_join(),
        };
        if self.negated { value.map(|holds| !holds) } else { value }
    }

    fn folded_join(&self) -> Option<bool> {
        let is_or = self.is_or();
        let mut open = false;
        let mut at = (0, 0);
        while let Some(child) = self.step(&mut at) {
            match child.folded() {
                Some(holds) if holds == is_or => return Some(holds),
                Some(_) => {}
                None => open = true,
            }
        }
        if open { None } else { Some(!is_or) }
    }

    fn is_or(&self) -> bool {
        match self.term {
            Term::Node(node, _) => matches!(node.shape(self.raw), Shape::Join(join) if join.is_or),
            Term::Paths | Term::Forbids => true,
            _ => false,
        }
    }

    /// A test that the actor alone decides; an unknown there never grants and never lifts a prohibition.
    fn folded_test(&self, test: Test<'p>, part: Part) -> Option<bool> {
        let asking = self.asking?;
        let settle = |value: Kleene| Some(value.unwrap_or(self.under));
        match (test, part) {
            (Test::Myself, _) if !asking.signature.uses_users() => Some(false),
            (Test::Myself, _) => match asking.actor.login() {
                Fact::Known(_) => None,
                Fact::Absent => Some(false),
                _ => Some(self.under),
            },
            (_, Part::Actor) => settle(asking.untargeted().test(test, &asking.actor)),
            (Test::OwnUnit, _) => match asking.actor.unit() {
                Fact::Known(_) => None,
                Fact::Absent => Some(false),
                _ => Some(self.under),
            },
            _ => None,
        }
    }

    /// A test of the target, what is relative to the actor made absolute.
    fn shown_test(&self, test: Test<'p>, part: Part) -> Shown<'p> {
        let Some(asking) = self.asking else { return Shown::Test(part, test) };
        match test {
            Test::OwnUnit => match asking.actor.unit() {
                Fact::Known(UnitId(unit)) => Shown::Test(part, Test::Unit(UnitId(unit))),
                _ => Shown::Nothing,
            },
            Test::Myself => match asking.actor.login() {
                Fact::Known(login) => {
                    let test = Test::Is(AttributeId::LOGIN, Value::Text(login.as_str()));
                    Shown::Test(self.user_part(), test)
                }
                _ => Shown::Nothing,
            },
            _ => Shown::Test(part, test),
        }
    }

    fn user_part(&self) -> Part {
        let account = self.asking.is_some_and(|q| q.signature == Signature::Account);
        if account { Part::Account } else { Part::User }
    }

    fn entity_part(&self) -> Part {
        let account = self.asking.is_some_and(|q| q.signature == Signature::Account);
        if account { Part::Account } else { Part::Entity }
    }

    const fn child(&self, term: Term, negated: bool) -> Self {
        Self { term, negated, ..*self }
    }

    fn node(&self, node: Ref, part: Part) -> Self {
        let plain = node.plain();
        self.child(Term::Node(plain, part), node.is_negated())
    }

    /// The next part, constant or not.
    fn step(&self, at: &mut (u32, u32)) -> Option<Self> {
        match self.term {
            Term::Paths => self.next_path(at),
            _ => {
                let item = at.0;
                at.0 = at.0.saturating_add(1);
                self.part(item)
            }
        }
    }

    /// The part with this number.
    fn part(&self, item: u32) -> Option<Self> {
        match self.term {
            Term::Node(node, part) => match node.shape(self.raw) {
                Shape::Join(join) => Some(self.node(join.child(item)?, part)),
                _ => None,
            },
            Term::Side { fence, grant, holes, mask, users, part } => match item {
                0 => Some(self.node(fence, part)),
                1 => Some(self.node(grant, part)),
                _ => self.avoided(holes?, item - 2, mask, users, part),
            },
            Term::Allowed => match item {
                0 => Some(self.child(Term::Paths, false)),
                1 => Some(self.child(Term::Forbids, true)),
                _ => None,
            },
            Term::Path { who, fence, grant } => self.path_part(item, who, fence, grant),
            Term::Hole { grant, hole } => {
                let (entities, users) = Condition::of_grant(self.raw, grant).hole(self.raw, hole)?;
                self.rect_part(item, entities, users)
            }
            Term::Forbids => {
                let asking = self.asking?;
                let [first, end] = self.raw.words_from(section::FORBID_STARTS, asking.action.0);
                let entry = first.checked_add(item).filter(|entry| *entry < end)?;
                Some(self.child(Term::Forbid(self.raw.word(section::FORBID_LIST, entry)), false))
            }
            Term::Forbid(forbid) => {
                let [entities, users, actors, unless, _] = self.raw.record(section::FORBIDS, forbid);
                match item {
                    0 | 1 => self.rect_part(item, Ref::of(entities), Ref::of(users)),
                    2 => Some(self.node(Ref::of(actors), Part::Actor)),
                    3 => Some(self.node(Ref::of(unless).complement(), Part::Actor)),
                    _ => None,
                }
            }
            Term::Paths => None,
        }
    }

    /// What a rectangle's part avoids of a hole: outside its entities, or inside them and outside its users.
    fn avoided(&self, grant: u32, hole: u32, mask: u32, users: bool, part: Part) -> Option<Self> {
        let (entities, out) = Condition::of_grant(self.raw, grant).hole(self.raw, hole)?;
        let inside = mask >> hole & 1 == 1;
        let negated = Ref::complement;
        Some(match (users, inside) {
            (false, true) => self.node(entities, part),
            (false, false) => self.node(negated(entities), part),
            (true, true) => self.node(negated(out), part),
            (true, false) => self.node(Ref::TRUE, part),
        })
    }

    fn path_part(&self, item: u32, who: Ref, fence: (Ref, Ref), grant: Option<u32>) -> Option<Self> {
        match item {
            0 => return Some(self.node(who, Part::Actor)),
            1 | 2 => return self.rect_part(item - 1, fence.0, fence.1),
            _ => {}
        }
        let grant = grant?;
        let condition = Condition::of_grant(self.raw, grant);
        match item {
            3 => Some(self.node(condition.gate, Part::Actor)),
            4 | 5 => self.rect_part(item - 4, condition.entities, condition.users),
            _ if item - 6 < condition.hole_count() => Some(self.child(Term::Hole { grant, hole: item - 6 }, true)),
            _ => None,
        }
    }

    /// The entity part (0) or the user part (1); everything where the signature does not use it, or where an account is to meet the
    /// same twice.
    fn rect_part(&self, item: u32, entities: Ref, users: Ref) -> Option<Self> {
        let signature = self.asking.map_or(Signature::Both, |asking| asking.signature);
        match item {
            0 if signature.uses_entities() => Some(self.node(entities, self.entity_part())),
            1 if signature == Signature::Account && users == entities => Some(self.node(Ref::TRUE, Part::Account)),
            1 if signature.uses_users() => Some(self.node(users, self.user_part())),
            0 | 1 => Some(self.node(Ref::TRUE, Part::User)),
            _ => None,
        }
    }

    /// The next path of the actor that leads to the action on the day.
    fn next_path(&self, at: &mut (u32, u32)) -> Option<Self> {
        let asking = self.asking?;
        loop {
            let approach = asking.approach(at.0)?;
            let step = at.1;
            let path = |grant| {
                let fence = (approach.entities, approach.users);
                Some(self.child(Term::Path { who: approach.who, fence, grant }, false))
            };
            match path_cell(asking, &approach) {
                Cell::Plain(_) if step == 0 => {
                    *at = (at.0, 1);
                    return path(None);
                }
                Cell::Grants(first, end) if step < end.saturating_sub(first) => {
                    *at = (at.0, step + 1);
                    let grant = first + step;
                    if Condition::of_grant(self.raw, grant).days.contains(asking.day) {
                        return path(Some(grant));
                    }
                }
                _ => *at = (at.0.checked_add(1)?, 0),
            }
        }
    }
}

/// The grants by a way, none where it is closed.
fn path_cell(asking: &Asking<'_>, approach: &Approach) -> Cell {
    let open = asking.counts(approach)
        && approach.days.contains(asking.day)
        && !(asking.signature == Signature::Site && approach.is_restricted());
    if open { cell(asking.raw, approach.row, asking.action) } else { Cell::Empty }
}

impl<'p> Iterator for Children<'p> {
    type Item = Pred<'p>;

    fn next(&mut self) -> Option<Pred<'p>> {
        loop {
            let child = self.parent.step(&mut self.at)?;
            if child.folded().is_none() {
                return Some(child);
            }
        }
    }
}
