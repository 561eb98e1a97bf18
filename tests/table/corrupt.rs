//! Bytes that are no table: refused with a typed error; and whatever is not refused is answered without a panic.

use std::sync::LazyLock;

use bailiwick_table::layout::header;
use bailiwick_table::{
    AccountId, Actor, AttributeId, Fact, LabelId, LoadError, Login, Marks, Party, Pred, RelationId, RoleId, Shown,
    Table, Target, Truth, UnitId, Value, crc,
};
use proptest::prelude::*;

use crate::portal::{DAY, PORTAL, compiled};

static WHOLE: LazyLock<Result<Vec<u8>, String>> = LazyLock::new(|| compiled(PORTAL).map(|c| c.table().to_vec()));

fn portal() -> Result<Vec<u8>, String> {
    WHOLE.clone()
}

fn refusal(bytes: &[u8]) -> Option<LoadError> {
    Table::from_bytes(bytes).err()
}

#[test]
fn every_truncation_is_refused() -> Result<(), String> {
    let whole = portal()?;
    for length in 0..whole.len() {
        let cut = refusal(&whole[..length]);
        let expected = match length {
            0 => matches!(cut, Some(LoadError::NotATable)),
            _ => matches!(cut, Some(LoadError::CutShort { has, .. }) if has == length as u64),
        };
        assert!(expected, "{length} bytes: {cut:?}");
    }
    let mut longer = whole.clone();
    longer.push(0);
    assert!(matches!(refusal(&longer), Some(LoadError::TooLong { .. })));
    Ok(())
}

#[test]
fn every_flipped_bit_is_refused() -> Result<(), String> {
    let mut bytes = portal()?;
    for at in 0..bytes.len() {
        for bit in [0, 3, 7] {
            bytes[at] ^= 1 << bit;
            assert!(refusal(&bytes).is_some(), "byte {at}, bit {bit}");
            bytes[at] ^= 1 << bit;
        }
    }
    assert_eq!(refusal(&bytes), None);
    Ok(())
}

#[test]
fn refusals_are_told_apart_in_words() -> Result<(), String> {
    let whole = portal()?;
    let words = |bytes: &[u8]| refusal(bytes).map(|e| e.to_string()).unwrap_or_default();
    assert_eq!(words(b"role owner"), "this is not a permission table");
    let total = whole.len();
    assert_eq!(words(&whole[..500]), format!("the table is cut short: 500 of {total} bytes are there"));
    let mut newer = whole.clone();
    newer[header::VERSION] = 3;
    assert_eq!(words(&newer), "the table has format version 3; this reader knows version 2");
    let mut altered = whole.clone();
    altered[total - 20] ^= 1;
    assert_eq!(words(&altered), "the table was altered: its checksum does not match");
    let mut wrong = whole.clone();
    wrong[header::DIRECTORY + 4 * 8] ^= 8;
    assert!(words(&sealed(wrong)).starts_with("the table is malformed: section `attributes`, record 0 lies outside"));
    let mut text = whole.clone();
    text[header::SIZE + 1] = 0xff;
    assert_eq!(words(&sealed(text)), "the table is malformed: section `text`, record 0 is no text");
    Ok(())
}

/// The bytes with a checksum that fits.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.len() >= header::CRC + 4 {
        let sum = crc::of_table(&bytes);
        bytes[header::CRC..header::CRC + 4].copy_from_slice(&sum.to_le_bytes());
    }
    bytes
}

#[test]
fn single_changes_with_a_checksum_that_fits_do_no_harm() -> Result<(), String> {
    let whole = portal()?;
    let mut accepted = 0_u32;
    for at in header::REVISION..whole.len() {
        for value in [0, whole[at].wrapping_add(1), 0xff] {
            let mut bytes = whole.clone();
            bytes[at] = value;
            if let Ok(table) = Table::from_bytes(sealed(bytes)) {
                accepted += 1;
                exercise(&table, at, at % 13 == 0);
            }
        }
    }
    assert!(accepted > 100, "{accepted}");
    Ok(())
}

