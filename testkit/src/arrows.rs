//! The arrows between the rooms of the house: they point down only.

mod edges;
mod imports;

pub use edges::broken_edges;
pub use imports::{broken_imports, roots_named};
