//! Filters in words, with what the actor decides folded away.

use bailiwick_table::{Part, Pred, Shown, Test};

use crate::portal::{DAY, Portal};

type Done = Result<(), String>;

#[test]
fn filters_read_as_policies_do() -> Done {
    let portal = Portal::new()?;
    for (login, action, expected) in [
        ("maria", "site.delete", "*"),
        ("aino", "site.delete", "nothing"),
        ("ines", "courses.open", "nothing"),
        ("maria", "courses.open", "*"),
        ("maria", "courses.edit", "not labelled cee"),
        ("aino", "courses.open", "in unit helsinki"),
        ("aino", "courses.edit", "in unit helsinki and not labelled cee"),
        ("aino", "goals.edit", "unit helsinki"),
        ("aino", "accounts.show", "unit helsinki"),
        ("emma", "courses.edit", "labelled fi and not labelled cee"),
        ("juha", "courses.edit", "nothing"),
        ("juha", "site.configure", "nothing"),
        ("kari@ext.example", "goals.edit", "login is \"kari@ext.example\""),
        ("kari@ext.example", "courses.open", "*"),
        ("juha", "reports.open", "entities where id \"gdpr\""),
        ("maria", "accounts.login_as", "not (holders of owner and login is not \"maria\")"),
    ] {
        let filter = portal.table.filter(portal.account(login)?, portal.action(action)?, DAY);
        assert_eq!(filter.to_string(), expected, "{login} {action}");
        assert_eq!(filter.is_nothing(), expected == "nothing", "{login} {action}");
        assert_eq!(filter.is_everything(), expected == "*", "{login} {action}");
    }
    Ok(())
}

#[test]
fn both_parties_of_a_target_say_so() -> Done {
    let portal = Portal::new()?;
    let filter = portal.table.filter(portal.account("aino")?, portal.action("reports.open")?, DAY).to_string();
    assert_eq!(
        filter,
        "entities where in unit north and users where country is fi and not (entities where labelled mandatory and users \
         where (department starts with \"sales\" and level at least 3)) and not (entities where labelled cee and users where \
         manages)"
    );
    Ok(())
}

#[test]
fn a_filter_can_be_walked() -> Done {
    let portal = Portal::new()?;
    let filter = portal.table.filter(portal.account("emma")?, portal.action("courses.edit")?, DAY);
    let mut tests = vec![];
    collect(filter.root(), true, &mut tests);
    let [fi, cee] = ["fi", "cee"].map(|name| portal.table.label(name));
    let expected = [(true, fi.ok_or("fi")?), (false, cee.ok_or("cee")?)];
    assert_eq!(tests, expected.map(|(positive, label)| (positive, Part::Entity, Test::Label(label))));
    Ok(())
}

fn collect<'p>(pred: Pred<'p>, positive: bool, tests: &mut Vec<(bool, Part, Test<'p>)>) {
    match pred.shown() {
        Shown::All | Shown::Nothing => {}
        Shown::And(children) | Shown::Or(children) => children.for_each(|child| collect(child, positive, tests)),
        Shown::Not(inner) => collect(inner, !positive, tests),
        Shown::Test(part, test) => tests.push((positive, part, test)),
    }
}

#[test]
fn a_filter_that_cannot_be_says_why() -> Done {
    let portal = Portal::new()?;
    let filter = portal.table.filter(portal.account("ines")?, portal.action("courses.open")?, DAY);
    assert_eq!(filter.reason(), Some(bailiwick_table::Reason::Inactive));
    Ok(())
}
