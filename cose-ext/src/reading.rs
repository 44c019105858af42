//! Payloads and preimages that a reader hands over.

use std::io::{self, Read};

use crate::{
    Context, Digest, Error, Verified,
    crypto::{HashValue, Interrupted},
    error::Verification,
};

/// How much is read at a time, in bytes: on the stack, and enough that calls do not count.
const BLOCK: usize = 8 * 1024;

/// Returns a feed for a [`Stream`](crate::Stream) that hands over everything that `reader` still
/// has.
///
/// It reads once, so it serves one signature. An error of the reader is left in `fault`.
///
/// ```
/// use cose_ext::{Stream, feed_from};
/// # fn verify(file: std::fs::File) -> Result<(), Box<dyn std::error::Error>> {
/// let len = file.metadata()?.len();
/// let (mut file, mut fault) = (file, None);
/// let mut feed = feed_from(&mut file, &mut fault);
/// let stream = Stream::new(len, &mut feed);
/// // message.verify_stream(&mut stream, ..)
/// # let _ = stream; Ok(()) }
/// ```
#[allow(clippy::type_complexity, reason = "it is a `Feed`, by value")]
pub fn feed_from<'r>(
    reader: &'r mut dyn Read,
    fault: &'r mut Option<io::Error>,
) -> impl FnMut(&mut dyn FnMut(&[u8])) -> Result<(), Interrupted> + 'r {
    move |sink| {
        let mut block = [0; BLOCK];
        loop {
            match reader.read(&mut block) {
                Ok(0) => return Ok(()),
                Ok(len) => sink(block.get(..len).unwrap_or_default()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    *fault = Some(error);
                    return Err(Interrupted);
                }
            }
        }
    }
}

impl<B: Copy> Verified<Digest<'_>, B> {
    /// Lets the signed digest vouch for all that `reader` still has, and returns how many bytes
    /// that were: a file that does not fit into memory. The caller makes sure that nobody changes
    /// the bytes afterwards.
    ///
    /// # Errors
    ///
    /// Those of `reader`, and within [`io::Error`] the [`Error`] of
    /// [`vouch_for`](Verified::vouch_for).
    pub fn vouch_for_reader(
        &self,
        reader: &mut dyn Read,
        context: &Context<'_>,
    ) -> io::Result<Verified<u64, B>> {
        let function = context.hash_function(self.value().algorithm()).map_err(io::Error::other)?;
        let mut len = 0_u64;
        let mut fault = None;
        let digest: Result<HashValue, Interrupted> = {
            let mut feed = feed_from(reader, &mut fault);
            function.hash_stream(&mut |sink| {
                feed(&mut |block| {
                    len = len.saturating_add(crate::cbor::widen(block.len()));
                    sink(block);
                })
            })
        };
        let interrupted = |_| fault.unwrap_or(io::ErrorKind::UnexpectedEof.into());
        let digest = digest.map_err(interrupted)?;
        if digest.as_ref() == self.value().value() {
            Ok(Verified::new(len, *self.by()))
        } else {
            Err(io::Error::other(Error::from(Verification::DigestMismatch)))
        }
    }
}
