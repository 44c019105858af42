//! Countersignatures (RFC 9338): of every structure, full and abbreviated, and those of RFC 8152.

mod authoring;
mod forms;
mod targets;
mod versions;

use cose_ext::countersignature::{Countersigned, Target};
use cose_ext::crypto::{Algorithm, Signer};
use cose_ext::header::Headers;
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::sign::CoseSignature;
use cose_ext::{
    Context, Countersignature, Encrypt, Encrypt0, Error, Input, Mac, Mac0, Profile, Recipient,
    Sign, Sign1, Verified,
};

use crate::messages::{bstr, h, issuer, trusted_issuer};

/// The protected bucket of targets and of countersignatures.
const PROTECTED: [u8; 3] = [0xa1, 0x01, 0x26];
const CONTENT: &[u8] = b"content";
const AUTHENTICATOR: &[u8] = b"authenticator";

/// What can be countersigned.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Sign1,
    Sign,
    Signature,
    Mac0,
    Mac,
    Encrypt0,
    Encrypt,
    Recipient,
    Countersignature,
}

impl Kind {
    const ALL: [Self; 9] = [
        Self::Sign1,
        Self::Sign,
        Self::Signature,
        Self::Mac0,
        Self::Mac,
        Self::Encrypt0,
        Self::Encrypt,
        Self::Recipient,
        Self::Countersignature,
    ];

    /// The third byte string, of structures that have one.
    fn authenticator(self) -> Option<&'static [u8]> {
        matches!(self, Self::Sign1 | Self::Mac0 | Self::Mac).then_some(AUTHENTICATOR)
    }

    /// A message with a structure of this kind that has this unprotected bucket: what stands before
    /// the structure, what of it is covered, and what is not.
    fn message(self, unprotected: &[u8]) -> [Vec<u8>; 3] {
        let layer = |head: u8, more: &[u8]| {
            [&[head][..], &bstr(&PROTECTED), unprotected, &bstr(CONTENT), more].concat()
        };
        let authenticator = bstr(AUTHENTICATOR);
        let other = h("81 83 40 a0 4101");
        let none = Vec::new;
        match self {
            Self::Sign1 | Self::Mac0 => [none(), layer(0x84, &authenticator), none()],
            Self::Mac => [none(), layer(0x85, &authenticator), other],
            Self::Sign | Self::Encrypt => [none(), layer(0x84, &[]), other],
            Self::Encrypt0 | Self::Countersignature => [none(), layer(0x83, &[]), none()],
            Self::Signature | Self::Recipient => [h("84 40 a0 40 81"), layer(0x83, &[]), none()],
        }
    }

    /// Reads the message and calls `then` with the structure.
    fn read<T>(
        self,
        bytes: &[u8],
        then: impl FnOnce(&Headers<'_>, Target<'_>) -> T,
    ) -> Result<T, Error> {
        let profile = Profile::LENIENT;
        Ok(match self {
            Self::Sign1 => {
                let message = Sign1::decode(bytes, &profile)?;
                then(message.headers(), Target::from(&message))
            }
            Self::Sign => {
                let message = Sign::decode(bytes, &profile)?;
                then(message.headers(), Target::from(&message))
            }
            Self::Signature => {
                let message = Sign::decode(bytes, &profile)?;
                let one: CoseSignature<'_> = message.signatures().iter().next().unwrap();
                then(one.headers(), Target::from(&one))
            }
            Self::Mac0 => {
                let message = Mac0::decode(bytes, &profile)?;
                then(message.headers(), Target::from(&message))
            }
            Self::Mac => {
                let message = Mac::decode(bytes, &profile)?;
                then(message.headers(), Target::from(&message))
            }
            Self::Encrypt0 => {
                let message = Encrypt0::decode(bytes, &profile)?;
                then(message.headers(), Target::from(&message))
            }
            Self::Encrypt => {
                let message = Encrypt::decode(bytes, &profile)?;
                then(message.headers(), Target::from(&message))
            }
            Self::Recipient => {
                let message = Encrypt::decode(bytes, &profile)?;
                let one: Recipient<'_> = message.recipients().iter().next().unwrap();
                then(one.headers(), Target::from(&one))
            }
            Self::Countersignature => {
                let message = Countersignature::decode(bytes, &profile)?;
                then(message.headers(), Target::from(&message))
            }
        })
    }
}

