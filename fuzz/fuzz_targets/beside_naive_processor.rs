//! The SUIT processor beside a naive interpreter: manifests that the input chooses, with the effects in their order, the contents
//! of all components and the verdict compared. Signatures are real here.
#![no_main]

#[path = "../../suit-manifest/tests/support/beside_naive.rs"]
mod beside_naive;
#[path = "../../suit-manifest/tests/support/device.rs"]
mod device;
#[path = "../../suit-manifest/tests/support/naive.rs"]
mod naive;
#[path = "../../suit-manifest/tests/support/procedures.rs"]
mod procedures;

use fuzz::Chosen;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    beside_naive::compare(&mut Chosen::by(bytes), "the input");
});
