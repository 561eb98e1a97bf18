//! Who is in a group, bears a label, is in a unit, and holds a role.

use super::eval::Case;
use super::facts::{Fact, Mode, Party, Who};
use super::policy::{Admin, Condition, Marks, Node, Period, Policy, Role, Test, Values};
use super::truth::Truth::{False, True, Unknown};
use super::truth::{Truth, all, any, from};

impl Case<'_> {
    pub(super) fn in_group(&self, name: &str, party: &Party<'_>, mode: Mode) -> Truth {
        let group = self.policy.groups.iter().find(|g| g.name == name);
        group.map_or(False, |g| self.satisfies(&g.condition, party, mode))
    }

    pub(super) fn satisfies(&self, condition: &Condition, party: &Party<'_>, mode: Mode) -> Truth {
        match condition {
            Condition::And(parts) => all(parts.iter().map(|c| self.satisfies(c, party, mode))),
            Condition::Or(parts) => any(parts.iter().map(|c| self.satisfies(c, party, mode))),
            Condition::Not(part) => self.satisfies(part, party, mode).not(),
            Condition::Group(name) => self.in_group(name, party, mode),
            Condition::Unit { unit, only: false } => in_unit(self.policy, party, unit),
            Condition::Unit { unit, only: true } => party.unit.test(|own| own == unit),
            Condition::Labelled(label) => labelled(self.policy, party, label),
            Condition::Holders(role) => self.holds(party, role, mode),
            Condition::Attribute { attribute, test, negated } => {
                let truth = self.attribute(attribute, test, party);
                if *negated { truth.not() } else { truth }
            }
        }
    }

    /// "An absent attribute fails every positive test. A value outside a closed attribute is unknown. Text compares exactly";
    /// logins folded.
    fn attribute(&self, name: &str, test: &Test, party: &Party<'_>) -> Truth {
        let values = self.policy.attributes.iter().find(|a| a.name == name).map_or(&Values::Text, |a| &a.values);
        let fold = |constant: &String| if name == "login" { constant.to_lowercase() } else { constant.clone() };
        let value = match party.attribute(name) {
            Fact::Known(value) => value,
            Fact::Absent => return False,
            Fact::Unknown => return Unknown,
        };
        let possible = match values {
            Values::Closed(all) => all.contains(&value),
            Values::Flag => value == "true" || value == "false",
            Values::Number => value.parse::<i64>().is_ok(),
            Values::Text => true,
        };
        if !possible {
            return Unknown;
        }
        let number = value.parse::<i64>().ok();
        from(match test {
            Test::Is(constant) => value == fold(constant),
            Test::In(constants) => constants.iter().any(|c| value == fold(c)),
            Test::Set => true,
            Test::StartsWith(constant) => value.starts_with(&fold(constant)),
            Test::EndsWith(constant) => value.ends_with(&fold(constant)),
            Test::Contains(constant) => value.contains(&fold(constant)),
            Test::AtLeast(constant) => number.is_some_and(|n| n >= *constant),
            Test::AtMost(constant) => number.is_some_and(|n| n <= *constant),
        })
    }

    /// "Holds R means R itself was given, directly, through the profile or by an automatic rule." A rule has no dates: whoever is in
    /// its group holds the role.
    pub(super) fn holds(&self, party: &Party<'_>, role: &str, mode: Mode) -> Truth {
        let rules = self.policy.automatic.iter().filter(|rule| rule.role == role);
        let automatic = any(rules.map(|rule| self.in_users(&rule.users, party, mode)));
        self.given(party, role, mode).or(automatic)
    }

    /// Whether the role was given to the account, or is presented by it.
    pub(super) fn given(&self, party: &Party<'_>, role: &str, mode: Mode) -> Truth {
        match party.who {
            Who::Named(admin) => {
                let mut of_role = admin.assignments.iter().filter(|a| a.role == role);
                from(of_role.any(|a| self.counts(admin, meet(admin.valid, a.period), mode)))
            }
            Who::Unnamed => {
                let declared = self.policy.roles.iter().find(|r| r.name == role);
                declared.map_or(False, |r| self.presents(party, r))
            }
            // An open target without a login may be an account of the policy.
            Who::Anybody => Unknown,
        }
    }

    /// "As an actor an account counts when it is active and the assignment valid now. As a target inactive and future holders count
    /// too, expired ones do not."
    /// Who never comes to hold it, because the days of account and assignment do not meet, is no future holder.
    fn counts(&self, admin: &Admin, days: Period, mode: Mode) -> bool {
        let ever = days.from.zip(days.until).is_none_or(|(from, until)| from <= until);
        match mode {
            Mode::Actor => !admin.inactive && self.now(days),
            Mode::Target => ever && days.until.is_none_or(|d| self.question.day <= d),
        }
    }

    /// Whether an unnamed account bears a role: "only a role marked `by claim` may be presented"; "`needs role R` is met by R or by
    /// a role that extends it, here among the presented roles".
    pub(super) fn presents(&self, party: &Party<'_>, role: &Role) -> Truth {
        if !role.by_claim {
            return False;
        }
        let claims = || self.policy.roles.iter().filter(|r| r.by_claim);
        let met =
            |need: &String| any(claims().filter(|r| self.is_or_extends(r, need)).map(|r| party.presents(&r.name)));
        party.presents(&role.name).and(all(role.needs.iter().map(met)))
    }

    fn is_or_extends(&self, role: &Role, other: &str) -> bool {
        let extended = |name: &str| self.policy.roles.iter().find(|r| r.name == name);
        role.name == *other
            || role.extends.iter().any(|e| extended(&e.role).is_some_and(|r| self.is_or_extends(r, other)))
    }
}

/// The days in both periods.
fn meet(a: Period, b: Period) -> Period {
    let until = a.until.iter().chain(&b.until).min().copied();
    Period { from: a.from.max(b.from), until }
}

/// "Being in `helsinki` counts as being in `north`." "What has no unit is reached by no unit scope."
pub(super) fn in_unit(policy: &Policy, party: &Party<'_>, unit: &str) -> Truth {
    party.unit.test(|own| at_or_below(&policy.units, own, unit))
}

/// "Bearing `fi` counts as bearing its ancestor `nordics`": who is said to bear the one bears the other, and who is said not to bear
/// the other does not bear the one. "What bears no label is reached by no label scope."
pub(super) fn labelled(policy: &Policy, party: &Party<'_>, label: &str) -> Truth {
    let below = |l: &str| at_or_below(&policy.labels, l, label);
    let above = |l: &str| at_or_below(&policy.labels, label, l);
    let unsaid = if party.closed { False } else { Unknown };
    let told = match party.labels.as_ref() {
        Marks::Nothing => return unsaid,
        Marks::Only(labels) => return from(labels.iter().any(|l| below(l))),
        Marks::Each(told) => told,
    };
    let said = |truth, of: &dyn Fn(&str) -> bool| told.iter().any(|(l, t)| *t == truth && of(l));
    match (said(True, &below), said(False, &above), said(Unknown, &below)) {
        (true, false, _) => True,
        (false, true, _) => False,
        (false, false, false) => unsaid,
        _ => Unknown,
    }
}

fn at_or_below(forest: &[Node], node: &str, ancestor: &str) -> bool {
    let parent = forest.iter().find(|n| n.name == node).and_then(|n| n.parent.as_deref());
    node == ancestor || parent.is_some_and(|p| at_or_below(forest, p, ancestor))
}
