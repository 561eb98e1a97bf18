//! People recognised by pest and by nothing else: a grammar by characters that makes no pairs and no tree.

use pest::Parser as _;

#[derive(pest_derive::Parser)]
#[grammar_inline = r#"
file  = _{ SOI ~ (gap* ~ admin)* ~ gap* ~ EOI }
gap   = _{ " " | "\t" | "\r" | "\n" | ";" }
blank = _{ " " | "\t" }
word  = _{ (ASCII_ALPHANUMERIC | "_" | "-")+ }
admin = _{ "admin" ~ blank+ ~ word ~ blank* ~ "{" ~ gap* ~ (line ~ gap*)* ~ "}" }
line  = _{ "role" ~ blank+ ~ word ~ (blank+ ~ "on" ~ blank+ ~ "entities" ~ blank+ ~ unit ~ (blank* ~ "," ~ blank* ~ unit)*)? }
unit  = _{ "in" ~ blank+ ~ "unit" ~ blank+ ~ word }
"#]
struct People;

/// Says whether the text is one of people, and nothing else about it.
pub(crate) fn recognise(text: &str) -> Result<(), String> {
    People::parse(Rule::file, text).map(drop).map_err(|error| error.to_string())
}
