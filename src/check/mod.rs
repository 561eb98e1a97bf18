//! The checks: one file each, with its manual page, its finding and its messages.
//!
//! To add one, write `bwNNN.rs` and name it in the list below. Its module documentation is the manual page that
//! `bailiwick explain` shows; [`Check::run`] is called once a policy, [`Check::transits`] once a change from one policy to another.
//! Codes that a reader or the resolver reports (a syntax error, an undeclared name) stand here too, with the functions that make their
//! findings and no `run`.

use std::cell::{OnceCell, RefCell, RefMut};

use crate::algebra::{Algebra, Exact};
use crate::diagnostic::{Code, Findings};
use crate::diff::transition::Transition;
use crate::lower::rights::Rights;
use crate::model::Model;

pub mod asserting;
pub mod certain;
pub mod crowd;
pub mod escalation;
mod hands;
pub mod holding;
pub mod lines;
pub mod nested;
pub mod privilege;
pub mod regions;
mod running;
pub mod sides;

use running::Pair;
pub use running::{Kept, run_apart};

/// What a check looks at.
#[derive(Debug)]
pub struct Context<'a> {
    /// The resolved policy.
    pub model: &'a Model,
    /// The rights with the features as written.
    pub rights: &'a Rights,
    /// The rights with every feature on: the most that the policy can give.
    pub most: &'a Rights,
    /// The day from which on invariants must hold.
    pub at: i32,
    algebra: RefCell<Algebra<'a>>,
    algebra_of_most: Option<RefCell<Algebra<'a>>>,
    escalation: OnceCell<escalation::Escalation>,
    breaches: OnceCell<Vec<Exact<Vec<asserting::Breach>>>>,
    nested: OnceCell<Vec<Exact<[Option<nested::Lie>; 2]>>>,
}

impl<'a> Context<'a> {
    /// The policy with its rights, as written and at their most, on this day.
    #[must_use]
    pub fn new(model: &'a Model, rights: &'a Rights, most: Option<&'a Rights>, at: i32) -> Self {
        Self::with(model, rights, most, at, Pair::default())
    }

    /// The same with what another context made.
    #[must_use]
    pub(crate) fn with(model: &'a Model, rights: &'a Rights, most: Option<&'a Rights>, at: i32, made: Pair) -> Self {
        let algebra = |(rights, diagrams)| RefCell::new(Algebra::with(model, rights, diagrams));
        let Pair { written, most: of_most } = made;
        Self {
            model,
            rights,
            most: most.unwrap_or(rights),
            at,
            algebra: algebra((rights, written)),
            algebra_of_most: most.map(|most| algebra((most, of_most))),
            escalation: OnceCell::new(),
            breaches: OnceCell::new(),
            nested: OnceCell::new(),
        }
    }

    /// What was made, for another context.
    pub(crate) fn into_made(self) -> Pair {
        let most = self.algebra_of_most.map(|algebra| algebra.into_inner().into_made());
        Pair { written: self.algebra.into_inner().into_made(), most: most.unwrap_or_default() }
    }

    /// The algebra of the rights as written, at the beginning of a question. One at a time: the former is given back first.
    pub fn algebra(&self) -> RefMut<'_, Algebra<'a>> {
        let mut algebra = self.algebra.borrow_mut();
        algebra.begin();
        algebra
    }

    /// Who could come to more than it has; computed when it is first asked for.
    pub fn escalation(&self) -> &escalation::Escalation {
        self.escalation.get_or_init(|| escalation::analyse(self))
    }

    /// The breaches of an assertion as written, by its row; those of all are computed when one is first asked for.
    pub fn breaches(&self, row: usize) -> &Exact<Vec<asserting::Breach>> {
        &self.breaches.get_or_init(|| asserting::of_all(self))[row]
    }

    /// How every fence within another one lies in it, in the order of the rights at their most; computed when first asked for.
    pub fn nested(&self) -> &[Exact<[Option<nested::Lie>; 2]>] {
        self.nested.get_or_init(|| nested::of_all(self))
    }

    /// The algebra of the rights with every feature on, likewise.
    pub fn algebra_of_most(&self) -> RefMut<'_, Algebra<'a>> {
        let mut algebra = self.algebra_of_most.as_ref().unwrap_or(&self.algebra).borrow_mut();
        algebra.begin();
        algebra
    }
}

