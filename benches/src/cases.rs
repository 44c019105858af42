//! The small things, each done by this project and by what people would take instead: what is timed, and what is counted.

mod audit;
mod claims;
mod merkle;
mod scitt;
mod sign1;
mod suit;
mod teep;
mod tokens;
mod transparent;

pub use audit::{audit, bill_of_materials};
pub use claims::claims;
pub use merkle::merkle;
pub use scitt::scitt;
pub use sign1::{sign1, verify_es256, view, view_by_coset};
pub use suit::suit;
pub use teep::teep;
pub use tokens::tokens;
pub use transparent::transparent;

use crate::work::Work;

/// The name of a benchmark that measures times, and its works.
pub type Section = (&'static str, fn() -> Vec<Work>);

/// All of them.
pub const ALL: [Section; 9] = [
    ("sign1", sign1),
    ("claims", claims),
    ("tokens", tokens),
    ("merkle", merkle),
    ("scitt", scitt),
    ("suit", suit),
    ("teep", teep),
    ("transparent", transparent),
    ("audit", audit),
];

/// Who is named where only the cryptography is done.
const P256: &str = "p256 alone";
