//! Three peers' conformance cases: each peer's policies are translated to this language, asked, and compared with the peer's answers.
//!
//! The cases are read from `../shared/corpora`, or from the folder that `BAILIWICK_CORPORA` names. Where there is none, the tests say
//! so and pass over. `docs/peers-cases.md` has the translations and the figures.

#[path = "peers/asking.rs"]
mod asking;
#[path = "peers/casbin.rs"]
mod casbin;
#[path = "peers/casbin_lists.rs"]
mod casbin_lists;
#[path = "peers/cedar.rs"]
mod cedar;
#[path = "peers/corpora.rs"]
mod corpora;
#[path = "peers/labels.rs"]
mod labels;
#[path = "peers/names.rs"]
mod names;
#[path = "peers/openfga.rs"]
mod openfga;
#[path = "peers/rewrites.rs"]
mod rewrites;
#[path = "peers/tally.rs"]
mod tally;
