//! Limits: at them a table is written and read, beyond them the policy is refused with the limit's name.

use std::fmt::Write as _;

use bailiwick_table::{Fact, Marks, Party, Target};

use crate::portal::{DAY, Portal, compiled};

const HEAD: &str = "platform p { super none }\nresponsible \"Board\"\nattribute level number\n";

/// Groups on top of one another, each so many conditions deeper than the one before.
fn nested(groups: usize, each: usize) -> String {
    let mut text = format!("{HEAD}resource goals on user {{ write edit }}\ngroup g0 = level at least 0\n");
    for group in 1..=groups {
        let mut condition = format!("g{}", group - 1);
        for step in 0..each {
            let deeper = group * each + step;
            let joint = if deeper.is_multiple_of(2) { "and" } else { "or" };
            condition = format!("level is {deeper} {joint} ({condition})");
        }
        let _ = writeln!(text, "group g{group} = {condition}");
    }
    let _ = writeln!(text, "role r {{ allow goals.edit on users in g{groups} }}\nadmin a {{ role r }}");
    text
}

#[test]
fn conditions_may_nest_two_hundred_deep() -> Result<(), String> {
    let portal = Portal::of(&nested(100, 2))?;
    let level = portal.table.attribute("level").ok_or("level")?;
    let ask = move || {
        let attributes = [(level, Fact::Known(bailiwick_table::Value::Number(-1)))];
        let target = Target::user(Party { attributes: &attributes, ..Party::closed() });
        let asked = portal.ask("a", "goals.edit", &target, DAY);
        let filter = portal.table.filter(portal.account("a")?, portal.action("goals.edit")?, DAY).to_string();
        asked.map(|words| (words, filter.len()))
    };
    // A small stack holds it all the same.
    let small = std::thread::Builder::new().stack_size(512 * 1024).spawn(ask).map_err(|e| e.to_string())?;
    let (words, length) = small.join().map_err(|_| "the stack overflowed")??;
    assert!(words.starts_with("denied: the target is outside"), "{words}");
    assert!(length > 2_000, "{length}");
    Ok(())
}

#[test]
fn deeper_conditions_are_refused() {
    let refused = compiled(&nested(67, 3)).err().unwrap_or_default();
    assert!(refused.contains("conditions nested in one another, but a table holds at most 200"), "{refused}");
}

fn holes(count: usize) -> String {
    let mut text = format!("{HEAD}label x {{");
    for n in 0..count {
        let _ = write!(text, "{}l{n}", if n == 0 { " " } else { ", " });
    }
    text.push_str(" }\nresource reports on entity, user { view open }\nrole r {\n  allow reports.open\n");
    for n in 0..count {
        let _ = writeln!(text, "  except reports.open on users in self and entities labelled l{n}");
    }
    text.push_str("}\nadmin a { role r }\n");
    text
}

#[test]
fn sixteen_rectangles_may_be_taken_out_of_one_grant() -> Result<(), String> {
    let portal = Portal::of(&holes(16))?;
    let (account, open) = (portal.account("a")?, portal.action("reports.open")?);
    let labels: Vec<_> = portal.table.labels().collect();
    let allowed = |login: &str, label: usize| {
        let entity = Party { labels: Marks::Only(&labels[label..=label]), ..Party::closed() };
        let user = crate::portal::called(login);
        portal.table.decide(account, open, &Target::both(entity, user), DAY).allowed
    };
    assert!(allowed("b", 5) && allowed("a", 0) && !allowed("a", 5));
    assert_eq!(portal.table.rights(account).count(), 1 << 16);
    let refused = compiled(&holes(17)).err().unwrap_or_default();
    assert!(refused.contains("has 17"), "{refused}");
    Ok(())
}

#[test]
fn a_condition_that_unfolds_beyond_measure_is_refused() {
    let mut text = format!("{HEAD}resource goals on user {{ write edit }}\ngroup g0 = level is 0 and level is 1\n");
    for n in 1..=21 {
        let (joint, m) = (if n % 2 == 0 { "and" } else { "or" }, n - 1);
        let _ = writeln!(text, "group h{n} = level is {} {joint} g{m}\ngroup g{n} = g{m} {joint} h{n}", n + 1);
        let _ = writeln!(text, "group k{n} = not g{n}");
    }
    // Each level has the one before twice, under joints that do not merge.
    let text = text.replace("group h", "group x");
    let text = text.replace(" h", " x");
    let ends = "role r { allow goals.edit on users in g21 }\nadmin a { role r }\n";
    let outcome = compiled(&format!("{text}{ends}"));
    assert!(outcome.is_ok(), "merged joints stay small: {:?}", outcome.err());
    let mut doubled = format!("{HEAD}resource goals on user {{ write edit }}\ngroup g0 = level is 0 and level is 1\n");
    for n in 1..=21 {
        let m = n - 1;
        let _ = writeln!(doubled, "group x{n} = (level is {} or g{m}) and (level is {} or g{m})", 2 * n, 2 * n + 1);
        let _ = writeln!(doubled, "group g{n} = x{n}");
    }
    let refused = compiled(&format!("{doubled}{ends}")).err().unwrap_or_default();
    assert!(refused.contains("tests in one condition, but a table holds at most 1048576"), "{refused}");
}
