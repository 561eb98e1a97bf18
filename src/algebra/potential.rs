//! What an account could come to: the least fixpoint of its rights along the control graph.
//!
//! Whoever may act as somebody has that one's rights; whoever may give a role to somebody it controls has what the role gives; whoever
//! may change facts, the scope or the roles of somebody it controls, or of itself, has what comes with them. The rounds of the search
//! are the lengths of the chains, so the first gain that is found has a shortest chain.

mod freeing;
pub(super) mod giving;
mod meeting;
pub(super) mod powers;
mod repeating;
mod taking;
mod telling;

use std::collections::{BTreeMap, BTreeSet};

use super::Algebra;
use super::diagram::{Diagram, Exact, TooManyCases};
use super::facts::Lane;
use super::guise::Guise;
use super::lens::{Lens, Target};
use super::reach::grants;
use super::witness::Witness;
use crate::lower::rights::{OriginId, RowId};
use crate::model::id::{AccountId, ActionId, RoleId};
use crate::syntax::ast::Kind;

/// How many steps one search may take: past them its answer is unknown.
const MOST_STEPS: usize = 20_000;

/// Who is controlled: an account of the policy, or somebody that it does not name.
pub type Who = Option<AccountId>;

/// One step of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Who does it.
    pub by: Who,
    /// By which action.
    pub action: ActionId,
    /// To whom.
    pub on: Who,
    /// What comes of it.
    pub how: How,
    /// The `allow` that makes it possible, where it is an account's.
    pub origin: Option<OriginId>,
}

/// The steps that made one possible: whoever does it is controlled, and whom it is done to.
type After = [Option<usize>; 2];

/// What comes of a step.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// The one can act as the other.
    Become,
    /// The other gets a role.
    Give(RoleId),
    /// Facts of the other are changed: attributes' names, `unit`, `labels`.
    Free(Vec<String>),
    /// The other's own scope goes.
    Unscope,
}

/// A right that is reached and was not there.
#[derive(Debug, Clone)]
pub struct Gain {
    /// The steps, in order.
    pub chain: Vec<Step>,
    /// As whom it is used in the end.
    pub who: Who,
    /// Which.
    pub action: ActionId,
    /// On what.
    pub witness: Witness,
    /// Whether these steps can be taken one after the other. Where they are not certain, the search followed them as if a change took
    /// nothing away, and no order was found in which each is possible.
    pub certain: bool,
}

/// Somebody who is controlled, as far as it can come.
#[derive(Debug, Clone)]
pub struct Controlled {
    /// Who.
    pub who: Who,
    /// With what was changed.
    pub guise: Guise,
    /// How it looks at a stranger.
    pub lens: Lens,
    /// In which cases, for somebody whom the policy does not name.
    pub only: Diagram,
    last: Option<usize>,
}

/// Everybody whom an account could control, and by which steps.
#[derive(Debug)]
pub struct Reach {
    /// Who; the account itself is one of them.
    pub controlled: Vec<Controlled>,
    steps: Vec<(Step, After)>,
}

impl Reach {
    /// The steps that lead to both of these, in order.
    #[must_use]
    pub fn chain(&self, one: &Controlled, other: &Controlled) -> Vec<Step> {
        chain(&self.steps, [one.last, other.last])
    }
}

/// The state of a search from one account.
struct Search {
    account: AccountId,
    day: i32,
    held: BTreeMap<Who, (Guise, Option<usize>)>,
    /// The same, at the beginning of the round: who takes a step is as it was then.
    start: BTreeMap<Who, (Guise, Option<usize>)>,
    steps: Vec<(Step, After)>,
    means: Means,
}

impl Search {
    /// The beginning: the account controls itself.
    fn of(account: AccountId, day: i32, means: Means) -> Self {
        let held = BTreeMap::from([(Some(account), (Guise::of(Some(account)), None))]);
        Self { account, day, held, start: BTreeMap::new(), steps: vec![], means }
    }

    /// Somebody as it was at the beginning of the round; afterwards, as it is.
    fn now(&self, who: Who) -> &(Guise, Option<usize>) {
        self.start.get(&who).unwrap_or(&self.held[&who])
    }

    /// From whom the relations of somebody lead.
    fn lane(&self, who: Who, other: Lane) -> Lane {
        if who == Some(self.account) { Lane::First } else { other }
    }
}

/// By which steps somebody is looked for, beside acting as others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// All there are.
    All,
    /// None.
    Become,
    /// Giving this role.
    Give(RoleId),
}

