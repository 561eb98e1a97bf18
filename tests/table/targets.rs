//! Targets that the table names, targets that it does not, and states before and after a change.

use bailiwick_table::{Decision, Fact, LabelId, Login, Marks, Party, Reason, Target, Truth, Value};

use crate::portal::{DAY, Portal, called};

type Done = Result<(), String>;

fn show(portal: &Portal, party: Party<'_>) -> Result<Decision, String> {
    let (account, action) = (portal.account("aino")?, portal.action("accounts.show")?);
    Ok(portal.table.decide(account, action, &Target::account(party), DAY))
}

#[test]
fn the_table_knows_the_accounts_that_it_names() -> Done {
    let portal = Portal::new()?;
    assert!(show(&portal, called("AINO"))?.allowed, "in her own unit is herself");
    assert!(!show(&portal, called("olli"))?.allowed, "in oulu");
    let open = Party { closed: false, ..called("olli") };
    assert_eq!(show(&portal, open)?.missing(), None, "nothing is unknown of him");
    assert!(show(&portal, Party::open())?.missing().is_some(), "of others it is");
    Ok(())
}

#[test]
fn a_contradiction_denies() -> Done {
    let portal = Portal::new()?;
    let table = &portal.table;
    let unit = |name| table.unit(name).ok_or("unit");
    let country = table.attribute("country").ok_or("country")?;
    let [fi, mandatory, se] = ["fi", "mandatory", "se"].map(|name| table.label(name));
    let (fi, mandatory, se) = (fi.ok_or("fi")?, mandatory.ok_or("mandatory")?, se.ok_or("se")?);
    let aino = called("aino");
    let known = |text| [(country, Fact::Known(Value::Text(text)))];
    let local = table.role("local").ok_or("role")?;
    let clerk = table.role("clerk").ok_or("role")?;
    for (same, party) in [
        (true, Party { unit: Fact::Known(unit("helsinki")?), ..aino }),
        (false, Party { unit: Fact::Known(unit("oulu")?), ..aino }),
        (false, Party { unit: Fact::Absent, ..aino }),
        (true, Party { unit: Fact::Unknown, ..aino }),
        (true, Party { id: Fact::Known("E-1"), ..aino }),
        (false, Party { id: Fact::Known("e-1"), ..aino }),
        (true, Party { attributes: &known("fi"), ..aino }),
        (false, Party { attributes: &known("se"), ..aino }),
        (false, Party { attributes: &known("elsewhere"), ..aino }),
        (false, Party { attributes: &[(country, Fact::Absent)], ..aino }),
        (true, Party { labels: Marks::Only(&[mandatory, fi, fi]), ..aino }),
        (false, Party { labels: Marks::Only(&[fi]), ..aino }),
        (false, Party { labels: Marks::Only(&[fi, mandatory, se]), ..aino }),
        (true, Party { labels: Marks::Stated(&[(fi, Truth::True), (se, Truth::False)]), ..aino }),
        (false, Party { labels: Marks::Stated(&[(se, Truth::True)]), ..aino }),
        (true, Party { roles: Marks::Only(&[clerk, local]), ..aino }),
        (false, Party { roles: Marks::Only(&[clerk]), ..aino }),
        (false, Party { roles: Marks::Stated(&[(clerk, Truth::False)]), ..aino }),
    ] {
        let decision = show(&portal, party)?;
        let contradicts = matches!(decision.reason, Reason::Contradiction(_));
        assert_eq!((decision.allowed, contradicts), (same, !same), "{party:?}: {}", table.explain(decision));
    }
    Ok(())
}

#[test]
fn labels_count_for_those_above_them() -> Done {
    let portal = Portal::new()?;
    let table = &portal.table;
    let [fi, nordics, pl] = ["fi", "region.nordics", "pl"].map(|name| table.label(name));
    let (fi, nordics, pl) = (fi.ok_or("fi")?, nordics.ok_or("nordics")?, pl.ok_or("pl")?);
    let (emma, edit) = (portal.account("emma")?, portal.action("courses.edit")?);
    let decide = |labels: Marks<'_, LabelId>| {
        let target = Target::entity(Party { labels, ..Party::open() });
        let decision = table.decide(emma, edit, &target, DAY);
        match decision.missing() {
            Some(_) => Truth::Unknown,
            None => Truth::from(decision.allowed),
        }
    };
    // Her fence is `fi`, and `cee` is forbidden.
    assert_eq!(decide(Marks::Only(&[fi])), Truth::True);
    assert_eq!(decide(Marks::Only(&[nordics])), Truth::False, "the one above is not enough");
    assert_eq!(decide(Marks::Only(&[fi, pl])), Truth::False, "`pl` is below `cee`");
    assert_eq!(decide(Marks::Stated(&[(fi, Truth::True)])), Truth::Unknown, "perhaps in cee");
    assert_eq!(decide(Marks::Stated(&[(nordics, Truth::False)])), Truth::False, "then not `fi` either");
    let contradictory = [(fi, Truth::True), (nordics, Truth::False)];
    assert_eq!(decide(Marks::Stated(&contradictory)), Truth::Unknown, "that cannot be");
    Ok(())
}

#[test]
fn a_change_needs_both_states() -> Done {
    let portal = Portal::new()?;
    let table = &portal.table;
    let (aino, change) = (portal.account("aino")?, portal.action("accounts.change")?);
    let helsinki = table.unit("helsinki").ok_or("unit")?;
    let oulu = table.unit("oulu").ok_or("unit")?;
    let after = |unit| Target::account(Party { unit: Fact::Known(unit), ..called("aino") });
    let before = Target::account(called("aino"));
    assert!(table.decide_change(aino, change, (&before, &after(helsinki)), DAY).allowed);
    let moved = table.decide_change(aino, change, (&before, &after(oulu)), DAY);
    assert!(!moved.allowed && matches!(moved.reason, Reason::OutOfScope(..)), "{}", table.explain(moved));
    let other = Target::account(called("olli"));
    assert!(!table.decide_change(aino, change, (&other, &before), DAY).allowed, "not hers before");
    Ok(())
}

#[test]
fn self_is_the_account_that_asks() -> Done {
    let portal = Portal::new()?;
    let (kari, edit) = (portal.account("kari@ext.example")?, portal.action("goals.edit")?);
    let allowed = |party| portal.table.decide(kari, edit, &Target::user(party), DAY);
    assert!(allowed(called("Kari@EXT.example")).allowed);
    assert!(!allowed(called("aino")).allowed && !allowed(called("nobody")).allowed);
    assert!(!allowed(Party::closed()).allowed && allowed(Party::closed()).missing().is_none());
    assert!(allowed(Party::open()).missing().is_some());
    assert!(allowed(Party { login: Fact::Absent, ..Party::open() }).missing().is_none());
    Ok(())
}

#[test]
fn the_login_of_an_entity_names_nobody() -> Done {
    let portal = Portal::new()?;
    let (maria, edit) = (portal.account("maria")?, portal.action("courses.edit")?);
    let login = Login::ascii("aino").map_or(Fact::Unset, Fact::Known);
    let party = Party { login, unit: Fact::Absent, ..Party::closed() };
    assert!(portal.table.decide(maria, edit, &Target::entity(party), DAY).allowed, "no contradiction with the account");
    Ok(())
}
