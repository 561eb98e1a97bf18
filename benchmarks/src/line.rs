//! Figures that programs read: one JSON object on a line, where the environment asks for them.
//!
//! Every measuring program prints tables for people. With `BENCH_LINES` set it prints lines like this one instead, and nothing else:
//!
//! ```json
//! {"what":"decide by handle","size":"L","figure":76.1,"unit":"ns","times":1.25,"of":"floor by handle","target":1.3,"goal":"at most"}
//! ```

use serde::{Deserialize, Serialize};

/// A figure, and what it is held against.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// What was measured.
    pub what: String,
    /// The size of the model or of the policy; empty where there is only one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub size: String,
    /// How much.
    pub figure: f64,
    /// Of what: `ns`, `MB/s`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// How many times another figure of the same run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<f64>,
    /// What that other figure is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// What is aimed at: for `times` where there is one, else for the figure itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<f64>,
    /// On which side of the target it should be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goal: Option<Goal>,
}

/// A side of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Goal {
    /// No more than the target.
    #[serde(rename = "at most")]
    AtMost,
    /// No less than the target.
    #[serde(rename = "at least")]
    AtLeast,
}

impl Line {
    /// A bare figure.
    #[must_use]
    pub fn new(what: &str, size: &str, figure: f64, unit: &str) -> Self {
        let (what, size, unit) = (what.to_owned(), size.to_owned(), unit.to_owned());
        Self { what, size, figure, unit, times: None, of: None, target: None, goal: None }
    }

    /// With what it is a multiple of.
    #[must_use]
    pub fn times(mut self, times: f64, of: &str) -> Self {
        (self.times, self.of) = (Some(times), Some(of.to_owned()));
        self
    }

    /// With a target.
    #[must_use]
    pub const fn goal(mut self, goal: Goal, target: f64) -> Self {
        (self.goal, self.target) = (Some(goal), Some(target));
        self
    }

    /// Whether the target is met; none where there is no target.
    #[must_use]
    pub fn met(&self) -> Option<bool> {
        let (target, goal) = (self.target?, self.goal?);
        let seen = self.times.unwrap_or(self.figure);
        Some(match goal {
            Goal::AtMost => seen <= target,
            Goal::AtLeast => seen >= target,
        })
    }

    /// Prints it, if lines are wanted.
    pub fn print(&self) {
        if wanted() {
            println!("{self}");
        }
    }
}

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| std::fmt::Error)?)
    }
}

/// Whether lines are wanted instead of tables: whether `BENCH_LINES` is set.
#[must_use]
pub fn wanted() -> bool {
    std::env::var_os("BENCH_LINES").is_some()
}

/// The lines among what a program printed; what is no line is left out.
#[must_use]
pub fn lines(printed: &str) -> Vec<Line> {
    printed.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_written_and_read_back() {
        let text = r#"{"what":"decide by handle","size":"L","figure":76.1,"unit":"ns","times":1.25,"of":"floor by handle","target":1.3,"goal":"at most"}"#;
        let line =
            Line::new("decide by handle", "L", 76.1, "ns").times(1.25, "floor by handle").goal(Goal::AtMost, 1.3);
        assert_eq!(line.to_string(), text);
        assert_eq!(lines(&format!("| a | table |\n{text}\n")), [line]);
    }

    #[test]
    fn a_target_is_for_the_ratio_where_there_is_one() {
        let line = Line::new("load", "L", 900.0, "MB/s");
        assert_eq!(line.met(), None);
        assert_eq!(line.clone().goal(Goal::AtLeast, 700.0).met(), Some(true));
        assert_eq!(line.clone().goal(Goal::AtLeast, 901.0).met(), Some(false));
        assert_eq!(line.clone().times(1.4, "the floor").goal(Goal::AtMost, 1.3).met(), Some(false));
        assert_eq!(line.times(1.3, "the floor").goal(Goal::AtMost, 1.3).met(), Some(true));
    }
}
