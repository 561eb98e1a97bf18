//! Figures as they are printed: a table for people, or an object a line for programs.

use serde_json::json;

/// Where the figures go.
pub(crate) struct Lines {
    objects: bool,
}

impl Lines {
    /// Objects where `BENCH_LINES` is set, a table otherwise, whose head is printed now.
    pub(crate) fn new() -> Self {
        let objects = std::env::var_os("BENCH_LINES").is_some();
        if !objects {
            println!("| size | what | figure | times | of | target |\n|---|---|--:|--:|---|---|");
        }
        Self { objects }
    }

    /// A figure by itself.
    pub(crate) fn plain(&mut self, what: &str, size: &str, figure: f64, unit: &str) {
        if self.objects {
            println!("{}", json!({ "what": what, "size": size, "figure": figure, "unit": unit }));
        } else {
            println!("| {size} | {what} | {figure:.3} {unit} | | | |");
        }
    }

    /// A figure that is to reach something.
    pub(crate) fn targeted(&mut self, what: &str, size: &str, figure: f64, unit: &str, target: f64, goal: &str) {
        if self.objects {
            let line =
                json!({ "what": what, "size": size, "figure": figure, "unit": unit, "target": target, "goal": goal });
            println!("{line}");
        } else {
            println!("| {size} | {what} | {figure:.3} {unit} | | | {goal} {target} |");
        }
    }

    /// A figure beside another one: (which, how many times that, what it is to be, `at least` or `at most`).
    pub(crate) fn compared(
        &mut self,
        what: &str,
        size: &str,
        figure: f64,
        unit: &str,
        (of, times, target, goal): (&str, f64, f64, &str),
    ) {
        if self.objects {
            let line = json!({
                "what": what, "size": size, "figure": figure, "unit": unit,
                "times": times, "of": of, "target": target, "goal": goal,
            });
            println!("{line}");
        } else {
            println!("| {size} | {what} | {figure:.3} {unit} | {times:.2} | {of} | {goal} {target} |");
        }
    }
}
