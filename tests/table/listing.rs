//! Listings of rights: disjoint rectangles that together say what decisions say.

use bailiwick_table::{Fact, Given, Marks, Part, Party, Pred, Shown, Table, Target, Test, Truth, Value};

use crate::portal::{DAY, Portal};

type Done = Result<(), String>;

#[test]
fn the_rows_of_an_account_are_in_words() -> Done {
    let portal = Portal::new()?;
    let table = &portal.table;
    let rows: Vec<String> = table
        .rights(portal.account("aino")?)
        .map(|right| {
            let action = table.action_of(right.action).map_or("?", |a| a.path);
            format!("{action}: {} | {}", right.entities, right.users)
        })
        .collect();
    assert_eq!(
        rows,
        [
            "reports.list: in unit north | country is fi",
            "reports.open: in unit north and not labelled mandatory and not labelled cee | country is fi",
            "reports.open: in unit north and labelled mandatory and not labelled cee | country is fi and not (department starts \
             with \"sales\" and level at least 3)",
            "reports.open: in unit north and not labelled mandatory and labelled cee | country is fi and not manages",
            "reports.open: in unit north and labelled mandatory and labelled cee | country is fi and not (department starts \
             with \"sales\" and level at least 3) and not manages",
            "accounts.change: own unit | own unit",
            "accounts.show: own unit | own unit",
            "courses.edit: in own unit | *",
            "courses.open: in own unit | *",
            "goals.edit: * | own unit",
        ]
    );
    Ok(())
}

/// What a made-up target is, in the few facts that the policy's reports depend on.
#[derive(Debug, Clone, Copy)]
struct Made {
    unit: &'static str,
    label: Option<&'static str>,
    country: &'static str,
    seller: bool,
    managed: bool,
}

fn made() -> Vec<Made> {
    let mut all = vec![];
    for unit in ["helsinki", "north", "south"] {
        for label in [None, Some("mandatory"), Some("pl"), Some("fi")] {
            for country in ["fi", "se"] {
                for (seller, managed) in [(false, false), (true, false), (false, true), (true, true)] {
                    all.push(Made { unit, label, country, seller, managed });
                }
            }
        }
    }
    all
}

#[test]
fn every_target_is_in_one_rectangle_or_none() -> Done {
    let portal = Portal::new()?;
    let table = &portal.table;
    let open = portal.action("reports.open")?;
    for login in ["aino", "olli", "juha", "maria"] {
        let account = portal.account(login)?;
        let mut counts = [0, 0];
        for made in made() {
            let hits = table.rights(account).filter(|right| right.action == open && right.days.contains(DAY));
            let hits: Vec<_> =
                hits.filter(|right| holds(table, right.entities, made) && holds(table, right.users, made)).collect();
            let allowed = decide(&portal, login, made)?;
            assert_eq!(hits.len(), usize::from(allowed), "{login} {made:?}");
            counts[usize::from(allowed)] += 1;
        }
        assert!(counts[1] > 0 || login == "juha", "{login}: {counts:?}");
    }
    Ok(())
}

fn decide(portal: &Portal, login: &str, made: Made) -> Result<bool, String> {
    let table = &portal.table;
    let label = made.label.and_then(|name| table.label(name));
    let relation = table.relation("manages").filter(|_| made.managed);
    let attribute = |name: &str| table.attribute(name).ok_or("attribute");
    let attributes = [
        (attribute("country")?, Fact::Known(Value::Text(made.country))),
        (attribute("department")?, if made.seller { Fact::Known(Value::Text("sales")) } else { Fact::Absent }),
        (attribute("level")?, Fact::Known(Value::Number(9))),
    ];
    let entity = Party {
        unit: table.unit(made.unit).map_or(Fact::Absent, Fact::Known),
        labels: Marks::Only(label.as_slice()),
        ..Party::closed()
    };
    let user = Party { attributes: &attributes, relations: Marks::Only(relation.as_slice()), ..Party::closed() };
    let (account, action) = (portal.account(login)?, portal.action("reports.open")?);
    Ok(table.decide(account, action, &Target::both(entity, user), DAY).allowed)
}

