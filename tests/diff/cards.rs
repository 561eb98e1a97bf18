//! Units that stand in the cards of accounts, compared: a list has no number, so its units decide and not its place.

use bailiwick::diff::tables::compare::compare;

use crate::oracle::generate::FIRST_DAY;
use crate::written::Written;

const PLACE: &str = "platform acme { super none }
responsible \"Works council\"
resource resources on entity { write edit }
unit acme { a, b, c, d }
role clerk { allow resources.edit }
role editor { allow resources.edit }
";

/// The logins of the accounts that differ, with the statements of their rights.
fn differing(fences: [&str; 2]) -> Vec<String> {
    let [old, new] = fences.map(|admins| Written::new("p.bw", &format!("{PLACE}{admins}")).expect("a policy"));
    let tables = [old.loaded().expect("a table"), new.loaded().expect("a table")];
    let found = compare([&tables[0], &tables[1]], &[], FIRST_DAY - 1);
    let differs =
        |index| found.differences.iter().any(|d| d.who == bailiwick::diff::tables::compare::Who::Account(index));
    let pairs = found.pairs.iter().enumerate().filter(|(index, _)| differs(*index));
    pairs.map(|(_, pair)| pair.login.clone()).collect()
}

/// An account whose many lists stand in its card and in chunks behind it.
fn many(unit: &str) -> String {
    let roles = ["clerk", "editor"].map(|role| {
        let lists = ["a", "a, in unit b", "a, in unit c", "a, in unit b, in unit c", "b, in unit c"]
            .map(|units| format!("role {role} on entities in unit {units}\n"));
        lists.concat()
    });
    format!("admin jo {{\n{}role clerk on entities in unit a, in unit {unit}\n}}\n", roles.concat())
}

#[test]
fn lists_at_one_place_are_told_apart() {
    let ann = |units: &str| {
        format!(
            "admin ann {{ role clerk on entities in unit {units} }}\nadmin ben {{ role clerk on entities in unit a, in unit c }}\n"
        )
    };
    assert_eq!(differing([&ann("a, in unit b"), &ann("a, in unit d")]), ["ann"]);
    assert_eq!(differing([&ann("a"), &ann("d")]), ["ann"]);
    assert_eq!(differing([&ann("a, in unit b"), &ann("b, in unit a")]), [""; 0]);
    assert_eq!(differing([&many("b"), &many("d")]), ["jo"]);
    assert_eq!(differing([&many("b"), &many("b")]), [""; 0]);
}

#[test]
fn a_block_that_moves_is_no_change() {
    let longer = format!("admin abe {{ id \"E-1\"; role clerk }}\n{}", many("b"));
    assert_eq!(differing([&many("b"), &longer]), ["abe"]);
}
