//! Answers in words, for logs and for people.

use core::fmt;

use crate::describe;
use crate::display::Tight;
use crate::id::{AutomaticId, ForbidId, GrantId, RoleId};
use crate::layout::{row, section};
use crate::lookup;
use crate::name::{Name, Visible};
use crate::node::Ref;
use crate::path::{self, Approach};
use crate::pred::Pred;
use crate::raw::{Days, Raw};
use crate::reason::{Cut, Decision, GrantRef, Missing, Part, Path, Reason, Way};

/// A decision that prints itself: "allowed by `role analyst: allow view reports`".
#[derive(Debug, Clone, Copy)]
pub struct Explained<'t> {
    pub(crate) raw: Raw<'t>,
    pub(crate) decision: Decision,
}

/// The handle of a grant.
pub(crate) fn grant_id(raw: Raw<'_>, grant: GrantRef) -> GrantId {
    match grant.number() {
        Ok(grant) => grant,
        Err((role, action)) => path::first_grant(raw, role, action),
    }
}

/// The statement that a grant comes from.
pub(crate) fn grant_text(raw: Raw<'_>, grant: GrantId) -> Option<&str> {
    if grant.0 >= raw.count(section::GRANTS) {
        return None;
    }
    let [_, _, origin] = raw.record(section::GRANTS, grant.0);
    Some(raw.string(origin))
}

/// The statement that a prohibition comes from.
pub(crate) fn forbid_text(raw: Raw<'_>, forbid: ForbidId) -> Option<&str> {
    if forbid.0 >= raw.count(section::FORBIDS) {
        return None;
    }
    let [_, _, _, _, origin] = raw.record(section::FORBIDS, forbid.0);
    Some(raw.string(origin))
}

/// The statement of the terms with this number, where they have one.
fn terms_text(raw: Raw<'_>, terms: u32) -> Option<&str> {
    let [_, origin] = raw.record(section::TERMS, terms);
    raw.text(origin)
}

/// The statement that an automatic rule comes from.
pub(crate) fn automatic_text(raw: Raw<'_>, rule: AutomaticId) -> Option<&str> {
    if rule.0 >= raw.count(section::AUTOMATIC) {
        return None;
    }
    let [_, _, _, _, terms] = raw.record(section::AUTOMATIC, rule.0);
    terms_text(raw, terms)
}

/// What gave a right to its holder, in words: the statement of an automatic rule, else the role with its fence and days, such as
/// "role clerk on entities in unit north until 2026-12-31".
#[derive(Debug, Clone, Copy)]
pub struct WayText<'t> {
    raw: Raw<'t>,
    approach: Approach,
}

impl<'t> WayText<'t> {
    pub(crate) const fn new(raw: Raw<'t>, approach: Approach) -> Self {
        Self { raw, approach }
    }
}

impl fmt::Display for WayText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { raw, approach } = *self;
        let terms = approach.terms().and_then(|terms| terms_text(raw, terms));
        if let Some(statement) = terms {
            return Visible(statement).fmt(f);
        }
        match describe::role(raw, RoleId(approach.row & row::NUMBER)) {
            Some(role) if role.profile => write!(f, "profile {}", Name(role.name))?,
            Some(role) => write!(f, "role {}", Name(role.name))?,
            None => f.write_str("admin")?,
        }
        let mut joint = " on";
        if approach.entities != Ref::TRUE {
            write!(f, "{joint} entities {}", Tight(Pred::stored(raw, approach.entities, Part::Entity)))?;
            joint = " and";
        }
        if approach.users != Ref::TRUE {
            write!(f, "{joint} users where {}", Tight(Pred::stored(raw, approach.users, Part::User)))?;
        }
        let days = approach.days;
        if days == Days::ALWAYS { Ok(()) } else { write!(f, " {}", Period(days)) }
    }
}

