//! Tables of people: they mean what blocks would, and what is wrong in them is told by row and column.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use assert_cmd::cargo::cargo_bin;
use bailiwick::diagnostic::Finding;
use bailiwick::query::account_rows;
use bailiwick::source::{Source, SourceMap};
use bailiwick::{Options, Outcome, compile};
use bailiwick_table::{Login, Table};
use proptest::prelude::*;

const POLICY: &str = "platform shop { super none }
resource books on entity { view list; write edit }
attribute country { fi, se }
attribute department text
attribute level number
attribute remote flag
label region { fi, se }
unit shop { helsinki, turku }
role clerk { allow books.list }
role manager { allow books }
profile regional spare { allow books.list on entities labelled region }
responsible \"Works council\"
lint BW103 off
";

fn with_table(policy: &str, table: &str) -> (SourceMap, Outcome) {
    let policy = format!("{policy}admins from \"people.csv\"\n");
    let sources = SourceMap::new(vec![Source::new("shop.bw", policy), Source::people("people.csv", table)]);
    let outcome = compile(&sources, &Options { at: Some(20_600), ..Options::default() });
    (sources, outcome)
}

fn bytes(outcome: &Outcome) -> &[u8] {
    outcome.compiled.as_ref().unwrap_or_else(|| panic!("{:?}", outcome.findings)).table()
}

// R001-26, R004-02: names, addresses and numbers, in a block or from an export
#[test]
fn a_table_means_what_blocks_mean() {
    let table = "login,name,email,phone,id,photo,unit,labels,profile,roles,scope,country,department,level,remote,active,from,until\n\
        kim,Kim Ö,kim@shop.example,+358 40 1,E-1,kim.jpg,helsinki,\"fi, region.se\",regional until 2030-12-31,\
        clerk; \"\"not me\"\",,fi,Sales & more,-3,true,yes,2020-01-01,\n";
    let table =
        table.replace("clerk; \"\"not me\"\"", "\"clerk on entities id \"\"b1\"\"; manager reason \"\"a; b\"\"\"");
    let table = table + "pat,,,,,,,,,clerk,entities in unit turku,,,,,no,,2031-01-01\n";
    let blocks = "admin kim \"Kim Ö\" {
  email kim@shop.example; phone +358 40 1; id E-1; photo kim.jpg; unit helsinki; labels fi, region.se
  country fi; department Sales & more; level -3; remote true; valid from 2020-01-01
  profile regional until 2030-12-31
  role clerk on entities id b1
  role manager reason \"a; b\"
}
admin pat { role clerk; scope entities in unit turku; inactive; valid until 2031-01-01 }
";
    let (_, tabled) = with_table(POLICY, &table);
    let written = compile(&SourceMap::single("shop.bw", &format!("{POLICY}{blocks}")), &Options::default());
    assert!(bytes(&tabled) == bytes(&written), "the table and the blocks compile to different bytes");
    let model = |outcome: &Outcome| format!("{:?}", outcome.compiled.as_ref().map(|c| c.model().accounts.len()));
    assert_eq!(model(&tabled), model(&written));
}

#[test]
fn the_order_of_rows_and_columns_means_nothing() {
    let (_, one) = with_table(POLICY, "login,roles\nbo,clerk\nAnn,manager; clerk\nzoe,manager\nkim,clerk\n");
    let (_, other) = with_table(POLICY, "roles,login\nmanager,zoe\n\"clerk, manager\",Ann\nclerk,kim\nclerk,bo\n");
    assert!(bytes(&one) == bytes(&other));
}

#[test]
fn a_table_and_blocks_make_one_list() {
    let policy = format!(
        "{POLICY}admin mid {{ role clerk }}\ntest \"who\" {{\n  zoe can books.edit on entity {{}}\n  mid cannot books.edit on entity {{}}\n}}\n"
    );
    let (_, outcome) = with_table(&policy, "login,roles\nzoe,manager\nann,clerk\n");
    let compiled = outcome.compiled.unwrap_or_else(|| panic!("{:?}", outcome.findings));
    let logins: Vec<&str> = compiled.model().accounts.iter().map(|a| a.login.as_str()).collect();
    assert_eq!(logins, ["ann", "mid", "zoe"]);
    let report = bailiwick::query::run_tests(&compiled, 20_600);
    assert_eq!((report.lines, report.failures.len()), (2, 0));
}

