//! The floor: arrays written by hand for exactly this question. They know no prohibition, no date, no reason, no condition; they verify
//! nothing and can be used for nothing else.

mod logins;
mod rows;

pub use logins::Logins;
pub use rows::Rows;
