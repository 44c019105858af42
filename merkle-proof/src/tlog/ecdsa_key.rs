//! ECDSA keys of notes, as SubjectPublicKeyInfo (RFC 5480 2).

/// A curve on which notes are signed (C2SP signed-note, type 0x02): P-256, P-384 or P-521, and
/// nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoteCurve {
    P256,
    P384,
    P521,
}

/// What stands before the coordinates of an uncompressed point, and how long each coordinate is.
/// DER has one way of writing it.
const HEADS: [(NoteCurve, usize, &[u8]); 3] = [
    (
        NoteCurve::P256,
        32,
        b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\
          \x03\x42\x00\x04",
    ),
    (
        NoteCurve::P384,
        48,
        b"\x30\x76\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22\x03\x62\x00\
          \x04",
    ),
    (
        NoteCurve::P521,
        66,
        b"\x30\x81\x9b\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x23\x03\x81\
          \x86\x00\x04",
    ),
];

/// The curve of a key, and its coordinates. `None` for other curves, points and forms.
pub(super) fn point(info: &[u8]) -> Option<(NoteCurve, &[u8], &[u8])> {
    HEADS.iter().find_map(|(curve, field, head)| {
        let (x, y) = info.strip_prefix(*head)?.split_at_checked(*field)?;
        (y.len() == *field).then_some((*curve, x, y))
    })
}
