//! Cases of messages that arrive piece by piece.

use super::{
    altered::Altered,
    report::{Found, Run},
};
use crate::{Algorithm, Feed, Interrupted, VerifyError};

const UNSUPPORTED: Result<(), VerifyError> = Err(VerifyError::Unsupported);

/// Checks a known signature or tag over what it is fed with.
type Verify<'v> = dyn FnMut(&mut Feed<'_>) -> Result<(), VerifyError> + 'v;

/// What is true of a whole message is true of a stream, or there is none.
pub(super) fn streamed(
    run: &mut Run<'_>,
    algorithm: Algorithm,
    message: &[u8],
    verify: &mut Verify<'_>,
) {
    let mut stream = |message: &[u8], piece: usize, end: Result<(), Interrupted>| {
        let mut calls = 0_usize;
        let verdict = verify(&mut |sink: &mut dyn FnMut(&[u8])| {
            calls = calls.saturating_add(1);
            message.chunks(piece).for_each(sink);
            end
        });
        (verdict, calls)
    };
    let streams = stream(message, message.len(), Ok(())).0 != UNSUPPORTED;
    let or_unsupported = |verdict| if streams { verdict } else { UNSUPPORTED };
    for piece in [1, 7, message.len()] {
        let (verdict, calls) = stream(message, piece, Ok(()));
        let name = "a stream has the verdict of the whole, or is unsupported";
        run.verdict_is(algorithm, name, piece, verdict, or_unsupported(Ok(())));
        run.check(algorithm, "a feed is called once", piece, calls <= 1, Found::Calls(calls));
        let altered = Altered::flipped(message, message.len() / 2);
        let (verdict, _) = stream(altered.bytes(), piece, Ok(()));
        let invalid = or_unsupported(Err(VerifyError::InvalidSignature));
        run.verdict_is(algorithm, "a changed stream", piece, verdict, invalid);
        let (verdict, _) = stream(message, piece, Err(Interrupted));
        let interrupted = or_unsupported(Err(VerifyError::Interrupted));
        run.verdict_is(algorithm, "an interrupted stream", piece, verdict, interrupted);
    }
}
