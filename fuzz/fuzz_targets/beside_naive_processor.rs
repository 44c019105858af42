//! The SUIT processor beside a naive interpreter: manifests that the input chooses, with the effects in their order, the contents
//! of all components and the verdict compared. Signatures are real here. And the drivers beside each other: without a report,
//! with one, with a journal, and cut off and taken up again, on a device whose answers the input chooses.
#![no_main]

#[path = "../../suit-manifest/tests/support/beside_naive.rs"]
mod beside_naive;
#[path = "../../suit-manifest/tests/support/device.rs"]
mod device;
#[path = "../../suit-manifest/tests/support/naive.rs"]
mod naive;
#[path = "../../suit-manifest/tests/support/procedures.rs"]
mod procedures;

use arbitrary::{Arbitrary, Unstructured};
use cose_ext::{Profile, arbitrary::Encoded};
use fuzz::{Chosen, driven};
use libfuzzer_sys::fuzz_target;
use suit_manifest::Envelope;

fuzz_target!(|bytes: &[u8]| {
    beside_naive::compare(&mut Chosen::by(bytes), "the input");
    let choices = &bytes[bytes.len().saturating_sub(8)..];
    if let Ok(envelope) = Envelope::decode(bytes, &Profile::LENIENT) {
        driven(&envelope, choices);
    }
    if let Ok(made) = Encoded::<Envelope<'static>>::arbitrary(&mut Unstructured::new(bytes)) {
        driven(&made.view().expect("made by the builder"), choices);
    }
});