/// Some word that is likely to lead somewhere.
fn word() -> impl Strategy<Value = u32> {
    prop_oneof![0..64_u32, any::<u32>(), Just(u32::MAX), (0..15_u32, 0..40_u32).prop_map(|(kind, id)| kind << 27 | id)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn several_changes_with_a_checksum_that_fits_do_no_harm(
        changes in prop::collection::vec((any::<prop::sample::Index>(), word()), 1..6)
    ) {
        let mut bytes = portal().map_err(TestCaseError::fail)?;
        for (at, word) in changes {
            let at = header::REVISION + 4 * at.index((bytes.len() - header::REVISION) / 4);
            bytes[at..at + 4].copy_from_slice(&word.to_le_bytes());
        }
        if let Ok(table) = Table::from_bytes(sealed(bytes)) {
            exercise(&table, 0, true);
        }
    }

    #[test]
    fn any_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..2_000), head in any::<bool>()) {
        let mut bytes = bytes;
        if head && bytes.len() >= header::SIZE {
            let whole = portal().map_err(TestCaseError::fail)?;
            bytes[..header::DIRECTORY].copy_from_slice(&whole[..header::DIRECTORY]);
            let total = bytes.len() as u64;
            bytes[header::TOTAL..header::TOTAL + 8].copy_from_slice(&total.to_le_bytes());
        }
        prop_assert!(refusal(&sealed(bytes)).is_some());
    }
}

/// Asks a table everything there is, for effect alone.
fn exercise(table: &Table<Vec<u8>>, turn: usize, thoroughly: bool) {
    let labels = [(LabelId(1), Truth::True), (LabelId(2), Truth::Unknown)];
    let attributes = [
        (AttributeId(4), Fact::Known(Value::Text("fi"))),
        (AttributeId(5), Fact::Known(Value::Choice(1))),
        (AttributeId(6), Fact::Known(Value::Number(3))),
    ];
    let known = Login::ascii("aino").map_or(Fact::Unset, Fact::Known);
    let parties = [
        Party::open(),
        Party { login: known, labels: Marks::Only(&[LabelId(3), LabelId(99)]), ..Party::open() },
        Party {
            unit: Fact::Known(UnitId(2)),
            labels: Marks::Stated(&labels),
            relations: Marks::Only(&[RelationId(0)]),
            roles: Marks::Only(&[RoleId(4)]),
            attributes: &attributes,
            ..Party::closed()
        },
    ];
    let login = Login::ascii("stranger").unwrap_or_else(|| unreachable!("it is ASCII"));
    let stranger = Actor { login, roles: &[RoleId(4), RoleId(8)], facts: parties[2] };
    for action in table.actions() {
        let turns = if thoroughly { 0..parties.len() } else { 0..1 };
        for party in turns.map(|n| parties[(n + turn + action.index()) % parties.len()]) {
            let (entity, user) = (Target::entity(party), Target::user(party));
            for target in [Target::SITE, entity, user, Target::both(party, party), Target::account(party)] {
                for account in table.accounts().chain([AccountId(u32::MAX)]) {
                    let decision = table.decide(account, action, &target, DAY);
                    if thoroughly {
                        let _ = table.explain(decision).to_string();
                    }
                }
                let _ = table.decide_as(&stranger, action, &target, DAY);
            }
        }
        if thoroughly {
            table.accounts().for_each(|account| walk(table.filter(account, action, DAY).root(), &mut 2_000));
            walk(table.filter_as(&stranger, action, DAY).root(), &mut 2_000);
        }
    }
    if thoroughly {
        inspect(table);
    }
}

/// Lists and names everything.
fn inspect(table: &Table<Vec<u8>>) {
    for account in table.accounts() {
        for right in table.rights(account).take(100) {
            walk(right.entities, &mut 1_000);
            walk(right.gate, &mut 1_000);
            let _ = (table.grant_text(table.grant(right.path.grant)), table.way_text(Some(account), right.path.way));
            let _ = right.users.to_string();
        }
        if let Some(known) = table.account_of(account) {
            let _ = (known.signature(), known.given().count(), known.labels().count(), known.unit());
            let _ = table.attributes().map(|attribute| known.attribute(attribute)).last();
        }
    }
    for prohibition in table.prohibitions() {
        let _ = format!("{} {}", prohibition.users, prohibition.unless);
        let _ = table.forbid_text(prohibition.forbid);
    }
    let _ = table.roles().map(|role| (table.role_of(role), table.role_rights(role).count())).last();
    let _ = table.labels().map(|label| (table.label_path(label), table.label_range(label))).last();
    let _ = table.actions().map(|action| table.action_of(action)).last();
    let _ = (table.platform(), table.features().count(), table.label("fi"), table.role("owner"), table.unit("north"));
}

/// Walks a predicate, at most so far.
fn walk(pred: Pred<'_>, left: &mut u32) {
    if *left == 0 {
        return;
    }
    *left -= 1;
    match pred.shown() {
        Shown::All | Shown::Nothing | Shown::Test(..) => {}
        Shown::Not(inner) => walk(inner, left),
        Shown::And(children) | Shown::Or(children) => children.for_each(|child| walk(child, left)),
    }
}