/// A Countersign_structure, all in one piece.
fn structure(
    context: &str,
    signer: Option<&[u8]>,
    external_aad: &[u8],
    content: &[u8],
    other: Option<&[u8]>,
) -> Vec<u8> {
    let elements = 4 + u8::from(signer.is_some()) + u8::from(other.is_some());
    [
        &[0x80 | elements, 0x60 | context.len() as u8][..],
        context.as_bytes(),
        &bstr(&PROTECTED),
        &signer.map(bstr).unwrap_or_default(),
        &bstr(external_aad),
        &bstr(content),
        &other.map(|other| [&[0x81][..], &bstr(other)].concat()).unwrap_or_default(),
    ]
    .concat()
}

/// The structure of a full countersignature.
fn full(kind: Kind) -> Vec<u8> {
    let other = kind.authenticator();
    let context = if other.is_some() { "CounterSignatureV2" } else { "CounterSignature" };
    structure(context, Some(&PROTECTED), b"", CONTENT, other)
}

/// The structure of an abbreviated countersignature.
fn abbreviated(kind: Kind) -> Vec<u8> {
    let other = kind.authenticator();
    let context = if other.is_some() { "CounterSignature0V2" } else { "CounterSignature0" };
    structure(context, None, b"", CONTENT, other)
}

fn signed_by(signer: &dyn Signer, structure: &[u8]) -> Vec<u8> {
    let mut signature = vec![0; signer.signature_len()];
    let len = signer.sign(&[structure], &mut signature).unwrap();
    signature.truncate(len);
    signature
}

/// A signature by the issuer.
fn signed(structure: &[u8]) -> Vec<u8> {
    signed_by(&issuer(), structure)
}

/// A COSE_Countersignature with [`PROTECTED`].
fn countersignature(signature: &[u8]) -> Vec<u8> {
    [&[0x83][..], &bstr(&PROTECTED), &[0xa0], &bstr(signature)].concat()
}

/// A map of one parameter.
fn bucket(label: u8, value: &[u8]) -> Vec<u8> {
    [&[0xa1, label], value].concat()
}

/// The first full countersignature of a structure, verified under the issuer's key.
fn verify(kind: Kind, bytes: &[u8], input: &Input<'_, '_>) -> Result<(), Error> {
    kind.read(bytes, |headers, target| {
        let one = headers.countersignatures(&Profile::LENIENT)?.unwrap().iter().next().unwrap();
        one.verify(target, input, &trusted_issuer(), &Context::new(&RustCrypto)).map(drop)
    })?
}

/// The abbreviated countersignature of a structure, verified under the issuer's key.
fn verify0(kind: Kind, bytes: &[u8]) -> Result<(), Error> {
    kind.read(bytes, |headers, target| {
        let one = headers.countersignature0()?.unwrap();
        let context = Context::new(&RustCrypto);
        one.verify(target, &Input::embedded(), Algorithm::ES256, &trusted_issuer(), &context)
            .map(drop)
    })?
}

fn message(kind: Kind, unprotected: &[u8]) -> Vec<u8> {
    kind.message(unprotected).concat()
}

/// A value that is one full countersignature of a COSE_Sign1, made with [`full`].
fn sign1_with(label: u8, value: &[u8]) -> Vec<u8> {
    message(Kind::Sign1, &bucket(label, value))
}

fn is_as_signed(verified: &Verified<Countersigned<'_, &[u8]>>, kind: Kind) -> bool {
    let value = verified.value();
    verified.by().identity() == trusted_issuer().identity()
        && verified.by().algorithm() == Algorithm::ES256
        && value.target().as_received() == PROTECTED
        && value.content() == CONTENT
        && value.authenticator() == kind.authenticator()
}
