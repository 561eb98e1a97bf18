//! Decisions of accounts that the table names: every reason there is.

use bailiwick_table::{AccountId, ActionId, Fact, Marks, Party, Reason, Target, Value};

use crate::portal::{DAY, Portal, called};

type Done = Result<(), String>;

#[test]
fn a_right_names_its_statement() -> Done {
    let portal = Portal::new()?;
    let words = portal.ask("MARIA", "site.delete", &Target::SITE, DAY)?;
    assert_eq!(words, "allowed by `role owner: allow site.delete`");
    Ok(())
}

#[test]
fn nothing_grants_what_nobody_gave() -> Done {
    let portal = Portal::new()?;
    assert_eq!(portal.ask("aino", "site.delete", &Target::SITE, DAY)?, "denied: nothing grants it");
    Ok(())
}

#[test]
fn the_fence_and_the_grant_are_told_apart() -> Done {
    let portal = Portal::new()?;
    let south = Party { unit: Fact::Known(portal.table.unit("south").ok_or("unit")?), ..Party::closed() };
    let helsinki = Party { unit: Fact::Known(portal.table.unit("helsinki").ok_or("unit")?), ..Party::closed() };
    let [country, level] = ["country", "level"].map(|name| portal.table.attribute(name));
    let (country, level) = (country.ok_or("country")?, level.ok_or("level")?);
    let fi = [(country, Fact::Known(Value::Text("fi")))];
    let se = [(country, Fact::Known(Value::Text("se"))), (level, Fact::Known(Value::Number(1)))];
    let finn = Party { attributes: &fi, ..Party::closed() };
    let swede = Party { attributes: &se, ..Party::closed() };
    let ask = |entity, user| portal.ask("aino", "reports.open", &Target::both(entity, user), DAY);
    let grant = "`role clerk: allow reports.list, reports.open on users in finland`";
    assert_eq!(ask(south, finn)?, format!("denied: the target is outside the fence on {grant}"));
    assert_eq!(ask(helsinki, swede)?, format!("denied: the target is outside {grant}"));
    assert_eq!(ask(helsinki, finn)?, format!("allowed by {grant}"));
    Ok(())
}

#[test]
fn a_missing_fact_is_named() -> Done {
    let portal = Portal::new()?;
    let open = Party::open();
    let words = portal.ask("aino", "goals.edit", &Target::user(open), DAY)?;
    assert_eq!(
        words,
        "denied: whether `role local: allow courses, accounts.show, accounts.change, goals` applies depends on the target \
         user's `unit`, which is unknown"
    );
    let words = portal.ask("olli", "courses.open", &Target::entity(open), DAY)?;
    assert!(words.contains("depends on the target entity's relation `keeps`, which is unknown"), "{words}");
    Ok(())
}

#[test]
fn a_hole_is_taken_out_of_both_parts_at_once() -> Done {
    let portal = Portal::new()?;
    let table = &portal.table;
    let north = table.unit("north").ok_or("unit")?;
    let mandatory = [table.label("mandatory").ok_or("label")?];
    let fi = (table.attribute("country").ok_or("country")?, Fact::Known(Value::Text("fi")));
    let sales = [
        fi,
        (table.attribute("department").ok_or("department")?, Fact::Known(Value::Text("sales, north"))),
        (table.attribute("level").ok_or("level")?, Fact::Known(Value::Number(3))),
    ];
    let plain = Party { unit: Fact::Known(north), ..Party::closed() };
    let marked = Party { labels: Marks::Only(&mandatory), ..plain };
    let finn = Party { attributes: &sales[..1], ..Party::closed() };
    let seller = Party { attributes: &sales, ..Party::closed() };
    let (account, open) = (portal.account("olli")?, portal.action("reports.open")?);
    let allowed = |entity, user| table.decide(account, open, &Target::both(entity, user), DAY).allowed;
    assert!(allowed(plain, seller) && allowed(marked, finn) && allowed(plain, finn));
    assert!(!allowed(marked, seller), "both parts of the exception hold");
    let unsure = Party { labels: Marks::Unset, closed: false, ..plain };
    assert!(!allowed(unsure, seller), "whether it is mandatory is unknown");
    assert!(allowed(plain, Party { attributes: &sales, ..Party::closed() }), "no label, no hole");
    Ok(())
}

