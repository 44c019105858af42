//! Writing JWKs (RFC 7517).

use alloc::string::String;
use core::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use zeroize::Zeroizing;

use super::{
    super::whole::{check_part, check_whole},
    Jwk, names,
};
use crate::{
    Error, Rule,
    crypto::{
        Algorithm, Curve, KeyMaterial, KeyOperation, KeyOperations, KeyProfile, KeyType,
        PrivateKey, PrivateKeyMaterial, PublicKey, SymmetricKey, YCoordinate,
    },
    error::{ErrorKind, Misuse, Unsupported},
};

impl Jwk {
    /// Encodes a public key as [`JwkEncoder`] does.
    ///
    /// # Errors
    ///
    /// As [`JwkEncoder::public`].
    pub fn encode(key: &PublicKey<'_>, key_id: Option<&str>) -> Result<String, Error> {
        let mut encoder = JwkEncoder::public(*key)?;
        encoder.key_id = key_id;
        Ok(core::mem::take(&mut encoder.encode()))
    }
}

/// Encodes a key as a JWK (RFC 7517): one line, members in alphabetical order, with the algorithm
/// that the key states. `Debug` shows the type only.
#[derive(Clone, Copy)]
pub struct JwkEncoder<'a> {
    own: Own<'a>,
    profile: KeyProfile,
    /// Named by JOSE.
    algorithm: Option<&'static str>,
    curve: Option<&'static str>,
    key_id: Option<&'a str>,
    operations: KeyOperations,
}