/// The row, the column and the cell that a finding names, and what stands at its place.
fn place<'a>(finding: &'a Finding, sources: &'a SourceMap) -> (&'a str, String, &'a str) {
    let span = finding.span().expect("a place");
    (finding.notes.first().map_or("", String::as_str), sources.locate(span).to_string(), sources.text(span))
}

#[test]
fn a_mistake_is_told_by_row_and_column() {
    let table = "login,roles,country\npat,clerk,fi\n\nkim,\"clerk; mangaer on entities id \"\"b\"\"\",dk\n";
    let (sources, outcome) = with_table(POLICY, table);
    let told: Vec<_> = outcome.findings.iter().map(|f| (f.code.0, place(f, &sources))).collect();
    let role = ("row 3, column `roles`: `clerk; mangaer on entities id ...`", "people.csv:4:13".to_owned(), "mangaer");
    let country = ("row 3, column `country`: `dk`", "people.csv:4:43".to_owned(), "dk");
    assert_eq!(told, [("BW105", role), ("BW105", country)]);
    assert!(outcome.findings[0].help.as_deref().is_some_and(|h| h.contains("did you mean `manager`?")));
}

#[test]
fn so_many_mistakes_are_shown_and_the_others_counted() {
    let table = |rows: usize| {
        let mut table = "login,roles\n".to_owned();
        for row in 0..rows {
            writeln!(table, "u{row},{}", if row % 2 == 0 { "nobody".to_owned() } else { format!("nobody{row}") })
                .expect("text");
        }
        table
    };
    for (rows, last) in [(100, None), (101, Some("1 more mistake")), (350, Some("250 more mistakes"))] {
        let (_, outcome) = with_table(POLICY, &table(rows));
        let more: Vec<&Finding> = outcome.findings.iter().filter(|f| f.code.0 == "BW008").collect();
        assert_eq!(outcome.findings.len() - more.len(), 100, "{rows} rows");
        assert_eq!(
            more.first().map(|f| f.message.as_str()),
            last.map(|l| format!("{l} in this table of people")).as_deref()
        );
    }
    let (_, outcome) = with_table(POLICY, &table(100_000));
    let more = outcome.findings.iter().find(|f| f.code.0 == "BW008").expect("a count");
    assert_eq!(more.message, "at least 1000 more mistakes in this table of people");
}

#[test]
fn what_the_checks_say_of_thousands_is_short_too() {
    let rows: String = (0..2_000).map(|row| format!("u{row},\n")).collect();
    let (_, outcome) = with_table(POLICY, &format!("login,roles\n{rows}"));
    let of: Vec<&Finding> = outcome.findings.iter().filter(|f| f.code.0 == "BW108").collect();
    assert_eq!(of.len(), 101);
    assert_eq!(of[100].message, "1900 more findings of code BW108 in this table of people");
    assert!(outcome.has_errors());
}

#[test]
fn one_table_given_twice_under_two_names_is_told_briefly() {
    let mut table = "login,roles\n".to_owned();
    for row in 0..500 {
        writeln!(table, "u{row},clerk").expect("text");
    }
    let policy = format!("{POLICY}admins from \"a.csv\"\nadmins from \"b.csv\"\n");
    let tables = ["a.csv", "b.csv"].map(|path| Source::people(path, table.as_str()));
    let sources = SourceMap::new(tables.into_iter().chain([Source::new("shop.bw", policy)]).collect());
    let outcome = compile(&sources, &Options::default());
    let of = |code| outcome.findings.iter().filter(|f| f.code.0 == code).count();
    assert_eq!((of("BW101"), of("BW008")), (100, 1));
    let both: Vec<String> = outcome.findings[0].labels.iter().map(|l| sources.locate(l.span).to_string()).collect();
    assert_eq!(both.len(), 2, "both places are shown: {both:?}");
}

