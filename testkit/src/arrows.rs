//! The arrows between the rooms of the house: they point down only.

mod edges;
mod floors;
mod source_paths;

pub use edges::broken_edges;
pub use floors::{Floors, broken_floors};