/// The members of the key type; of OKP and EC keys `d`, of AKP keys `priv`, and of RSA keys what
/// begins with `d`, only if private.
#[derive(Clone, Copy)]
enum Own<'a> {
    Octets { k: &'a [u8] },
    Okp { x: &'a [u8], d: Option<&'a [u8]> },
    Ec { x: &'a [u8], y: &'a [u8], d: Option<&'a [u8]> },
    Rsa { n: &'a [u8], e: &'a [u8], private: Option<RsaPrivate<'a>> },
    Akp { public: &'a [u8], seed: Option<&'a [u8]> },
}

/// The private members of an RSA key with two primes.
#[derive(Clone, Copy)]
struct RsaPrivate<'a> {
    d: &'a [u8],
    p: &'a [u8],
    q: &'a [u8],
    dp: &'a [u8],
    dq: &'a [u8],
    qi: &'a [u8],
}

impl<'a> RsaPrivate<'a> {
    /// Numbers are in as few bytes as each takes (RFC 7518 2).
    fn check(&self, n: &'a [u8], e: &'a [u8]) -> Result<(), Error> {
        let Self { d, p, q, dp, dq, qi } = *self;
        let is_minimal = |number: &&[u8]| number.first().is_some_and(|first| *first != 0);
        if [n, e, d, p, q, dp, dq, qi].iter().all(is_minimal) {
            Ok(())
        } else {
            Err(Misuse::Builder(Rule::KeyForm).into())
        }
    }
}

const UNSUPPORTED: Error = Error::new(ErrorKind::Unsupported(Unsupported::KeyFormat));

impl<'a> JwkEncoder<'a> {
    /// Makes an encoder of a public key, without kid, and for all operations.
    ///
    /// # Errors
    ///
    /// `Malformed` for coordinates that are not as long as the curve needs (RFC 7518 6.2.1.2);
    /// `Unsupported` for what has no JWK form: compressed points, HSS/LMS keys, AKP keys that state
    /// no algorithm (RFC 9964 3), and curves and algorithms without a name there.
    pub fn public(key: PublicKey<'a>) -> Result<Self, Error> {
        check_whole(&key.material, 0)?;
        let own = match key.material {
            KeyMaterial::Okp { x, .. } => Own::Okp { x, d: None },
            KeyMaterial::Ec2 { x, y: YCoordinate::Value(y), .. } => Own::Ec { x, y, d: None },
            KeyMaterial::Rsa { n, e } => Own::Rsa { n, e, private: None },
            KeyMaterial::Akp { public } => Own::Akp { public, seed: None },
            _ => return Err(UNSUPPORTED),
        };
        Self::new(own, key.profile(), names::of_algorithm)
    }

    /// Makes an encoder of a private key, without kid, and for all operations.
    ///
    /// # Errors
    ///
    /// `Misuse` for a public part that is missing, which JWKs require (RFC 7518 6.2.2, RFC 8037 2,
    /// RFC 9964 3; the private part of an RSA key has it), or of another key type or curve, and for
    /// a number of an RSA key that is empty or has leading zeros; `Unsupported` as
    /// [`public`](Self::public).
    pub fn private(key: PrivateKey<'a>) -> Result<Self, Error> {
        use PrivateKeyMaterial::{Akp, Ec2, Okp, Rsa};
        let own = match (key.material, key.public) {
            (Okp { curve, d }, Some(KeyMaterial::Okp { curve: same, x })) if curve == same => {
                Own::Okp { x, d: Some(d) }
            }
            (Ec2 { curve, d }, Some(KeyMaterial::Ec2 { curve: same, x, y })) if curve == same => {
                let YCoordinate::Value(y) = y else { return Err(UNSUPPORTED) };
                Own::Ec { x, y, d: Some(d) }
            }
            (Rsa { n, e, d, p, q, dp, dq, qi }, public)
                if public.is_none_or(|public| public == KeyMaterial::Rsa { n, e }) =>
            {
                let private = RsaPrivate { d, p, q, dp, dq, qi };
                private.check(n, e)?;
                Own::Rsa { n, e, private: Some(private) }
            }
            (Akp { seed }, Some(KeyMaterial::Akp { public })) => {
                Own::Akp { public, seed: Some(seed) }
            }
            _ => return Err(Misuse::Builder(Rule::KeyForm).into()),
        };
        check_part(&key.public, 0)?;
        Self::new(own, key.profile(), names::of_algorithm)
    }

    /// Makes an encoder of a symmetric key (RFC 7518 6.4), without kid, and for all operations.
    ///
    /// # Errors
    ///
    /// `Unsupported` for an algorithm that JOSE does not have.
    pub fn symmetric(key: SymmetricKey<'a>) -> Result<Self, Error> {
        Self::new(Own::Octets { k: key.k }, key.profile(), names::of_symmetric)
    }

    fn new(
        own: Own<'a>,
        profile: KeyProfile,
        name: fn(Algorithm) -> Option<&'static str>,
    ) -> Result<Self, Error> {
        let named = |curve: Curve| names::of_curve(curve).ok_or(UNSUPPORTED);
        let curve = profile.curve.map(named).transpose()?;
        let named = |algorithm: Algorithm| name(algorithm).ok_or(UNSUPPORTED);
        let algorithm = profile.algorithm.map(named).transpose()?;
        if profile.key_type == KeyType::AKP && algorithm.is_none() {
            return Err(UNSUPPORTED);
        }
        let operations = KeyOperations::ALL;
        Ok(Self { own, profile, algorithm, curve, key_id: None, operations })
    }

    /// Returns this encoder with a `kid`.
    #[must_use]
    pub const fn with_key_id(mut self, key_id: &'a str) -> Self {
        self.key_id = Some(key_id);
        self
    }

    /// Returns this encoder for these operations only, as `key_ops` says; [`KeyOperations::ALL`]
    /// leaves it out. To make a MAC is called to sign there, and to check one to verify (RFC 7517
    /// 4.3).
    #[must_use]
    pub const fn with_operations(mut self, operations: KeyOperations) -> Self {
        self.operations = operations;
        self
    }

    /// Returns the encoding, which is wiped when dropped.
    ///
    /// The whole length is reserved at once, because a buffer that grows would leave secrets
    /// behind.
    #[must_use]
    pub fn encode(&self) -> Zeroizing<String> {
        let mut len: usize = 0;
        self.write(&mut |text| len = len.saturating_add(text.len()));
        let mut json = Zeroizing::new(String::with_capacity(len));
        self.write(&mut |text| json.push_str(text));
        json
    }

    fn write(&self, sink: &mut dyn FnMut(&str)) {
        let mut members = Members { sink: &mut *sink, is_empty: true };
        members.text("alg", self.algorithm);
        members.text("crv", self.curve);
        let (kty, d, e, k) = match self.own {
            Own::Octets { k } => ("oct", None, None, Some(k)),
            Own::Okp { d, .. } => ("OKP", d, None, None),
            Own::Ec { d, .. } => ("EC", d, None, None),
            Own::Rsa { e, private, .. } => ("RSA", private.map(|own| own.d), Some(e), None),
            Own::Akp { .. } => ("AKP", None, None, None),
        };
        members.bytes("d", d);
        let rsa = match self.own {
            Own::Rsa { private, .. } => private,
            _ => None,
        };
        members.bytes("dp", rsa.map(|own| own.dp));
        members.bytes("dq", rsa.map(|own| own.dq));
        members.bytes("e", e);
        members.bytes("k", k);
        members.operations(self.operations, kty == "oct");
        members.escaped("kid", self.key_id);
        members.text("kty", Some(kty));
        match self.own {
            Own::Octets { .. } => {}
            Own::Okp { x, .. } => members.bytes("x", Some(x)),
            Own::Ec { x, y, .. } => {
                members.bytes("x", Some(x));
                members.bytes("y", Some(y));
            }
            Own::Rsa { n, .. } => {
                members.bytes("n", Some(n));
                members.bytes("p", rsa.map(|own| own.p));
                members.bytes("q", rsa.map(|own| own.q));
                members.bytes("qi", rsa.map(|own| own.qi));
            }
            Own::Akp { public, seed } => {
                members.bytes("priv", seed);
                members.bytes("pub", Some(public));
            }
        }
        sink("}");
    }
}

impl fmt::Debug for JwkEncoder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JwkEncoder({})", self.profile)
    }
}

