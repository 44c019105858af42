//! The SUIT processor beside a naive interpreter: manifests that the input chooses, with the effects in their order, the contents
//! of all components and the verdict compared. And the drivers beside each other: without a report, with one, with a journal, and
//! cut off and taken up again, on a device whose answers the input chooses.
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
use cose_ext::{Context, Profile, Trust, arbitrary::Encoded, crypto::Algorithm};
use device::Device;
use fuzz::{Accept, AnySigner, Chosen, driven, with_keys};
use libfuzzer_sys::fuzz_target;
use procedures::{COMPONENTS, Ended, Made, run_trusting};
use suit_manifest::{Envelope, Limits, Procedure};

// An envelope as it came, or, behind a small byte, the choices that make a manifest for both, or an envelope for the drivers.
fuzz_target!(|bytes: &[u8]| match bytes {
    [0, choices @ ..] => {
        beside_naive::compare(&mut Chosen::by(choices), "the input", update);
    }
    [1, choices @ ..] => {
        let Some((device, choices)) = choices.split_at_checked(8) else { return };
        if let Ok(made) = Encoded::<Envelope<'static>>::arbitrary(&mut Unstructured::new(choices)) {
            driven(&made.view().expect("made by the builder"), device);
        }
    }
    _ => {
        let choices = &bytes[bytes.len().saturating_sub(8)..];
        if let Ok(envelope) = Envelope::decode(bytes, &Profile::LENIENT) {
            driven(&envelope, choices);
        }
    }
});

/// Runs it where every signature is good: a real one would cost more than all else.
fn update(made: &Made, device: &mut Device) -> Result<(), Ended> {
    let (bytes, context) =
        (made.signed_by(&AnySigner(Algorithm::ES256)), Context::new(&Accept::ALL));
    with_keys(|keys| {
        let (limits, by) = (Limits::DEFAULT, (&Trust::keys(keys), &context));
        let update = Procedure::Update;
        run_trusting::<COMPONENTS>(&bytes, update, device, limits, made.readings, 4096, by)
    })
}
