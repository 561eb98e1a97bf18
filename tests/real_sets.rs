//! Real permission data, translated into policies, compiled, and held against what is known of it.
//!
//! The data is not part of this project: where it is absent, these tests say so and pass (see `tests/real_sets/corpus.rs`).

#[path = "real_sets/asked.rs"]
mod asked;
#[path = "real_sets/azure.rs"]
mod azure;
#[path = "real_sets/azure_containment.rs"]
mod azure_containment;
#[path = "real_sets/azure_numbers.rs"]
mod azure_numbers;
#[path = "real_sets/corpus.rs"]
mod corpus;
#[path = "real_sets/expected.rs"]
mod expected;
#[path = "real_sets/fingerprint.rs"]
mod fingerprint;
#[path = "real_sets/moodle.rs"]
mod moodle;
#[path = "real_sets/moodle_escalation.rs"]
mod moodle_escalation;
#[path = "real_sets/moodle_findings.rs"]
mod moodle_findings;
#[path = "real_sets/moodle_numbers.rs"]
mod moodle_numbers;
#[path = "real_sets/odoo.rs"]
mod odoo;
#[path = "real_sets/odoo_edges.rs"]
mod odoo_edges;
#[path = "real_sets/odoo_numbers.rs"]
mod odoo_numbers;
#[path = "real_sets/operations.rs"]
mod operations;