/// The predicate by hand, with no word of the evaluator.
fn holds(table: &Table<Vec<u8>>, pred: Pred<'_>, made: Made) -> bool {
    match pred.shown() {
        Shown::All => true,
        Shown::Nothing => false,
        Shown::And(mut children) => children.all(|child| holds(table, child, made)),
        Shown::Or(mut children) => children.any(|child| holds(table, child, made)),
        Shown::Not(inner) => !holds(table, inner, made),
        Shown::Test(part, test) => match (part, test) {
            (Part::Entity, Test::Unit(unit)) => {
                let own = table.unit(made.unit);
                own.is_some_and(|own| table.unit_range(unit).contains(&own.0))
            }
            (Part::Entity, Test::Label(label)) => {
                let own = made.label.and_then(|name| table.label(name));
                own.is_some_and(|own| table.label_range(label).contains(&own.0))
            }
            (Part::Entity, Test::Is(..)) => false,
            (Part::User, Test::Is(_, value)) => value == Value::Choice(0) && made.country == "fi",
            (Part::User, Test::StartsWith(..)) => made.seller,
            (Part::User, Test::AtLeast(_, least)) => least <= 9,
            (Part::User, Test::Relation(_)) => made.managed,
            other => panic!("the policy does not ask for {other:?}"),
        },
    }
}

#[test]
fn what_a_role_gives_is_listed_without_fences() -> Done {
    let portal = Portal::new()?;
    let table = &portal.table;
    let role = table.role("north_clerk").ok_or("role")?;
    let rows: Vec<String> = table.role_rights(role).map(|r| format!("{} | {}", r.entities, r.users)).collect();
    assert_eq!(rows.len(), 5);
    assert!(rows.iter().all(|row| row.starts_with("in unit north") && row.contains("country is fi")), "{rows:?}");
    Ok(())
}

#[test]
fn prohibitions_are_listed_by_action() -> Done {
    let portal = Portal::new()?;
    let table = &portal.table;
    let rows: Vec<String> = table
        .prohibitions()
        .map(|p| {
            let action = table.action_of(p.action).map_or("?", |a| a.path);
            format!("{action}: {} | {} | {} | {}", p.entities, p.users, p.actors, p.unless)
        })
        .collect();
    assert_eq!(
        rows,
        [
            "accounts.login_as: * | holders of owner | * | self",
            "courses.edit: labelled cee | * | * | nothing",
            "site.configure: * | * | * | unit acme only",
        ]
    );
    Ok(())
}

#[test]
fn the_row_of_an_account_says_who_it_is() -> Done {
    let portal = Portal::new()?;
    let table = &portal.table;
    let of = |login| table.account_of(portal.account(login)?).ok_or("account".to_owned());
    let aino = of("aino")?;
    assert_eq!((aino.login(), aino.signature()), ("aino", "Aino Virtanen"));
    assert_eq!(of("olli")?.signature(), "Administrator");
    assert_eq!(aino.unit().and_then(|u| table.unit_path(u)), Some("acme.north.helsinki"));
    let labels: Vec<_> = aino.labels().filter_map(|l| table.label_path(l)).collect();
    assert_eq!(labels, ["mandatory", "region.nordics.fi"]);
    let id = table.attribute("id").ok_or("id")?;
    assert_eq!(aino.attribute(id), Fact::Known(Value::Text("E-1")));
    let tier = |login| of(login).map(|a| a.tier().and_then(|t| table.tier_name(t)));
    assert_eq!((tier("maria")?, tier("olli")?), (Some("admin"), Some("admin")));
    assert_eq!(of("juha")?.valid().until, DAY + 364);
    assert!(!of("ines")?.is_active() && of("ines")?.assignment_count() == 0);
    let given: Vec<_> = of("ines")?.given().map(|(what, days)| (what, days.from)).collect();
    let [boss, chief] = ["boss", "chief"].map(|name| table.role(name).map(Given::Role));
    assert_eq!(given, [(boss.ok_or("boss")?, DAY + 365), (chief.ok_or("chief")?, i32::MIN)]);
    Ok(())
}

#[test]
fn truth_has_three_values() {
    assert_eq!((Truth::from(true), Truth::from(false)), (Truth::True, Truth::False));
}