#[test]
fn prohibitions_are_final_and_never_lifted_by_an_unknown() -> Done {
    let portal = Portal::new()?;
    let words = portal.ask("ines", "accounts.login_as", &Target::account(called("maria")), DAY)?;
    assert_eq!(words, "denied: the account is inactive");
    let words = portal.ask("maria", "accounts.login_as", &Target::account(called("Maria")), DAY)?;
    assert!(words.starts_with("allowed"), "unless self: {words}");
    let words = portal.ask("maria", "accounts.login_as", &Target::account(Party::open()), DAY)?;
    assert!(
        words.contains("`forbid become accounts on users in holders of owner unless self` applies depends on"),
        "{words}"
    );
    let cee = [portal.table.label("pl").ok_or("label")?];
    let polish = Party { labels: Marks::Only(&cee), ..Party::closed() };
    let words = portal.ask("maria", "courses.edit", &Target::entity(polish), DAY)?;
    assert_eq!(words, "forbidden by `forbid courses.edit on entities labelled cee`");
    Ok(())
}

#[test]
fn site_wide_actions_need_a_way_without_a_fence() -> Done {
    let portal = Portal::new()?;
    let words = portal.ask("emma", "site.configure", &Target::SITE, DAY)?;
    assert_eq!(words, "denied: the target is outside the fence on `role chief: allow site.configure`");
    let words = portal.ask("juha", "site.configure", &Target::SITE, DAY)?;
    assert_eq!(words, "forbidden by `forbid site.configure unless users in top`");
    Ok(())
}

#[test]
fn gates_and_days_are_reasons() -> Done {
    let portal = Portal::new()?;
    let words = portal.ask("juha", "courses.edit", &Target::entity(Party::closed()), DAY)?;
    assert_eq!(
        words,
        "denied: the actor does not meet the condition of `role chief: allow courses.edit when actor in top`"
    );
    let ask = |day| portal.ask("juha", "goals.edit", &Target::user(Party::closed()), day);
    assert_eq!(ask(DAY)?, "allowed by `role chief: allow goals.edit until 2026-06-30`");
    assert_eq!(ask(DAY + 200)?, "denied: `role chief: allow goals.edit until 2026-06-30` is valid until 2026-06-30");
    assert_eq!(ask(DAY + 365)?, "denied: the account is valid until 2026-12-31");
    let kept = portal.table.relation("keeps").ok_or("relation")?;
    let mine = Party { relations: Marks::Only(&[kept]), ..Party::closed() };
    let ask = |day| portal.ask("olli", "courses.open", &Target::entity(mine), day);
    assert!(ask(DAY + 89)?.starts_with("allowed"), "the last day counts");
    assert_eq!(ask(DAY + 90)?, "denied: `role keeper: allow courses on entities keeps` is valid until 2026-03-31");
    Ok(())
}

#[test]
fn a_target_has_exactly_the_parts_of_the_signature() -> Done {
    let portal = Portal::new()?;
    let party = Party::closed;
    for (action, target, expected) in [
        ("reports.open", Target::entity(party()), "denied: the action needs a user"),
        ("reports.open", Target::SITE, "denied: the action needs an entity"),
        ("goals.edit", Target::both(party(), party()), "denied: the action is not done to an entity"),
        ("accounts.show", Target::user(party()), "denied: the action needs an account"),
        ("courses.open", Target::account(party()), "denied: the action is not done to an account"),
        ("site.delete", Target::entity(party()), "denied: the action is not done to an entity"),
    ] {
        assert_eq!(portal.ask("maria", action, &target, DAY)?, expected, "{action}");
    }
    Ok(())
}

#[test]
fn handles_of_another_table_deny() -> Done {
    let portal = Portal::new()?;
    let (account, action) = (portal.account("maria")?, portal.action("site.delete")?);
    for wrong in [7, 8, 1000, u32::MAX - 1, u32::MAX] {
        let decision = portal.table.decide(AccountId(wrong), action, &Target::SITE, DAY);
        assert_eq!((decision.allowed, decision.reason), (false, Reason::NoSuchAccount));
    }
    for wrong in [100, u32::MAX] {
        let decision = portal.table.decide(account, ActionId(wrong), &Target::SITE, DAY);
        assert_eq!((decision.allowed, decision.reason), (false, Reason::NoSuchAction));
    }
    Ok(())
}
