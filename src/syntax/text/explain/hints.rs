//! What to do about it: misspelt keywords, words of other languages, habits.

use super::super::grammar::Rule;
use super::declaring_words;
use super::expected::Expected;
use super::found::{Found, Token};
use crate::check::bw003::shown;
use crate::text::did_you_mean;

/// Words of other languages, and what they are here.
const SYNONYMS: &[(&str, &str)] = &[
    ("allowed", "allow"),
    ("allows", "allow"),
    ("permit", "allow"),
    ("permits", "allow"),
    ("grant", "allow"),
    ("grants", "allow"),
    ("permission", "allow"),
    ("permissions", "allow"),
    ("deny", "forbid"),
    ("denied", "forbid"),
    ("prohibit", "forbid"),
    ("block", "forbid"),
    ("disallow", "except"),
    ("without", "except"),
    ("but", "except"),
    ("minus", "except"),
    ("exclude", "except"),
    ("inherits", "extends"),
    ("inherit", "extends"),
    ("includes", "extends"),
    ("include", "extends"),
    ("parent", "extends"),
    ("assign", "assigns"),
    ("assignable", "assigns"),
    ("if", "when"),
    ("where", "when"),
    ("while", "when"),
    ("to", "until"),
    ("till", "until"),
    ("expires", "until"),
    ("since", "from"),
    ("because", "reason"),
    ("everybody", "everyone"),
    ("all", "everyone"),
    ("anybody", "everyone"),
    ("user", "admin"),
    ("person", "admin"),
    ("account", "admin"),
    ("organisation", "unit"),
    ("organization", "unit"),
    ("tag", "label"),
    ("title", "label"),
    ("module", "feature"),
    ("flag", "feature"),
    ("assert", "never"),
    ("limit", "quota"),
    ("import", "admins"),
    ("may", "can"),
    ("must", "can"),
    ("tagged", "labelled"),
    ("labeled", "labelled"),
    ("equals", "is"),
    ("user", "users in"),
    ("users", "users in"),
    ("entity", "entities"),
    ("owners", "holders of"),
    ("holder", "holders of"),
    ("disabled", "inactive"),
    ("on", "in"),
];

/// The words that are names only in quotes.
const RESERVED: [&str; 14] =
    ["and", "or", "not", "is", "in", "own", "self", "except", "on", "view", "write", "destroy", "become", "assign"];

/// What to do about `found` where something else was expected; `yaml` where the statement is a string of a YAML file.
pub(super) fn hint(text: &str, found: &Found<'_>, expected: &Expected, yaml: bool) -> Option<String> {
    near_keyword(found, expected)
        .or_else(|| synonym(found, expected))
        .or_else(|| reserved(found, expected))
        .or_else(|| sign(found, expected))
        .or_else(|| phrase(text, found, expected))
        .or_else(|| {
            expected
                .statement()
                .filter(|_| !expected.keywords.is_empty())
                .map(|_| format!("write {}", expected.keyword_list()))
        })
        .or_else(|| separation(text, found, expected, yaml))
}

/// What to do about a line that begins no declaration.
pub(super) fn declaration(found: &Found<'_>) -> String {
    let word = found.word().unwrap_or("");
    if let Some(near) = declaring_near(found).first() {
        return format!("did you mean `{near}`?");
    }
    let known = |here: &&str| declaring_words().contains(here);
    if let Some((_, here)) = SYNONYMS.iter().find(|(other, here)| *other == word && known(here)) {
        return format!("here it is called `{here}`");
    }
    match word {
        "allow" | "extends" | "except" | "assigns" | "scope" | "grant" | "permit" => {
            format!("`{word}` belongs into the braces of a `role`, a `profile` or an `admin`")
        }
        _ => "a declaration begins with a word such as `role`, `admin`, `resource`, `group`, `forbid` or `test`"
            .to_owned(),
    }
}

