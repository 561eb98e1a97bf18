//! The people as a table of comma-separated values.

use super::{assignment, login};
use crate::model::Model;

/// A row an administrator.
#[must_use]
pub fn people(model: &Model) -> String {
    let mut rows = "login,roles\n".to_owned();
    for (admin, assignments) in (0..).zip(&model.admins) {
        let roles: Vec<String> = assignments.iter().map(assignment).collect();
        rows.extend([&login(admin), ",\"", &roles.join("; "), "\"\n"]);
    }
    rows
}