/// One check.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// Its code.
    pub code: Code,
    /// The source of its module, whose documentation is the manual page.
    source: &'static str,
    /// Looks for it in a policy; none where reading or resolving finds it.
    pub run: Option<fn(&Context<'_>, &mut Findings)>,
    /// Looks for it in the change from one policy to another.
    pub transits: Option<fn(&Transition<'_>, &mut Findings)>,
}

impl Check {
    /// The manual page: What, Why, Example, How to fix.
    #[must_use]
    pub fn manual(&self) -> String {
        let lines = self.source.lines().map_while(|line| line.strip_prefix("//!"));
        lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n")
    }

    /// The first line of the manual page, without the code.
    #[must_use]
    pub fn title(&self) -> String {
        let manual = self.manual();
        let first = manual.lines().next().unwrap_or("").trim_start_matches(['#', ' ']);
        first.trim_start_matches(self.code.0).trim().to_owned()
    }
}

/// Declares the modules and lists them; `module: runs` for those that look for themselves in a policy, `module: transits` for those
/// that look at a change.
macro_rules! checks {
    ($($module:ident $(: $run:ident)?),* $(,)?) => {
        $(pub mod $module;)*

        /// Every check, in the order of the codes.
        pub const CHECKS: &[Check] = &[$(Check {
            code: $module::CODE,
            source: include_str!(concat!(stringify!($module), ".rs")),
            run: checks!(@run $module $($run)?),
            transits: checks!(@transits $module $($run)?),
        }),*];
    };
    (@run $module:ident runs) => { Some($module::run) };
    (@run $module:ident $($transits:ident)?) => { None };
    (@transits $module:ident transits) => { Some($module::run) };
    (@transits $module:ident $($runs:ident)?) => { None };
}

checks! {
    bw001,
    bw002,
    bw003,
    bw004,
    bw005,
    bw006,
    bw007,
    bw008,
    bw009,
    bw101,
    bw102: runs,
    bw103: runs,
    bw104: runs,
    bw105,
    bw106,
    bw107,
    bw108: runs,
    bw109: runs,
    bw110,
    bw111,
    bw112: runs,
    bw201: runs,
    bw202: runs,
    bw203: runs,
    bw204: runs,
    bw205: runs,
    bw207: runs,
    bw208: runs,
    bw209: runs,
    bw301,
    bw302: runs,
    bw303: runs,
    bw304: runs,
    bw305: runs,
    bw306: runs,
    bw307: runs,
    bw308: runs,
    bw309: runs,
    bw310: runs,
    bw311: runs,
    bw312: runs,
    bw313: runs,
    bw314: runs,
    bw315: runs,
    bw316: runs,
    bw401: runs,
    bw402: runs,
    bw403: runs,
    bw404: runs,
    bw405,
    bw406: runs,
    bw407: runs,
    bw409: runs,
    bw410: runs,
    bw413: runs,
    bw414: runs,
    bw501: runs,
    bw502: runs,
    bw504: runs,
    bw505: runs,
    bw506: runs,
    bw507,
    bw508: runs,
    bw509: runs,
    bw510: runs,
    bw601: runs,
    bw602: runs,
    bw603: runs,
    bw605: runs,
    bw701: runs,
    bw702: runs,
    bw703: runs,
    bw704: runs,
    bw705: runs,
    bw801: runs,
    bw803: runs,
    bw804: runs,
    bw805: runs,
    bw902: runs,
    bw903: runs,
    bw906: runs,
    bwt01: transits,
    bwt02: transits,
    bwt03: transits,
    bwt04: transits,
    bwt05: transits,
    bwt06,
    bwt07,
    bwt08: transits,
    bwt09: transits,
    bwt10: transits,
    bwt11: transits,
}

/// Codes that are kept for checks to come: a policy may already set their severity.
pub const RESERVED: &[&str] = &["BW412", "BW706"];

/// Whether a code exists, or is kept for a check to come.
#[must_use]
pub fn is_known(code: &str) -> bool {
    CHECKS.iter().any(|c| c.code.0 == code) || RESERVED.contains(&code)
}

/// Runs every check that looks for itself and is wanted.
pub fn run_all(context: &Context<'_>, wanted: impl Fn(Code) -> bool, findings: &mut Findings) {
    for check in CHECKS {
        if let Some(run) = check.run.filter(|_| wanted(check.code)) {
            run(context, findings);
        }
    }
}
