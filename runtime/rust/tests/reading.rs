//! The reader by itself: a table that the compiler wrote, and no compiler.

use bailiwick_table::{
    AccountId, ActionId, Actor, Decision, Fact, LoadError, Login, Marks, Party, Reason, Signature, Table, Target,
    UnitId, Value,
};

static OFFICE: &[u8] = include_bytes!("data/office.table");
/// 2026-01-01.
const DAY: i32 = 20_454;

type Office = Table<&'static [u8]>;

fn office() -> Result<Office, LoadError> {
    Table::from_bytes(OFFICE)
}

fn open_report(table: &Office, login: &str, country: &str, entity: Party<'_>) -> Option<Decision> {
    let account = table.account(Login::ascii(login)?)?;
    let attributes = [(table.attribute("country")?, Fact::Known(table.value(table.attribute("country")?, country)?))];
    let user = Party { attributes: &attributes, ..Party::open() };
    Some(table.decide(account, table.action("reports.open")?, &Target::both(entity, user), DAY))
}

#[test]
fn decisions_need_no_compiler() -> Result<(), LoadError> {
    let table = office()?;
    let unit = |path: &str| table.unit(path).map_or(Fact::Unknown, Fact::Known);
    let within = Party { unit: unit("sales.export"), ..Party::open() };
    let without = Party { unit: unit("labs"), ..Party::open() };
    let allowed = |country, entity| open_report(&table, "Aino", country, entity).map(|d| d.allowed);
    assert_eq!(allowed("fi", within), Some(true));
    assert_eq!(allowed("se", within), Some(false));
    assert_eq!(allowed("fi", without), Some(false));
    assert_eq!(allowed("elsewhere", within), Some(false), "a value outside the attribute is unknown");
    Ok(())
}

#[test]
fn names_lead_to_handles_and_back() -> Result<(), LoadError> {
    let table = office()?;
    assert_eq!(table.platform(), Some("office"));
    for action in table.actions() {
        let known = table.action_of(action);
        assert_eq!(known.and_then(|a| table.action(a.path)), Some(action));
    }
    for role in table.roles() {
        assert_eq!(table.role_of(role).and_then(|r| table.role(r.name)), Some(role));
    }
    for unit in table.units() {
        assert_eq!(table.unit_path(unit).and_then(|path| table.unit(path)), Some(unit));
    }
    for label in table.labels() {
        assert_eq!(table.label_path(label).and_then(|path| table.label(path)), Some(label));
    }
    for account in table.accounts() {
        let login = table.account_of(account).map(|a| a.login());
        assert_eq!(login.and_then(Login::folded).and_then(|l| table.account(l)), Some(account));
    }
    assert_eq!(table.unit("inland"), table.unit("company.sales.inland"));
    assert_eq!((table.unit("and"), table.unit(""), table.unit("sales.labs")), (None, None, None));
    assert_eq!(table.role_of(table.role("lead").unwrap_or(bailiwick_table::RoleId(0))).map(|r| r.by_claim), Some(true));
    let signatures: Vec<Signature> = table
        .actions()
        .filter_map(|a| table.action_of(a))
        .filter(|a| a.assigns.is_none())
        .map(|a| a.signature)
        .collect();
    assert_eq!(signatures, [Signature::Account, Signature::Account, Signature::Both, Signature::Site]);
    Ok(())
}

#[test]
fn ways_are_told_in_words() -> Result<(), LoadError> {
    let table = office()?;
    let account = Login::ascii("aino").and_then(|l| table.account(l));
    let mut ways: Vec<String> = account
        .into_iter()
        .flat_map(|aino| table.rights(aino).map(move |right| (aino, right.path.way)).collect::<Vec<_>>())
        .filter_map(|(aino, way)| table.way_text(Some(aino), way).map(|text| text.to_string()))
        .collect();
    ways.dedup();
    assert_eq!(ways, ["role analyst on entities in unit sales", "users in finland hold lead"]);
    Ok(())
}

