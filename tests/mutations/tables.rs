//! Tables of people: each without one of its rows, or with one cell empty.

use bailiwick::source::Source;

/// Columns that merely describe a person.
const DESCRIBES: [&str; 6] = ["login", "name", "email", "phone", "id", "photo"];

/// The texts of a table with one thing less, and what that was.
pub(super) fn of_table(source: &Source) -> Vec<(String, String)> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(source.text.as_bytes());
    let rows: Vec<Vec<String>> =
        reader.records().flatten().map(|row| row.iter().map(ToOwned::to_owned).collect()).collect();
    let Some((head, people)) = rows.split_first() else { return Vec::new() };
    let file = source.path.rsplit('/').next().unwrap_or_default();
    let mut less = Vec::new();
    for (i, row) in people.iter().enumerate() {
        let who = row.first().map(String::as_str).unwrap_or_default();
        let mut without = rows.clone();
        without.remove(i + 1);
        less.push((format!("{file}: without {who}"), written(&without)));
        for (j, cell) in row.iter().enumerate() {
            let column = head.get(j).map(String::as_str).unwrap_or_default().trim();
            let nothing = cell.trim().is_empty() || column == "active" && ["yes", "true", "1"].contains(&cell.trim());
            if nothing || DESCRIBES.contains(&column) {
                continue;
            }
            let mut emptied = rows.clone();
            emptied[i + 1][j].clear();
            less.push((format!("{file}: {who} without `{column} {}`", cell.trim()), written(&emptied)));
        }
    }
    less
}

fn written(rows: &[Vec<String>]) -> String {
    let line = |row: &Vec<String>| {
        let cells = row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
        cells.collect::<Vec<_>>().join(",") + "\n"
    };
    rows.iter().map(line).collect()
}