/// The members of an object, written one after the other.
struct Members<'s> {
    sink: &'s mut dyn FnMut(&str),
    is_empty: bool,
}

impl Members<'_> {
    fn name(&mut self, name: &str) {
        let before = if self.is_empty { "{" } else { "," };
        self.is_empty = false;
        [before, "\"", name, "\":"].into_iter().for_each(&mut *self.sink);
    }

    /// `value` needs no escapes.
    fn text(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.name(name);
            ["\"", value, "\""].into_iter().for_each(&mut *self.sink);
        }
    }

    /// Escapes what JSON wants escaped (RFC 8259 7).
    fn escaped(&mut self, name: &str, value: Option<&str>) {
        let Some(value) = value else { return };
        self.name(name);
        (self.sink)("\"");
        for character in value.chars() {
            match character {
                '"' => (self.sink)("\\\""),
                '\\' => (self.sink)("\\\\"),
                '\u{0}'..='\u{1f}' => {
                    let code = u32::from(character);
                    (self.sink)(if code < 0x10 { "\\u000" } else { "\\u001" });
                    let digit = char::from_digit(code & 0xf, 16).unwrap_or_default();
                    (self.sink)(digit.encode_utf8(&mut [0; 4]));
                }
                other => (self.sink)(other.encode_utf8(&mut [0; 4])),
            }
        }
        (self.sink)("\"");
    }

    /// In base64url without padding (RFC 7515 2), piece by piece over a buffer that is wiped: the
    /// bytes may be a secret.
    fn bytes(&mut self, name: &str, value: Option<&[u8]>) {
        let Some(value) = value else { return };
        self.name(name);
        (self.sink)("\"");
        let mut buffer = Zeroizing::new([0; 64]);
        // Three bytes are four digits: pieces of this length come out as the whole does.
        for piece in value.chunks(48) {
            // It fits, so that nothing is left out.
            let digits = Base64UrlUnpadded::encode(piece, buffer.as_mut_slice());
            (self.sink)(digits.unwrap_or_default());
        }
        (self.sink)("\"");
    }

    fn operations(&mut self, operations: KeyOperations, is_symmetric: bool) {
        if operations == KeyOperations::ALL {
            return;
        }
        self.name("key_ops");
        let mut before = "[\"";
        for operation in KeyOperation::ALL.iter().filter(|one| operations.permit(**one)) {
            use KeyOperation::{MacCreate, MacVerify, Sign, Verify};
            let of_another_type = match is_symmetric {
                true => matches!(operation, Sign | Verify),
                false => matches!(operation, MacCreate | MacVerify),
            };
            if let (Some(name), false) = (names::of_operation(*operation), of_another_type) {
                [before, name].into_iter().for_each(&mut *self.sink);
                before = "\",\"";
            }
        }
        (self.sink)(if before == "[\"" { "[]" } else { "\"]" });
    }
}