#[test]
fn claims_and_rules_decide_for_strangers() -> Result<(), LoadError> {
    let table = office()?;
    let (Some(action), Some(lead), Some(manages), Some(country), Some(login)) = (
        table.action("reports.open"),
        table.role("lead"),
        table.relation("manages"),
        table.attribute("country"),
        Login::ascii("stranger"),
    ) else {
        panic!("the sample has them all");
    };
    let relations = [manages];
    let managed = Party { relations: Marks::Only(&relations), ..Party::closed() };
    let target = Target::both(Party::closed(), managed);
    let claims = Actor { login, roles: &[lead], facts: Party::closed() };
    assert!(table.decide_as(&claims, action, &target, DAY).allowed);
    let nobody = Actor { roles: &[], ..claims };
    assert_eq!(table.decide_as(&nobody, action, &target, DAY).reason, Reason::NotGranted);
    let attributes = [(country, Fact::Known(Value::Text("fi")))];
    let finn = Actor { facts: Party { attributes: &attributes, ..Party::closed() }, ..nobody };
    assert!(table.decide_as(&finn, action, &target, DAY).allowed, "by rule");
    Ok(())
}

#[test]
fn bytes_that_are_no_table_are_refused() {
    assert_eq!(Table::from_bytes(b"").err(), Some(LoadError::NotATable));
    assert_eq!(Table::from_bytes(b"PK\x03\x04").err(), Some(LoadError::NotATable));
    for length in 1..OFFICE.len() {
        assert!(matches!(Table::from_bytes(&OFFICE[..length]).err(), Some(LoadError::CutShort { .. })), "{length}");
    }
    let mut altered = OFFICE.to_vec();
    for at in 0..altered.len() {
        altered[at] ^= 0x10;
        assert!(Table::from_bytes(&altered).is_err(), "byte {at}");
        altered[at] ^= 0x10;
    }
}

/// Every account, action and place of the sample, on days inside and outside of what is dated.
fn everything(table: &Office) -> Vec<(AccountId, ActionId, Target<'static>, i32)> {
    let places =
        table.units().map(Fact::Known).chain([Fact::Unset, Fact::Absent, Fact::Unknown, Fact::Known(UnitId(999))]);
    let parties: Vec<Option<Party<'static>>> = places
        .flat_map(|unit| [Party { unit, ..Party::open() }, Party { unit, ..Party::closed() }])
        .map(Some)
        .chain([None])
        .collect();
    let mut all = vec![];
    for account in table.accounts().chain([AccountId(u32::MAX)]) {
        for action in table.actions().chain([ActionId(u32::MAX)]) {
            for one in &parties {
                for other in &parties {
                    let targets = [
                        Target { entity: *one, user: *other, account: None },
                        Target { entity: None, user: None, account: *one },
                    ];
                    for (target, day) in targets.into_iter().zip([DAY, DAY + 40_000]) {
                        all.extend([(account, action, target, day), (account, action, target, DAY)]);
                    }
                }
            }
        }
    }
    all
}

#[test]
fn the_quick_way_and_the_general_one_agree() -> Result<(), LoadError> {
    let table = office()?;
    let all = everything(&table);
    let mut allowed = 0;
    for (account, action, target, day) in &all {
        // A change from a state to itself is decided in the general way.
        let general = table.decide_change(*account, *action, (target, target), *day);
        assert_eq!(table.decide(*account, *action, target, *day), general, "{account:?} {action:?} {target:?}");
        allowed += usize::from(general.allowed);
    }
    assert!(allowed > 100 && all.len() - allowed > 100, "{allowed} of {}", all.len());
    Ok(())
}

#[test]
fn many_are_decided_as_each() -> Result<(), LoadError> {
    let table = office()?;
    let all: Vec<_> = everything(&table).into_iter().filter(|(_, _, _, day)| *day == DAY).collect();
    let pairs: Vec<(AccountId, ActionId)> = all.iter().map(|(account, action, _, _)| (*account, *action)).collect();
    let mut told = 0;
    table.decide_many(
        &pairs,
        DAY,
        |number| all[number].2,
        |number, decision| {
            assert_eq!(number, told);
            let (account, action, target, day) = &all[number];
            assert_eq!(decision, table.decide(*account, *action, target, *day));
            told += 1;
        },
    );
    assert_eq!(told, all.len());
    Ok(())
}
