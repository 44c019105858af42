use crate::{Chapter, Files, verify};

/// Every byte of the message, one bit changed, is refused.
pub(crate) fn sign1(files: &Files<'_>) -> Result<(), Chapter> {
    each_byte(files.sign1, |message| verify::sign1(files, message).is_err())
        .ok_or(Chapter::TamperedSign1)
}

/// Every byte of the receipt is refused, two excepted.
pub(crate) fn receipt(files: &Files<'_>) -> Result<(), Chapter> {
    each_byte(files.receipt, |receipt| verify::receipt(files, receipt).is_err())
        .ok_or(Chapter::TamperedReceipt)
}

/// Every byte of the statement and of the receipt in it is refused, two excepted; so are another
/// artifact, and the receipt of another statement.
pub(crate) fn transparent_statement(files: &Files<'_>) -> Result<(), Chapter> {
    let refused = |statement: &[u8], artifact: &[u8]| {
        verify::transparent_statement(files, statement, artifact).is_err()
    };
    let unchanged = files.transparent_statement;
    each_byte(unchanged, |statement| refused(statement, files.artifact))
        .and_then(|()| each_byte(files.artifact, |artifact| refused(unchanged, artifact)))
        .filter(|()| refused(files.grafted_statement, files.artifact))
        .ok_or(Chapter::TamperedStatement)
}

/// `Some` if `refused` holds for `bytes` with the lowest bit of any one byte changed.
///
/// Skipped are the tree size and the leaf index of an inclusion proof: RFC 9942 leaves both outside
/// of what is signed, so that a change of them may alter no verdict.
fn each_byte(bytes: &[u8], refused: impl Fn(&[u8]) -> bool) -> Option<()> {
    let unauthenticated = proof(bytes).map_or(0..0, |at| at.saturating_add(1)..at.saturating_add(3));
    let mut copy = [0; 1024];
    let copy = copy.get_mut(..bytes.len())?;
    copy.copy_from_slice(bytes);
    for at in (0..bytes.len()).filter(|at| !unauthenticated.contains(at)) {
        *copy.get_mut(at)? ^= 1;
        if !refused(copy) {
            return None;
        }
        *copy.get_mut(at)? ^= 1;
    }
    // The copy is whole again, so it was the changes that were refused.
    (copy == bytes && !refused(copy)).then_some(())
}

/// Where the inclusion proof `[7, 3, [hash, hash, hash]]` of the story starts.
fn proof(bytes: &[u8]) -> Option<usize> {
    bytes.windows(6).position(|window| window == [0x83, 7, 3, 0x83, 0x58, 32])
}
