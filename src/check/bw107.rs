//! # BW107 a secret in a policy
//!
//! ## What
//! An attribute or a statement is named like a secret: `password`, `token`, `secret`, `api_key` and their like.
//!
//! ## Why
//! A policy is read by reviewers, kept in version control and compiled into tables that many programs load. None of them is a place
//! for secrets, and no rule depends on one.
//!
//! ## Example
//! ```bw
//! admin pat { password "hunter2"; role editor }
//! ```
//!
//! ## How to fix
//! Delete the line, and change the secret: it has been written down.

use crate::diagnostic::{Code, Finding};
use crate::syntax::ast::Name;

/// Its code.
pub const CODE: Code = Code("BW107");

const WHOLE: [&str; 10] = ["pin", "otp", "pwd", "pass", "token", "secret", "credential", "passcode", "salt", "hash"];
const PARTS: [&str; 10] = [
    "password", "passwd", "passphrase", "secret", "apikey", "privatekey", "accesskey", "authtoken", "accesstoken",
    "bearertoken",
];

/// Whether a field of this name would hold a secret.
#[must_use]
pub fn is_secret(name: &str) -> bool {
    let plain: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    WHOLE.contains(&plain.as_str()) || PARTS.iter().any(|part| plain.contains(part))
}

/// In an `admin` block.
#[must_use]
pub fn in_admin(name: &Name) -> Finding {
    Finding::fatal(CODE, format!("`{}` looks like a secret, and a policy is no place for one", name.node))
        .at(name.span, "written down here")
        .help("delete the line, and change the secret, since it has been written down")
}

/// As the name of an attribute.
#[must_use]
pub fn declared(name: &Name) -> Finding {
    Finding::fatal(CODE, format!("the attribute `{}` looks like a secret, and a policy is no place for one", name.node))
        .at(name.span, "declared here")
        .help("delete the attribute; if it is no secret, give it another name")
}

#[cfg(test)]
mod tests {
    use super::is_secret;

    #[test]
    fn secrets_are_known_by_their_names() {
        for name in ["password", "Passwort-password", "api_key", "token", "client-secret"] {
            assert!(is_secret(name), "{name}");
        }
        for name in ["department", "passenger", "tokens_left", "keynote"] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
