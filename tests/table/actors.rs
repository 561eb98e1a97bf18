//! Actors whom the table does not name.

use bailiwick_table::{Actor, Decision, Fact, Login, Marks, Party, Reason, RoleId, Target, Value};

use crate::portal::{DAY, Portal, called};

type Done = Result<(), String>;

struct Asked<'a> {
    login: &'a str,
    roles: &'a [&'a str],
    facts: Party<'a>,
}

fn ask(portal: &Portal, asked: &Asked<'_>, action: &str, target: &Target<'_>) -> Result<Decision, String> {
    let roles: Option<Vec<RoleId>> = asked.roles.iter().map(|name| portal.table.role(name)).collect();
    let login = Login::ascii(asked.login).ok_or("not ASCII")?;
    let actor = Actor { login, roles: &roles.ok_or("no such role")?, facts: asked.facts };
    Ok(portal.table.decide_as(&actor, portal.action(action)?, target, DAY))
}

#[test]
fn claims_give_what_their_roles_give() -> Done {
    let portal = Portal::new()?;
    let pupil = Asked { login: "pupil", roles: &["learner"], facts: Party::closed() };
    assert!(ask(&portal, &pupil, "courses.open", &Target::entity(Party::closed()))?.allowed);
    assert!(ask(&portal, &pupil, "goals.edit", &Target::user(called("PUPIL")))?.allowed, "himself");
    assert!(!ask(&portal, &pupil, "goals.edit", &Target::user(called("aino")))?.allowed);
    let nobody = Asked { roles: &[], ..pupil };
    let decision = ask(&portal, &nobody, "courses.open", &Target::entity(Party::closed()))?;
    assert_eq!(decision.reason, Reason::NotGranted);
    Ok(())
}

#[test]
fn who_is_named_cannot_come_as_somebody_else() -> Done {
    let portal = Portal::new()?;
    for login in ["aino", "AINO", "ines", "Kari@ext.example"] {
        let named = Asked { login, roles: &["learner"], facts: Party::closed() };
        let decision = ask(&portal, &named, "courses.open", &Target::entity(Party::closed()))?;
        assert_eq!((decision.allowed, decision.reason), (false, Reason::NamedLogin), "{login}");
    }
    Ok(())
}

#[test]
fn only_roles_by_claim_may_be_presented() -> Done {
    let portal = Portal::new()?;
    let pretender = Asked { login: "x", roles: &["learner", "owner"], facts: Party::closed() };
    let decision = ask(&portal, &pretender, "courses.open", &Target::entity(Party::closed()))?;
    let owner = portal.table.role("owner").ok_or("owner")?;
    assert_eq!((decision.allowed, decision.reason), (false, Reason::NotByClaim(owner)));
    let stranger = Actor { login: Login::ascii("x").ok_or("login")?, roles: &[RoleId(9999)], facts: Party::closed() };
    let target = Target::entity(Party::closed());
    let decision = portal.table.decide_as(&stranger, portal.action("courses.open")?, &target, DAY);
    assert_eq!(decision.reason, Reason::NotByClaim(RoleId(9999)));
    Ok(())
}

#[test]
fn a_role_that_needs_another_counts_with_it_only() -> Done {
    let portal = Portal::new()?;
    let manages = [portal.table.relation("manages").ok_or("relation")?];
    let managed = Party { relations: Marks::Only(&manages), ..Party::closed() };
    let target = Target::both(Party::closed(), managed);
    let alone = Asked { login: "t", roles: &["tutor"], facts: Party::closed() };
    let tutor = portal.table.role("tutor").ok_or("tutor")?;
    assert_eq!(ask(&portal, &alone, "reports.list", &target)?.reason, Reason::UnmetNeed(tutor));
    let with = Asked { roles: &["tutor", "learner"], ..alone };
    assert!(ask(&portal, &with, "reports.list", &target)?.allowed);
    Ok(())
}

#[test]
fn automatic_rules_are_decided_from_the_actors_facts() -> Done {
    let portal = Portal::new()?;
    let table = &portal.table;
    let country = table.attribute("country").ok_or("country")?;
    let south = table.unit("south").ok_or("south")?;
    let keeps = [table.relation("keeps").ok_or("keeps")?];
    let kept = Party { relations: Marks::Only(&keeps), unit: Fact::Known(south), ..Party::closed() };
    let target = Target::entity(kept);
    let known = [(country, Fact::Known(Value::Text("se")))];
    let finn = [(country, Fact::Known(Value::Text("fi")))];
    let outside = Asked { login: "who@ext.example", roles: &[], facts: Party { attributes: &known, ..Party::open() } };
    assert!(ask(&portal, &outside, "courses.open", &target)?.allowed);
    let inside = Asked { login: "who@acme.example", ..outside };
    assert_eq!(ask(&portal, &inside, "courses.open", &target)?.reason, Reason::NotGranted);
    let finnish = Asked { facts: Party { attributes: &finn, ..Party::open() }, ..outside };
    assert_eq!(ask(&portal, &finnish, "courses.open", &target)?.reason, Reason::NotGranted);
    let unsaid = Asked { facts: Party::open(), ..outside };
    let decision = ask(&portal, &unsaid, "courses.open", &target)?;
    assert!(decision.missing().is_some(), "{}", table.explain(decision));
    Ok(())
}

#[test]
fn the_filter_of_claims_has_less_for_want_of_facts() -> Done {
    let portal = Portal::new()?;
    let login = Login::ascii("who@ext.example").ok_or("login")?;
    let open = portal.action("courses.open")?;
    let known = [(portal.table.attribute("country").ok_or("country")?, Fact::Known(Value::Text("se")))];
    let unsaid = Actor { login, roles: &[], facts: Party::open() };
    assert!(portal.table.filter_as(&unsaid, open, DAY).is_nothing());
    let told = Actor { facts: Party { attributes: &known, ..Party::open() }, ..unsaid };
    let filter = portal.table.filter_as(&told, open, DAY).to_string();
    assert_eq!(filter, "in unit south and keeps");
    Ok(())
}
