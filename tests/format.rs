//! The one style: it says the same, keeps every comment, and has nothing to add to its own work.

#[path = "format/odd.rs"]
mod odd;
#[expect(dead_code, reason = "only its random policies are needed")]
mod oracle;
#[path = "format/promises.rs"]
mod promises;
#[path = "format/random.rs"]
mod random;
#[path = "format/styles.rs"]
mod styles;
#[path = "format/text.rs"]
mod text;
#[path = "format/yaml.rs"]
mod yaml;