impl fmt::Display for Explained<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let raw = self.raw;
        match self.decision.reason {
            Reason::Granted(path) => write!(f, "allowed by {}", Shown(raw, path)),
            Reason::Forbidden(forbid) => {
                write!(f, "forbidden by `{}`", Visible(forbid_text(raw, forbid).unwrap_or("?")))
            }
            Reason::ForbidUnknown(forbid, missing) => {
                let text = Visible(forbid_text(raw, forbid).unwrap_or("?"));
                write!(f, "denied: whether `{text}` applies depends on {}, which is unknown", Fact(raw, missing))
            }
            Reason::MissingFact(path, missing) => {
                write!(
                    f,
                    "denied: whether {} applies depends on {}, which is unknown",
                    Shown(raw, path),
                    Fact(raw, missing)
                )
            }
            Reason::OutOfScope(path, Cut::Grant) => write!(f, "denied: the target is outside {}", Shown(raw, path)),
            Reason::OutOfScope(path, Cut::Fence) => {
                write!(f, "denied: the target is outside the fence on {}", Shown(raw, path))
            }
            Reason::GateClosed(path) => {
                write!(f, "denied: the actor does not meet the condition of {}", Shown(raw, path))
            }
            Reason::NotInDays(path, days) => write!(f, "denied: {} is valid {}", Shown(raw, path), Period(days)),
            Reason::NotGranted => f.write_str("denied: nothing grants it"),
            Reason::Inactive => f.write_str("denied: the account is inactive"),
            Reason::NotValid(days) => write!(f, "denied: the account is valid {}", Period(days)),
            Reason::PartMissing(part) => write!(f, "denied: the action needs {}", party(part)),
            Reason::PartSuperfluous(part) => write!(f, "denied: the action is not done to {}", party(part)),
            Reason::Contradiction(missing) => {
                write!(f, "denied: {} was given otherwise than the table has it", Fact(raw, missing))
            }
            Reason::NamedLogin => f.write_str("denied: the table names this login, so its rights are the table's"),
            Reason::NotByClaim(role) => {
                write!(
                    f,
                    "denied: the role `{}` may not be presented",
                    Visible(describe::role(raw, role).map_or("?", |r| r.name))
                )
            }
            Reason::UnmetNeed(role) => {
                let name = Visible(describe::role(raw, role).map_or("?", |r| r.name));
                write!(f, "denied: the role `{name}` counts only together with a role that it needs")
            }
            Reason::NoSuchAccount => f.write_str("denied: the table has no such account"),
            Reason::NoSuchAction => f.write_str("denied: the table has no such action"),
        }
    }
}

const fn party(part: Part) -> &'static str {
    match part {
        Part::Actor => "an actor",
        Part::Entity => "an entity",
        Part::User => "a user",
        Part::Account => "an account",
    }
}

/// A path by its grant, and by its way where that says more.
struct Shown<'t>(Raw<'t>, Path);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(raw, path) = *self;
        write!(f, "`{}`", Visible(grant_text(raw, grant_id(raw, path.grant)).unwrap_or("?")))?;
        match path.way {
            Way::Assignment(_) | Way::Presented(_) => Ok(()),
            Way::Automatic(rule) => write!(f, " (`{}`)", Visible(automatic_text(raw, rule).unwrap_or("?"))),
        }
    }
}

/// "the target user's country".
struct Fact<'t>(Raw<'t>, Missing);

impl fmt::Display for Fact<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(raw, missing) = *self;
        let (kind, name) = lookup::fact_words(raw, missing.fact);
        let owner = match missing.part {
            Part::Actor => "actor",
            Part::Entity => "target entity",
            Part::User => "target user",
            Part::Account => "target account",
        };
        write!(f, "the {owner}'s {kind}`{}`", Visible(name))
    }
}

/// "from 2026-01-01 until 2026-12-31".
struct Period(Days);

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Days { from, until } = self.0;
        match (from == i32::MIN, until == i32::MAX) {
            _ if self.0.is_empty() => f.write_str("on no day"),
            (true, true) => f.write_str("on all days"),
            (false, true) => write!(f, "from {}", Date(from)),
            (true, false) => write!(f, "until {}", Date(until)),
            (false, false) => write!(f, "from {} until {}", Date(from), Date(until)),
        }
    }
}

/// A day in the Gregorian calendar.
pub(crate) struct Date(pub(crate) i32);

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil(self.0);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// Year, month and day. The year begins in March here, so that the odd day of a leap year is its last.
const fn civil(days: i32) -> (i64, i64, i64) {
    const ERA: i64 = 146_097;
    let shifted = days as i64 + 719_468;
    let era = shifted.div_euclid(ERA);
    let day_of_era = shifted.rem_euclid(ERA);
    let leaps = day_of_era / 1_460 - day_of_era / 36_524 + day_of_era / 146_096;
    let year_of_era = (day_of_era - leaps) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::civil;

    #[test]
    fn days_are_dates() {
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(-1), (1969, 12, 31));
        assert_eq!(civil(11_016), (2000, 2, 29));
        assert_eq!(civil(20_454), (2026, 1, 1));
        assert_eq!(civil(47_540), (2100, 2, 28));
        assert_eq!(civil(47_541), (2100, 3, 1));
    }
}
