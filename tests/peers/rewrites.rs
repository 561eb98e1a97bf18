//! OpenFGA's relation definitions: `[user, team#member] or owner or viewer from parent`.

/// How a relation comes about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Rewrite {
    /// By a tuple, with a subject of one of these kinds: `user`, `user:*`, `team#member`.
    Direct(Vec<String>),
    /// Whoever has another relation to the same object.
    Same(String),
    /// Whoever has `relation` to something that the object has as its `through`.
    From { relation: String, through: String },
    /// By any of these.
    Any(Vec<Rewrite>),
    /// By all of these.
    All(Vec<Rewrite>),
}

impl Rewrite {
    /// Reads a definition. The cases mix no words without brackets of their own, and use neither `but not` nor conditions.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let text = text.trim();
        for (word, join) in [(" or ", Self::Any as fn(Vec<Self>) -> Self), (" and ", Self::All)] {
            if text.contains(word) {
                return Ok(join(text.split(word).map(Self::read).collect::<Result<_, _>>()?));
            }
        }
        if let Some(kinds) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            return Ok(Self::Direct(kinds.split(',').map(|kind| kind.trim().to_owned()).collect()));
        }
        let name = |name: &str| match name.contains([' ', '[', '(']) || name.is_empty() {
            true => Err(format!("the definition `{text}`")),
            false => Ok(name.to_owned()),
        };
        match text.split_once(" from ") {
            Some((relation, through)) => Ok(Self::From { relation: name(relation)?, through: name(through)? }),
            None => Ok(Self::Same(name(text)?)),
        }
    }

    /// The kinds of subjects that tuples may give it to.
    pub(crate) fn kinds(&self) -> Vec<&str> {
        match self {
            Self::Direct(kinds) => kinds.iter().map(String::as_str).collect(),
            Self::Same(_) | Self::From { .. } => vec![],
            Self::Any(parts) | Self::All(parts) => parts.iter().flat_map(Self::kinds).collect(),
        }
    }
}

#[test]
fn definitions_are_read() -> Result<(), String> {
    let same = |name: &str| Rewrite::Same(name.to_owned());
    let from = Rewrite::From { relation: "viewer".to_owned(), through: "parent".to_owned() };
    let direct = Rewrite::Direct(vec!["user".to_owned(), "user:*".to_owned(), "group#member".to_owned()]);
    let read = Rewrite::read("[user, user:*, group#member] or owner or viewer from parent")?;
    assert_eq!(read, Rewrite::Any(vec![direct, same("owner"), from.clone()]));
    assert_eq!(read.kinds(), ["user", "user:*", "group#member"]);
    assert_eq!(Rewrite::read("assignee and viewer from parent")?, Rewrite::All(vec![same("assignee"), from]));
    for beyond in ["viewer but not blocked", "(a or b) and c", "[user with in_hours] but not x", ""] {
        assert!(Rewrite::read(beyond).is_err(), "{beyond}");
    }
    Ok(())
}
