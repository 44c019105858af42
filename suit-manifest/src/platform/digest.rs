//! The digest of a component, by the engine of the device or by reading it.

use cose_ext::{
    Context,
    crypto::{Algorithm, Interrupted},
};

use super::{ImageDigest, Platform};
use crate::ComponentName;

/// Bytes that are read from the device at once.
const CHUNK: usize = 128;

/// Digests the component into `out`; `None` if it is absent or nobody has the algorithm.
pub(super) fn digest<P: Platform>(
    platform: &mut P,
    component: &ComponentName<'_>,
    algorithm: Algorithm,
    size: Option<u64>,
    out: &mut [u8],
    context: &Context<'_>,
) -> Result<Option<ImageDigest>, P::Error> {
    match platform.digest(component, algorithm, size, out)? {
        Some(image) => Ok(Some(image)),
        None if P::HAS_HASH_ENGINE => Ok(None),
        None => by_reading(platform, component, algorithm, size, out, context),
    }
}

/// Reads the component piece by piece and hashes it: to its end, or until it is larger than `size`,
/// where no digest can match any more.
fn by_reading<P: Platform>(
    platform: &mut P,
    component: &ComponentName<'_>,
    algorithm: Algorithm,
    size: Option<u64>,
    out: &mut [u8],
    context: &Context<'_>,
) -> Result<Option<ImageDigest>, P::Error> {
    let Ok(function) = context.hash_function(algorithm) else { return Ok(None) };
    let mut chunk = [0; CHUNK];
    let (mut offset, mut failed) = (0usize, None);
    let hash = function.hash_stream(&mut |hashed| {
        loop {
            let read = match platform.read(component, offset, &mut chunk) {
                Ok(Some(read)) => read,
                Ok(None) => return Err(Interrupted),
                Err(error) => {
                    failed = Some(error);
                    return Err(Interrupted);
                }
            };
            let piece = chunk.get(..read).unwrap_or_default();
            hashed(piece);
            offset = offset.saturating_add(piece.len());
            let is_larger =
                size.is_some_and(|size| u64::try_from(offset).is_ok_and(|it| it > size));
            if piece.is_empty() || is_larger {
                return Ok(());
            }
        }
    });
    if let Some(error) = failed {
        return Err(error);
    }
    let Ok(hash) = hash else { return Ok(None) };
    let len = hash.as_ref().len();
    let (Some(place), Ok(size)) = (out.get_mut(..len), u64::try_from(offset)) else {
        return Ok(None);
    };
    place.copy_from_slice(hash.as_ref());
    Ok(Some(ImageDigest { len, size }))
}