impl Algebra<'_> {
    /// The first right that an account could come to, on a day, and does not have; none where it is safe.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn gain(&mut self, account: AccountId, day: i32) -> Exact<Option<Gain>> {
        let mut search = Search::of(account, day, Means::All);
        let mut doubtful = None;
        match self.certain_gain(&mut search, &mut doubtful) {
            Ok(found) => Ok(found.or(doubtful)),
            // What was found before there were too many cases was found.
            Err(error) => doubtful.map(Some).ok_or(error),
        }
    }

    /// The first gain to which a chain leads whose steps can be taken one after the other; the first of the others, on the way.
    fn certain_gain(&mut self, search: &mut Search, doubtful: &mut Option<Gain>) -> Exact<Option<Gain>> {
        let mut left = telling::MOST_TRIED;
        let mut new = BTreeSet::from([Some(search.account)]);
        while !new.is_empty() {
            let next = self.round(search, &new)?;
            for who in &next {
                let Some((action, witness)) = self.exceeds(search, *who)? else { continue };
                let chain = chain(&search.steps, [search.held[who].1]);
                let gain = Gain { chain, who: *who, action, witness, certain: false };
                doubtful.get_or_insert_with(|| gain.clone());
                if let Some(told) = self.told(search, &gain, &mut left)? {
                    return Ok(Some(told));
                }
            }
            new = if left == 0 { BTreeSet::new() } else { next };
        }
        if doubtful.is_some() { self.told_of_all(search, &mut left) } else { Ok(None) }
    }

    /// Everybody whom an account could control on a day by these means, with all that could be made of them.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn controlled(&mut self, account: AccountId, day: i32, means: Means) -> Exact<Reach> {
        let mut search = Search::of(account, day, means);
        let mut new = BTreeSet::from([Some(account)]);
        while !new.is_empty() {
            let next = self.round(&mut search, &new)?;
            new = next;
        }
        let mut controlled = vec![];
        for who in search.held.keys().copied().collect::<Vec<_>>() {
            let lens = self.lens(&search, who, Target::Stranger);
            let (guise, last) = search.held[&who].clone();
            let only = self.only(&guise)?;
            controlled.push(Controlled { who, guise, lens, only, last });
        }
        Ok(Reach { controlled, steps: search.steps })
    }

    /// What somebody who is controlled may do by one role alone.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn by_role(&mut self, of: &Controlled, role: RoleId, action: ActionId, lens: Lens) -> Exact<Diagram> {
        let rights = self.rights;
        let extra = of.guise.extra.iter().filter(|e| e.role == role).cloned().collect();
        let mut region = self.extra(&Guise { extra, ..of.guise.clone() }, action, lens)?;
        for way in of.who.iter().flat_map(|a| &rights.accounts[a.index()].assignments) {
            if way.row == RowId(role.0) {
                let fence = if of.guise.unscoped { way.alone } else { way.fence };
                let more = self.way(&crate::lower::rights::Assignment { fence, ..*way }, action, lens)?;
                region = self.or(region, more)?;
            }
        }
        let forbidden = self.forbidden(action, lens)?;
        self.minus(region, forbidden)
    }

    /// All steps of one round: whom they make new.
    fn round(&mut self, search: &mut Search, new: &BTreeSet<Who>) -> Exact<BTreeSet<Who>> {
        let mut next = BTreeSet::new();
        search.start = search.held.clone();
        let held: Vec<Who> = search.held.keys().copied().collect();
        for who in &held {
            self.spread(search, *who, &held, new, &mut next)?;
        }
        search.start.clear();
        Ok(next)
    }

    /// Takes every step that somebody who is controlled can take, where the one who takes it or the one it is taken on is new.
    fn spread(
        &mut self,
        search: &mut Search,
        who: Who,
        held: &[Who],
        new: &BTreeSet<Who>,
        next: &mut BTreeSet<Who>,
    ) -> Exact<()> {
        let is_new = new.contains(&who);
        let on: Vec<Who> = held.iter().copied().filter(|on| is_new || new.contains(on)).collect();
        for action in self.powers_of(search, who) {
            let declared = &self.model.actions[action.index()];
            let takes_over = declared.kind == Kind::Become || declared.changes.iter().any(|c| c == "recovery");
            if takes_over && is_new {
                self.take_over(search, who, action, next)?;
            }
            for how in self.outcomes(action) {
                for on in &on {
                    self.change(search, who, action, *on, &how, next)?;
                }
            }
        }
        Ok(())
    }

    /// The lens through which somebody who is controlled looks.
    fn lens(&mut self, search: &Search, who: Who, target: Target) -> Lens {
        let actor = self.guised(&search.now(who).0);
        Lens { lane: search.lane(who, Lane::Second), ..Lens::new(actor, target, search.day) }
    }

    /// Where somebody who is controlled may use an action.
    fn may(&mut self, search: &Search, who: Who, action: ActionId, target: Target) -> Exact<Diagram> {
        let lens = self.lens(search, who, target);
        let region = self.allowed(action, lens)?;
        let only = self.only(&search.now(who).0.clone())?;
        self.and(region, only)
    }

    /// What using an action on somebody who is controlled, or on the account itself, changes.
    fn change(
        &mut self,
        search: &mut Search,
        who: Who,
        action: ActionId,
        on: Who,
        how: &How,
        next: &mut BTreeSet<Who>,
    ) -> Exact<()> {
        let meant = match search.means {
            Means::All => true,
            Means::Become => false,
            Means::Give(role) => *how == How::Give(role),
        };
        if !meant {
            return Ok(());
        }
        // Nobody assigns to itself; a change may well be one of oneself.
        if on == who && self.model.actions[action.index()].assigns.is_some() {
            return Ok(());
        }
        // What strangers could do to one another is not followed.
        if who.is_none() && on.is_none() {
            return Ok(());
        }
        let before = search.held[&on].0.clone();
        let changed = match how {
            How::Become => None,
            How::Unscope => {
                let has = before.account.is_some_and(|a| self.has_scope(a)) && !before.unscoped;
                let may = has && self.meets(search, who, action, on)?.0 != Diagram::FALSE;
                may.then(|| Guise { unscoped: true, ..before.clone() })
            }
            How::Free(facts) => self.freed(search, who, action, on, facts)?,
            How::Give(role) => Some(self.given(search, who, action, on, *role)?),
        };
        if let Some(changed) = changed.filter(|guise| *guise != before) {
            let step = self.step(search, who, action, on, how.clone())?;
            search.held.insert(on, (changed, Some(step)));
            next.insert(on);
        }
        Ok(())
    }

    fn has_scope(&self, account: AccountId) -> bool {
        self.model.accounts[account.index()].scope.is_some()
    }

    fn step(&mut self, search: &mut Search, by: Who, action: ActionId, on: Who, how: How) -> Exact<usize> {
        if search.steps.len() == MOST_STEPS {
            return Err(TooManyCases);
        }
        let after = [search.now(by).1, search.held.get(&on).and_then(|(_, step)| *step)];
        let origin = by.and_then(|account| self.origin_of(account, action, search.day));
        search.steps.push((Step { by, action, on, how, origin }, after));
        Ok(search.steps.len() - 1)
    }

    /// The first `allow` by which an account has an action on a day.
    pub(crate) fn origin_of(&self, account: AccountId, action: ActionId, day: i32) -> Option<OriginId> {
        let ways = self.rights.accounts[account.index()].assignments.iter().filter(|w| self.is_on(w.days, day));
        let grants = ways.flat_map(|w| grants(&self.rights.rows[w.row.0 as usize].grants, action));
        grants.filter(|g| self.is_on(g.days, day)).map(|g| g.origin).next()
    }

    /// A right that somebody who is controlled has and the account has not.
    fn exceeds(&mut self, search: &Search, who: Who) -> Exact<Option<(ActionId, Witness)>> {
        let lens = self.lens(search, who, Target::Stranger);
        let guise = search.now(who).0.clone();
        let givers = guise.extra.iter().flat_map(|e| &e.fences).filter_map(|(giver, ..)| giver.account());
        let mut givers: Vec<AccountId> = givers.filter(|g| Some(*g) != who && *g != search.account).collect();
        givers.sort_unstable();
        givers.dedup();
        let only = self.only(&guise)?;
        self.beyond_among(lens, only, search.account, &givers)
    }
}

/// The steps that lead to these, in order: a step has a greater number than those before it.
fn chain(steps: &[(Step, After)], last: impl IntoIterator<Item = Option<usize>>) -> Vec<Step> {
    let mut needed = BTreeSet::new();
    let mut open: Vec<usize> = last.into_iter().flatten().collect();
    while let Some(index) = open.pop() {
        if needed.insert(index) {
            open.extend(steps[index].1.iter().flatten());
        }
    }
    needed.into_iter().map(|i| steps[i].0.clone()).collect()
}