/// The declaring words that come near what is found.
pub(super) fn declaring_near(found: &Found<'_>) -> Vec<&'static str> {
    did_you_mean(found.word().unwrap_or(""), declaring_words().iter().copied())
}

/// The expected keywords that come near what is found.
pub(super) fn near<'e>(found: &Found<'_>, expected: &'e Expected) -> Vec<&'e str> {
    let Some(word) = found.word() else { return vec![] };
    let first = |keyword: &'_ str| keyword.split(' ').next().map(str::to_owned).unwrap_or_default();
    did_you_mean(word, expected.keywords.iter().map(String::as_str).filter(|keyword| first(keyword) != word))
}

fn near_keyword(found: &Found<'_>, expected: &Expected) -> Option<String> {
    near(found, expected).first().map(|keyword| format!("did you mean `{keyword}`?"))
}

fn synonym(found: &Found<'_>, expected: &Expected) -> Option<String> {
    let word = found.word()?.to_lowercase();
    let here = |keyword: &&str| expected.keywords.iter().any(|known| known == keyword);
    if let Some((_, keyword)) = SYNONYMS.iter().find(|(other, keyword)| *other == word && here(keyword)) {
        return Some(format!("here it is called `{keyword}`"));
    }
    match word.as_str() {
        "forbid" | "deny" if expected.statement().is_some() => Some(
            "`forbid` is a declaration of its own, outside of the braces; to take something out of this role alone, write `except`"
                .to_owned(),
        ),
        _ => None,
    }
}

fn reserved(found: &Found<'_>, expected: &Expected) -> Option<String> {
    let word = found.word().filter(|word| RESERVED.contains(word))?;
    expected.a_name().then(|| format!("`{word}` is a word of the language: to use it as a name, write it in quotes"))
}

/// Signs that other languages have.
fn sign(found: &Found<'_>, expected: &Expected) -> Option<String> {
    if found.token != Token::Sign {
        return None;
    }
    let here = |keyword: &str| expected.keywords.iter().any(|known| known == keyword);
    Some(match found.text {
        "==" | "=" if here("is") => "a test of an attribute is written `is`".to_owned(),
        "!=" | "<>" if here("is") => "write `is not`".to_owned(),
        ">" | ">=" | "<" | "<=" => "numbers are compared by `at least` and `at most`".to_owned(),
        "&&" | "&" => "write `and`".to_owned(),
        "||" | "|" => "write `or`; in a list of names, a comma".to_owned(),
        "!" => "write `not`".to_owned(),
        "=" | ":" | "=>" => {
            format!("leave `{}` out: a word and what it says are separated by a blank", found.text)
        }
        "[" | "]" => "lists have no brackets: `item, item`".to_owned(),
        "." => "a name must stand on both sides of the dot; a whole resource is named without one".to_owned(),
        "*" if expected.a_name() => "`*` means everything only where it stands alone".to_owned(),
        "-" | "/" | "@" | "+" | "?" | "%" | "$" => "a name with unusual characters is written in quotes".to_owned(),
        "," if expected.has(Rule::EOI) => "a list cannot stand here".to_owned(),
        _ => return None,
    })
}

/// What is missing in a phrase that was begun.
fn phrase(text: &str, found: &Found<'_>, expected: &Expected) -> Option<String> {
    let before = text[..found.start].trim_end();
    let here = |keyword: &str| expected.keywords.iter().any(|known| known == keyword);
    match found.token {
        Token::End if before.ends_with(',') => Some("take the comma away, or write what comes after it".to_owned()),
        Token::End if expected.has(Rule::raw) => {
            Some("write the value in the same line; an empty one is written `\"\"`".to_owned())
        }
        Token::Word | Token::Quoted if here("everyone") => {
            let name = shown(found.text);
            Some(format!("say what `{name}` is: `admin {name}`, `holders of {name}` or `users in {name}`"))
        }
        Token::Word | Token::Quoted if expected.has(Rule::round_open) && before.ends_with("in") => {
            Some(format!("the values stand in parentheses: `in ({})`", shown(found.text)))
        }
        Token::Word if before.ends_with("and") && matches!(found.text, "users" | "entities") => {
            Some("a scope has one part for users and one for entities; to intersect within one part, name a group".to_owned())
        }
        Token::Word | Token::Quoted if before.ends_with("and") && (here("users") || here("entities")) => Some(
            "`and` joins `users in ...` with `entities ...`; labels after `labelled` are joined by commas alone or by `and` alone"
                .to_owned(),
        ),
        _ => None,
    }
}

/// Where one thing ends and another begins without a sign between them.
fn separation(text: &str, found: &Found<'_>, expected: &Expected, yaml: bool) -> Option<String> {
    if !expected.has(Rule::EOI) {
        return None;
    }
    let before = text[..found.start].trim_end();
    let listed = before.ends_with(|c: char| c.is_alphanumeric() || "\"_*".contains(c));
    let hint = match found.token {
        Token::Word | Token::Quoted if listed && yaml => {
            "items of a list are separated by commas; a new statement is an item of its own"
        }
        Token::Word | Token::Quoted if listed => {
            "items of a list are separated by commas; a new statement begins in a line of its own or after `;`"
        }
        Token::Word | Token::Quoted if before.ends_with('}') && yaml => "make the next statement an item of its own",
        Token::Word | Token::Quoted if before.ends_with('}') => {
            "begin the next statement in a line of its own, or after `;`"
        }
        Token::Sign if found.text == "{" => "nothing in braces belongs to this statement",
        _ => return None,
    };
    Some(hint.to_owned())
}
