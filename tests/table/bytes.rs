//! The bytes: the same policy gives the same ones, and not too many of them.

use std::fmt::Write as _;

use bailiwick_table::{Login, Table};
use proptest::prelude::*;

use crate::portal::{PORTAL, compiled};

#[test]
fn the_order_of_declarations_does_not_matter() -> Result<(), String> {
    let first = compiled(PORTAL)?.table().to_vec();
    // Tiers stand together, lowest first.
    let (tiers, mut rest): (Vec<&str>, Vec<&str>) = PORTAL.split("\n\n").partition(|d| d.trim().starts_with("tier"));
    for turn in 1..rest.len() {
        rest.rotate_left(turn);
        let shuffled = format!("{}\n\n\n{}\n", rest.join("\n\n"), tiers.join("\n\n"));
        assert_eq!(compiled(&shuffled)?.table(), first, "turned by {turn}");
    }
    Ok(())
}

#[test]
fn comments_and_layout_do_not_matter() -> Result<(), String> {
    let commented = format!("// a comment\n{}", PORTAL.replace('\n', "\n // another\n"));
    assert_eq!(compiled(&commented)?.table(), compiled(PORTAL)?.table());
    Ok(())
}

#[test]
fn the_map_has_a_place_for_every_record() -> Result<(), String> {
    let compiled = compiled(PORTAL)?;
    let sources = bailiwick::source::SourceMap::single("portal.bw", PORTAL);
    let map = serde_json::to_value(compiled.sidecar(&sources)).map_err(|e| e.to_string())?;
    let table = Table::from_bytes(compiled.table()).map_err(|e| e.to_string())?;
    let digest: String = table.digest().iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(map["digest"], digest.as_str());
    let line_of = |text: &str| PORTAL.lines().position(|l| l.contains(text)).map_or(0, |n| n + 1);
    let forbid = line_of("forbid courses.edit");
    let forbids: Vec<&str> = map["forbids"].as_array().into_iter().flatten().filter_map(|f| f.as_str()).collect();
    assert_eq!((forbids.len(), forbids[1]), (3, format!("portal.bw:{forbid}:1").as_str()));
    for account in table.accounts() {
        let known = table.account_of(account).ok_or("account")?;
        let places = map["accounts"][known.login()].as_array().map_or(0, Vec::len);
        assert_eq!(places, known.assignment_count() as usize, "{}", known.login());
    }
    let grants = map["grants"].as_array().map_or(0, Vec::len);
    let mut used = vec![false; grants];
    for account in table.accounts() {
        for right in table.rights(account) {
            used[table.grant(right.path.grant).index()] = true;
        }
    }
    assert!(used.iter().filter(|u| **u).count() > 20, "{used:?}");
    Ok(())
}

/// A directory of people: two or three roles each, most of them scoped.
fn directory(people: usize) -> String {
    let mut text = String::from("platform p { super none }\nresponsible \"Board\"\nresource pages on entity {");
    for page in 0..40 {
        let _ = write!(text, "\n view page{page}");
    }
    text.push_str("\n}\nunit all {");
    for unit in 0..50 {
        let _ = write!(text, " u{unit}{}", if unit < 49 { "," } else { "" });
    }
    text.push_str(" }\n");
    for role in 0..20 {
        let _ = writeln!(text, "role r{role} {{ allow pages.page{role}, pages.page{} }}", role + 20);
    }
    for person in 0..people {
        let _ = write!(text, "admin user{:06} {{", person * 7919 % 1_000_000);
        for way in 0..2 + person % 2 {
            let role = (person * 31 + way * 7) % 20;
            let _ = write!(text, " role r{role} on entities in unit u{};", (person * 17 + way * 11) % 50);
        }
        text.push_str(" }\n");
    }
    text
}

#[test]
fn an_account_takes_less_than_92_bytes() -> Result<(), String> {
    let (small, large) = (compiled(&directory(200))?, compiled(&directory(2_200))?);
    let each = (large.table().len() - small.table().len()) / 2_000;
    assert!(each <= 92, "{each} bytes an account");
    let table = Table::from_bytes(large.table()).map_err(|e| e.to_string())?;
    for person in 0..2_200 {
        let login = format!("USER{:06}", person * 7919 % 1_000_000);
        let account = Login::ascii(&login).and_then(|l| table.account(l)).and_then(|a| table.account_of(a));
        assert_eq!(account.map(|a| a.login().to_owned()), Some(login.to_lowercase()));
    }
    Ok(())
}

proptest! {
    /// What the compiler stores can be asked for, and what it would fold cannot pass for somebody else.
    #[test]
    fn logins_are_folded_before_they_are_looked_up(login in "\\PC{1,12}") {
        let folded = bailiwick::text::fold_login(&login);
        prop_assert!(Login::folded(&folded).is_some(), "{login:?} folds to {folded:?}");
        if login.is_ascii() {
            prop_assert_eq!(Login::ascii(&login), Login::folded(&folded));
        }
    }
}

#[test]
fn every_character_that_folds_is_noticed() {
    let mut passed = vec![];
    for c in ('\0'..=char::MAX).filter(|c| !c.is_ascii()) {
        let text = c.to_string();
        let folded = bailiwick::text::fold_login(&text);
        // A capital of a newer Unicode than the compiler folds by; its bearer is refused until the compiler knows it too.
        let newer = folded == text && !c.to_lowercase().eq([c]);
        assert!(newer || Login::folded(&folded).is_some(), "{c:?} folds to {folded:?}");
        if folded != text && Login::folded(&text).is_some() {
            passed.push(c);
        }
    }
    // What is left passes because composing changes it, not folding: that cannot be told without tables.
    let composed = |c: &char| bailiwick::text::nfc(&c.to_string()) != c.to_string();
    let unnoticed: String = passed.into_iter().filter(|c| !composed(c)).collect();
    assert_eq!(unnoticed, "");
}
