//! `FORMAT.md` says what the reader's constants say.

use bailiwick_table::layout::{MAGIC, VERSION, header, section};

const FORMAT: &str = include_str!("../../runtime/FORMAT.md");

/// The cells of the rows of tables that begin with a number.
fn numbered() -> impl Iterator<Item = (usize, Vec<&'static str>)> {
    FORMAT.lines().filter_map(|line| {
        let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
        let number = cells.next()?.parse().ok()?;
        Some((number, cells.collect()))
    })
}

#[test]
fn the_sections_are_the_documented_ones() {
    let documented: Vec<(&str, usize)> = numbered()
        .skip_while(|(_, cells)| cells[0] != "text")
        .take(section::COUNT)
        .filter_map(|(_, cells)| Some((cells[0], cells[1].parse().ok()?)))
        .collect();
    let expected: Vec<(&str, usize)> = section::TITLES.into_iter().zip(section::SIZES).collect();
    assert_eq!(documented, expected);
}

#[test]
fn the_header_is_the_documented_one() {
    let fields: Vec<usize> = numbered().take_while(|(_, cells)| cells[0] != "text").map(|(offset, _)| offset).collect();
    let expected = [
        0,
        header::VERSION,
        header::LENGTH,
        header::TOTAL,
        header::CRC,
        header::RESERVED,
        header::REVISION,
        header::DIGEST,
        header::SECTIONS,
        header::RESERVED_2,
        header::DIRECTORY,
    ];
    assert_eq!(fields, expected);
    let magic = MAGIC.map(|byte| format!("{byte:02X}")).join(" ");
    assert!(FORMAT.contains(&format!("magic: `{magic}`")));
    assert!(FORMAT.contains(&format!("version: {VERSION}")) && FORMAT.contains(&format!("header: {}", header::SIZE)));
}