#[test]
fn a_table_that_nobody_gave_is_missed_where_it_is_named() {
    let policy = format!("{POLICY}admins from \"people.csv\"\n");
    let outcome = compile(&SourceMap::single("shop.bw", &policy), &Options::default());
    assert!(outcome.findings.iter().any(|f| f.message == "cannot read the table of people `people.csv`"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_table_brings_the_compiler_down(rows in prop::collection::vec("[\"a,;\r\n é\u{0}]{0,12}", 0..12), head in "(login|roles|unit|from|\"|x|,){0,8}") {
        let text = format!("login,roles,{head}\n{}", rows.join("\n"));
        let (sources, outcome) = with_table(POLICY, &text);
        for label in outcome.findings.iter().flat_map(|f| &f.labels) {
            let source = sources.get(label.span.source);
            prop_assert!(source.text.get(label.span.range()).is_some(), "{label:?} is no place in {text:?}");
        }
        for finding in &outcome.findings {
            prop_assert!(!bailiwick::diagnostic::human::render(finding, &sources, Default::default()).is_empty());
        }
    }

    #[test]
    fn every_cell_is_found_again(cells in prop::collection::vec(prop::collection::vec("[a\",;\n é]{0,6}", 3), 1..6)) {
        let quote = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
        let lines: Vec<String> = cells.iter().map(|row| row.iter().map(quote).collect::<Vec<_>>().join(",")).collect();
        let source = Source::people("people.csv", lines.join("\n"));
        let mut rows = bailiwick::syntax::rows::Rows::of(bailiwick::source::SourceId(0), &source);
        let said = |row: &Vec<String>| row.iter().map(|c| c.trim_matches([' ', '\t']).to_owned()).collect::<Vec<_>>();
        for row in cells.iter().map(said).filter(|row| row.iter().any(|c| !c.is_empty())) {
            prop_assert_eq!(rows.advance(), Ok(true));
            for (index, cell) in row.iter().enumerate() {
                prop_assert_eq!(rows.cell(index).text, cell);
                let places = rows.cell(index).places(0, 0, cell.len());
                let at = &source.text[places.span(0, cell.len()).range()];
                prop_assert_eq!(at.replace("\"\"", "\""), cell.as_str());
            }
        }
        prop_assert_eq!(rows.advance(), Ok(false));
    }
}

/// A run of the program: exit code, and all that it printed.
fn run(folder: &Path, args: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(cargo_bin("bailiwick")).args(args).current_dir(folder).env("NO_COLOR", "1").output();
    let output = output.expect("the program starts");
    (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

/// A shop whose people are in a folder below it.
fn shop(path: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(folder.path().join("shop/hr")).expect("a folder");
    fs::write(
        folder.path().join("shop/shop.bw"),
        format!("{POLICY}role boss {{ allow books }}\nadmin top {{ role boss }}\n"),
    )
    .expect("a file");
    fs::write(folder.path().join("shop/hr/people.bw"), format!("admins from \"{path}\"\n")).expect("a file");
    fs::write(folder.path().join("shop/people.csv"), "login,profile,roles\npat,regional,\nlea,,clerk\nkim,,manager\n")
        .expect("a file");
    fs::copy(folder.path().join("shop/people.csv"), folder.path().join("outside.csv")).expect("a copy");
    folder
}

#[test]
fn the_program_finds_the_table_beside_the_policy() {
    let shop = shop("../people.csv");
    for (here, policy) in [("", "shop"), ("", "./shop/"), ("shop", "."), ("shop/hr", ".."), ("", "shop/../shop")] {
        let (code, text) = run(&shop.path().join(here), &["check", policy]);
        assert_eq!((code, text.as_str()), (Some(0), "3 files checked, no findings\n"), "{policy} in `{here}`");
    }
    let table = shop.path().join("shop.bwt");
    let (code, text) = run(shop.path(), &["build", "shop", "-o", "shop.bwt"]);
    assert!(code == Some(0) && text.contains("4 accounts"), "{text}");
    assert!(table.exists());
    let (code, text) = run(shop.path(), &["can", "KIM", "books.edit", "entity {}", "-p", "shop.bwt"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("shop/people.csv:4:6"), "the answer names the row: {text}");
    let (code, text) = run(shop.path(), &["check", "shop/hr/people.bw", "shop/shop.bw"]);
    assert_eq!(code, Some(1), "a file alone is the policy of its own folder");
    assert!(text.contains("leads out of the policy's folder"), "{text}");
}

#[test]
fn a_place_in_a_table_is_a_line_and_a_column() {
    let shop = shop("../people.csv");
    fs::write(shop.path().join("shop/people.csv"), "\u{feff}login,roles\r\npat,clerk\r\nkim,mangaer\r\n")
        .expect("a file");
    let (code, text) = run(shop.path(), &["check", "shop", "--format", "json"]);
    assert_eq!(code, Some(1));
    let report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let finding = &report["findings"][0];
    assert_eq!(finding["notes"][0], "row 3, column `roles`: `mangaer`");
    let place = &finding["places"][0];
    assert_eq!(
        (&place["path"], &place["start"]["line"], &place["start"]["column"]),
        (&"shop/people.csv".into(), &3.into(), &5.into())
    );
}

#[test]
fn what_cannot_be_had_is_told_where_it_is_named() {
    for (path, why) in [
        ("../../outside.csv", "leads out of the policy's folder"),
        ("/etc/passwd", "is not relative to this file"),
        ("people.csv", "there is no such file"),
        ("..", "it is no file"),
        ("../latin.csv", "it is not UTF-8: byte 15, on line 2"),
    ] {
        let shop = shop(path);
        fs::write(shop.path().join("shop/latin.csv"), b"login,name\npat,\xe9\n").expect("a file");
        let (code, text) = run(shop.path(), &["check", "shop"]);
        assert_eq!(code, Some(1), "{text}");
        assert!(text.contains(why) && text.contains("shop/hr/people.bw:1:13"), "{text}");
    }
    let shop = shop("people.csv");
    let (code, text) = run(shop.path(), &["check", "shop/people.csv"]);
    assert!(code == Some(2) && text.contains("is a table of people, and no policy"), "{text}");
}

#[test]
fn a_table_that_is_not_there_is_told_once() {
    let policy = format!("{POLICY}admins from \"people.csv\"\n");
    let asking = "test \"t\" { pat can books.list on entity {}; kim cannot books.edit on entity {} }\nforbid books for admin pat\n";
    let outcome = compile(&SourceMap::single("shop.bw", &format!("{policy}{asking}")), &Options::default());
    let codes: Vec<_> = outcome.findings.iter().map(|f| f.code.0).filter(|code| *code != "BW302").collect();
    assert!(codes == ["BW008"] && outcome.compiled.is_none(), "{:?}", outcome.findings);
    let (_, outcome) = with_table(&format!("{POLICY}{asking}"), "login,roles\npat,clerk\n");
    assert!(
        outcome.findings.iter().any(|f| f.code.0 == "BW105" && f.message.contains("`kim`")),
        "{:?}",
        outcome.findings
    );
}

#[test]
fn a_right_by_a_profile_is_told_as_one() {
    let (_, outcome) = with_table(POLICY, "login,profile\npat,regional\n");
    let compiled = outcome.compiled.unwrap_or_else(|| panic!("{:?}", outcome.findings));
    let table = Table::from_bytes(compiled.table()).expect("a table");
    let rows = account_rows(&table, Login::ascii("pat").and_then(|login| table.account(login)).expect("pat"));
    assert_eq!(rows.len(), 1);
    assert!(
        rows[0].via.ends_with("-> profile regional: allow books.list on entities labelled region"),
        "{}",
        rows[0].via
    );
}

#[cfg(unix)]
#[test]
fn no_link_leads_out_of_the_folder() {
    let shop = shop("people.csv");
    let link = shop.path().join("shop/hr/people.csv");
    std::os::unix::fs::symlink("../people.csv", &link).expect("a link");
    let (code, text) = run(shop.path(), &["check", "shop"]);
    assert_eq!(code, Some(0), "within the folder a link is as good as a file: {text}");
    fs::remove_file(&link).expect("it was there");
    std::os::unix::fs::symlink("../../outside.csv", &link).expect("a link");
    let (code, text) = run(shop.path(), &["check", "shop"]);
    assert!(code == Some(1) && text.contains("a symbolic link leads out of the policy's folder"), "{text}");
}

#[test]
fn a_table_is_named_in_yaml_too() {
    let shop = shop("../people.csv");
    fs::remove_file(shop.path().join("shop/hr/people.bw")).expect("it was there");
    fs::write(shop.path().join("shop/hr/people.yaml"), "people: [../people.csv]\n").expect("a file");
    let (code, text) = run(shop.path(), &["check", "shop"]);
    assert_eq!((code, text.as_str()), (Some(0), "3 files checked, no findings\n"));
}
