//! Reads flat permission tables, as the `bailiwick` compiler writes them, and decides by them: who may do what to whom.
//!
//! A table is one run of bytes. Loading verifies all of it once and copies nothing; decisions never allocate. The crate needs
//! neither the standard library nor any other crate, and has no `unsafe` code.
//!
//! ```
//! use bailiwick_table::{Fact, Login, Party, Table, Target};
//!
//! # let bytes = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/office.table"));
//! # fn questions(bytes: &[u8]) -> Option<()> {
//! let table = Table::from_bytes(bytes).ok()?; // once; then keep it, and the handles
//! let account = table.account(Login::ascii("Aino")?)?;
//! let open = table.action("reports.open")?;
//! let country = table.attribute("country")?;
//!
//! let report = Party { unit: Fact::Known(table.unit("sales.export")?), ..Party::open() };
//! let attributes = [(country, Fact::Known(table.value(country, "fi")?))];
//! let user = Party { attributes: &attributes, ..Party::open() };
//! let day = 20_454; // 2026-01-01
//! let decision = table.decide(account, open, &Target::both(report, user), day);
//! assert!(decision.allowed);
//! assert_eq!(
//!     table.explain(decision).to_string(),
//!     "allowed by `role analyst: allow reports.open on users in finland`"
//! );
//!
//! // Everything she may open, to be turned into a query:
//! assert_eq!(
//!     table.filter(account, open, day).to_string(),
//!     "entities where in unit sales and users where country is fi or users where manages"
//! );
//! # Some(()) }
//! # assert!(questions(bytes).is_some());
//! ```
//!
//! Facts are true, false or unknown. What the caller does not say of an open party ([`Party::open`]) is unknown: it never grants and
//! never lifts a prohibition, and [`Decision::reason`] names the fact that was missing. Text must be in NFC.
//!
//! Days count from 1970-01-01 in UTC, as in `seconds since the epoch / 86400`.
//!
//! `FORMAT.md`, beside this crate, is the exact byte map.

#![no_std]
#![forbid(unsafe_code)]

#[cfg(any(test, feature = "std"))]
extern crate std;

mod account;
#[cfg(feature = "std")]
mod aligned;
mod block;
#[cfg(any(test, feature = "std"))]
mod by_name;
mod card;
pub mod crc;
mod decide;
mod describe;
mod display;
mod error;
mod eval;
mod explain;
mod filter;
mod id;
mod inspect;
pub mod layout;
mod load;
pub mod login;
mod lookup;
mod many;
mod name;
mod names;
mod node;
pub mod parts;
mod path;
mod pred;
mod question;
mod quick;
mod raw;
mod reason;
mod side;
mod table;
mod target;
mod verify;

pub use account::{Account, Given};
#[cfg(feature = "std")]
pub use aligned::Aligned;
#[cfg(any(test, feature = "std"))]
pub use by_name::Names;
pub use describe::{Action, AttributeType, Kind, Relation, Role, Signature};
pub use error::{LoadError, Problem};
pub use explain::{Explained, WayText};
pub use filter::Filter;
pub use id::{
    AccountId, ActionId, AttributeId, AutomaticId, ForbidId, GrantId, LabelId, RelationId, RoleId, TierId, UnitId,
};
pub use inspect::{Prohibition, Prohibitions, Right, Rights};
pub use login::Login;
pub use node::Test;
pub use pred::{Children, Pred, Shown};
pub use raw::Days;
pub use reason::{Cut, Decision, FactName, GrantRef, Missing, Part, Path, Reason, Way};
pub use table::Table;
pub use target::{Actor, Fact, Marks, Party, Target, Truth, Value};
