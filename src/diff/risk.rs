//! How grave a change is: by its direction, the gravest kind among its actions, its reach, and the tier that it leads to.

use bailiwick_table::Kind;

use super::change::Risk;

/// How far a change reaches.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Reach {
    /// On everything that there is.
    pub(super) everything: bool,
    /// On somebody who holds the super role.
    pub(super) over_super: bool,
    /// A tier that somebody gains who was of a lower one or of none, and whether it is the highest.
    pub(super) tier: Option<(String, bool)>,
}

/// The class of a change, and why it is that one. `kinds` are those of its actions.
pub(super) fn risk(more: bool, kinds: &[Kind], reach: &Reach) -> (Risk, String) {
    if !more {
        return (Risk::Low, "less than before".to_owned());
    }
    let gravest = kinds.iter().copied().max_by_key(|kind| weight(*kind)).unwrap_or(Kind::View);
    let (risk, why) = match gravest {
        Kind::Become if reach.over_super => (Risk::Critical, "takes over a holder of the super role"),
        Kind::Become if reach.everything => (Risk::Critical, "takes over any account"),
        Kind::Become => (Risk::High, "takes over accounts"),
        Kind::Assign => (Risk::High, "gives rights to others"),
        Kind::Destroy if reach.over_super => (Risk::Critical, "destroys what a holder of the super role has"),
        Kind::Destroy => (Risk::High, "destroys what it reaches"),
        Kind::Write if reach.over_super => (Risk::High, "alters a holder of the super role"),
        Kind::Write if reach.everything => (Risk::High, "alters everything"),
        Kind::Write => (Risk::Medium, "alters a part"),
        Kind::View if reach.everything => (Risk::Medium, "shows everything"),
        Kind::View => (Risk::Low, "shows a part"),
    };
    match &reach.tier {
        Some((tier, true)) if risk < Risk::Critical => (Risk::Critical, format!("leads to the highest tier, `{tier}`")),
        Some((tier, false)) if risk < Risk::High => (Risk::High, format!("leads to a higher tier, `{tier}`")),
        _ => (risk, why.to_owned()),
    }
}

const fn weight(kind: Kind) -> u8 {
    match kind {
        Kind::View => 0,
        Kind::Write => 1,
        Kind::Destroy => 2,
        Kind::Assign => 3,
        Kind::Become => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_right_over_an_owner_is_not_a_new_view() {
        let over = Reach { over_super: true, ..Reach::default() };
        assert_eq!(risk(true, &[Kind::View], &Reach::default()).0, Risk::Low);
        assert_eq!(risk(true, &[Kind::View, Kind::Become], &over).0, Risk::Critical);
        assert_eq!(risk(false, &[Kind::Become], &over).0, Risk::Low);
        let tier = Reach { tier: Some(("owner".to_owned(), true)), ..Reach::default() };
        assert_eq!(risk(true, &[Kind::View], &tier).0, Risk::Critical);
    }
}
