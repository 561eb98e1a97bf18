//! Filters: everything that an actor may do an action to, as a predicate that a caller can turn into a database query.

use core::fmt;

use crate::id::ActionId;
use crate::layout::reference;
use crate::node::Ref;
use crate::pred::Pred;
use crate::question::{self, Asker, Asking};
use crate::raw::Raw;
use crate::reason::{Part, Reason};

/// The targets on which an action is allowed to an actor on a day.
///
/// What depends on the actor alone is decided in it: gates, `own unit`, `self`, days. For want of a fact of the actor's it has less
/// in it, never more. Tests of the target remain; [`Filter::root`] walks them.
///
/// For a query: a target is in the filter where the predicate is *true*. A positive test of something absent (`NULL`) is false, so
/// its complement is true; write `NOT coalesce(test, false)`.
#[derive(Debug, Clone, Copy)]
pub struct Filter<'t> {
    raw: Raw<'t>,
    asking: Result<Asking<'t>, Reason>,
}

impl<'t> Filter<'t> {
    pub(crate) fn new(raw: Raw<'t>, asker: Asker<'t>, action: ActionId, day: i32) -> Self {
        let signature = question::may_ask(raw, &asker, action, day);
        Self { raw, asking: signature.map(|signature| Asking::new(raw, asker, action, signature, day)) }
    }

    /// Why there is nothing in it, where that is known before any path is looked at.
    #[must_use]
    pub fn reason(&self) -> Option<Reason> {
        self.asking.as_ref().err().copied()
    }

    /// The predicate.
    #[must_use]
    pub fn root(&self) -> Pred<'_> {
        match &self.asking {
            Ok(asking) => Pred::allowed(asking),
            Err(_) => Pred::stored(self.raw, Ref::of(reference::FALSE), Part::User),
        }
    }

    /// Whether constants alone tell that there is nothing in it.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.root().folded() == Some(false)
    }

    /// Whether constants alone tell that everything is in it.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.root().folded() == Some(true)
    }
}

impl fmt::Display for Filter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.root().fmt(f)
    }
}
