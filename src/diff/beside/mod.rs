//! What a change does beside the rights of accounts: protections that are gone, new ways to more rights, seats.

mod escalations;
mod protections;
mod seats;

use super::change::Beside;
use super::tables::compare::Comparison;
use super::transition::Transition;
use super::{Dependencies, change::Edit};
use crate::diagnostic::Finding;

/// All of it, and what could not be decided.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) beside: Vec<Beside>,
    pub(super) undecided: Vec<Finding>,
}

/// What a change does beside the rights. Of compiled tables alone only prohibitions are known.
pub(super) fn beside(
    compared: &mut Comparison<'_>,
    transition: Option<&Transition<'_>>,
    causes: Option<&Dependencies<'_>>,
    edits: &[Edit],
) -> Found {
    let mut found = Found::default();
    protections::lost(compared, causes, edits, &mut found);
    protections::assertions(&compared.rights.view.joint, edits, &mut found);
    if let Some(transition) = transition {
        escalations::opened(transition, causes, &mut found);
        seats::seats(transition, &mut found);
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::diff::change::{Beside, Diff, Risk, What};
    use crate::diff::testing::Written;
    use crate::diff::{Options, diff};

    const OLD: &str = "platform p { super none }\nresponsible \"council\"\nlint BW203 off\nlint BW504 off\nlint BW502 off\n\
        attribute country { fi, se }\n\
        tier reader covers view *\ntier all covers *\n\
        resource accounts on account { view show; write edit; destroy remove; become login_as }\n\
        resource money { write pay }\nrole boss tier all { allow accounts.show }\nrole clerk { allow accounts.show }\n\
        role payer { allow money.pay }\nrole helper { allow accounts.show, accounts.login_as }\n\
        quota at most 2 role clerk soft price 9.50 EUR\n\
        forbid accounts.edit, accounts.remove on users in holders of boss unless self\n\
        never holders of clerk can accounts.edit\n\
        admin ann { role boss; country fi }\nadmin bo { role clerk; country se }\nadmin cy { role clerk; country fi }\n\
        admin pat { role helper }\n";
    const FORBID: &str = "forbid accounts.edit, accounts.remove on users in holders of boss unless self";

    fn compared(new: &str) -> Diff {
        let (old, new) = (Written::new(&[("p.bw", OLD)]), Written::new(&[("p.bw", new)]));
        let options = Options { at: Some(20_600), ..Options::default() };
        diff(&old.side(), &new.side(), &options).unwrap_or_else(|why| panic!("{why}"))
    }

    fn beside(from: &str, to: &str) -> Vec<Beside> {
        assert_eq!(OLD.matches(from).count(), 1, "{from}");
        let found = compared(&OLD.replace(from, to));
        assert_eq!(found.incomparable, None);
        for one in &found.beside {
            assert!(one.what == What::Seats || !one.causes.is_empty(), "no cause: {one:?}");
        }
        found.beside
    }

    fn of(what: What, from: &str, to: &str) -> Vec<(Risk, String)> {
        beside(from, to).into_iter().filter(|it| it.what == what).map(|it| (it.risk, it.text)).collect()
    }

    #[test]
    fn a_protection_is_lost_though_nobody_gains() {
        let lost = of(What::Protection, FORBID, "");
        let wanted = format!(
            "`{FORBID}` no longer takes away `accounts.edit` and `accounts.remove`, \
             for example on `account {{ login \"ann\" }}`"
        );
        assert_eq!(lost, [(Risk::High, wanted)]);
        assert!(compared(&OLD.replace(FORBID, "")).changes.is_empty());
        let half = of(What::Protection, FORBID, &FORBID.replace(", accounts.remove", ""));
        assert!(half.len() == 1 && half[0].1.contains("no longer takes away `accounts.remove`,"), "{half:?}");
    }

    #[test]
    fn a_protection_that_others_cover_is_not_lost() {
        let parts = "forbid accounts.edit on users in holders of boss unless self\n\
                     forbid accounts.remove on users in holders of boss";
        assert_eq!(of(What::Protection, FORBID, parts), []);
        assert_eq!(of(What::Protection, FORBID, "forbid accounts unless self"), []);
    }

    #[test]
    fn a_protection_from_some_accounts_is_lost_to_them() {
        let exempt = of(What::Protection, FORBID, &FORBID.replace("unless self", "unless self, holders of clerk"));
        assert_eq!(exempt.len(), 1, "{exempt:?}");
        assert!(exempt[0].1.contains("for example from `bo` on `account { login \"ann\" }`"), "{exempt:?}");
        // Whoever stops to be protected because it is no boss any more has lost nothing of the statement.
        assert_eq!(of(What::Protection, "admin ann { role boss;", "admin ann { role clerk;"), []);
    }

    #[test]
    fn an_assertion_that_goes_is_told_and_one_that_says_more_is_not() {
        let never = "never holders of clerk can accounts.edit";
        let gone = of(What::Protection, never, "");
        assert_eq!(gone, [(Risk::High, format!("`{never}` is asserted no longer"))]);
        assert_eq!(of(What::Protection, never, "never holders of clerk can accounts.edit, accounts.remove"), []);
        let other = of(What::Protection, never, "never holders of payer can accounts.edit");
        assert_eq!(other.len(), 1, "{other:?}");
        assert!(other[0].1.ends_with("but `never holders of payer can accounts.edit`"), "{other:?}");
    }

    #[test]
    fn seats_are_counted_and_priced() {
        let more = "admin pat { role helper; role clerk }";
        let beyond = "role `clerk`: 3 of 2 seats instead of 2 of 2; 1 beyond the limit instead of none, \
                      for 9.50 EUR instead of nothing";
        assert_eq!(of(What::Seats, "admin pat { role helper }", more), [(Risk::Medium, beyond.to_owned())]);
        let limit = of(What::Seats, "quota at most 2", "quota at most 1");
        let lowered = "role `clerk`: 2 of 1 seat instead of 2 of 2; the limit is lowered; 1 beyond the limit \
                       instead of none, for 9.50 EUR instead of nothing";
        assert_eq!(limit, [(Risk::Medium, lowered.to_owned())]);
        let freed = of(What::Seats, "admin cy { role clerk;", "admin cy { role clerk; inactive;");
        assert_eq!(freed, [(Risk::Low, "role `clerk`: 1 of 2 seats instead of 2 of 2".to_owned())]);
        assert_eq!(of(What::Seats, "admin cy { role clerk;", "admin cy { role clerk; role payer;"), []);
        let gone = of(What::Seats, "quota at most 2 role clerk soft price 9.50 EUR", "");
        assert_eq!(gone, [(Risk::Low, "role `clerk`: no limit any more, instead of 2 of 2 seats".to_owned())]);
    }

    #[test]
    fn the_causes_of_seats_are_the_quota_and_who_came_or_went() {
        let new = OLD.replace("at most 2", "at most 3").replace("role helper }\n", "role helper; role clerk }\n");
        let found = compared(&new);
        let seats: Vec<&Beside> = found.beside.iter().filter(|it| it.what == What::Seats).collect();
        assert_eq!(seats.len(), 1, "{:?}", found.beside);
        let within: Vec<&str> = seats[0].causes.iter().map(|cause| found.edits[*cause].within.as_str()).collect();
        assert_eq!(within, ["quota", "admin pat"]);
    }

    #[test]
    fn a_chain_of_somebody_whose_rights_change_is_told_too() {
        let new = OLD.replace("admin cy { role clerk;", "admin cy { role clerk; role helper;");
        let new = new.replace("admin bo { role clerk;", "admin bo { role clerk; role payer;");
        let found = compared(&new);
        let chains: Vec<&str> =
            found.beside.iter().filter(|it| it.what == What::Escalation).map(|it| it.text.as_str()).collect();
        assert_eq!(chains.len(), 1, "{chains:?}");
        assert!(chains[0].starts_with("`cy` could come to `money.pay`"), "{chains:?}");
        // Whoever gains nothing by itself is told of by the finding.
        assert_eq!(found.findings.iter().filter(|f| f.code.0 == "BWT11").count(), 1, "{:?}", found.findings);
    }
}
