//! COSE_Key (RFC 9052 7).

mod private;

use core::fmt;

use super::whole::check_whole;
use crate::{
    Error, IntOrText, Profile, Rule,
    cbor::{self, Array, Item, Map, Raw, Reader},
    crypto::{
        Algorithm, Curve, KeyMaterial, KeyOperation, KeyOperations, KeyType, PublicKey, YCoordinate,
    },
    diag,
    error::{Breaks, Policy, Unsupported},
    label::KeyLabel,
};

/// A COSE_Key as it was received (RFC 9052 7): a map, borrowed, every parameter kept.
///
/// It may hold a private key: nothing secret is shown.
///
/// ```
/// use cose_ext::{Profile, key::CoseKey};
///
/// // {1: 1, 3: -8, -1: 6, -2: h'0707...'}: an Ed25519 public key for EdDSA.
/// let bytes = [&b"\xa4\x01\x01\x03\x27\x20\x06\x21\x58\x20"[..], &[7; 32]].concat();
/// let key = CoseKey::decode(&bytes, &Profile::LENIENT)?;
/// println!("{key}"); // {1 / kty /: 1 / OKP /, 3 / alg /: -8 / EdDSA /, ...
/// assert!(key.public_key().is_ok());
/// assert!(key.private_key().is_err()); // it has no `d`
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct CoseKey<'a> {
    map: Map<'a>,
}

impl<'a> CoseKey<'a> {
    /// Reads a key that is the whole of `bytes`.
    ///
    /// # Errors
    ///
    /// If it is not a map, or its labels are neither integers nor text.
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let map = Map::decode(bytes, 0, profile.strictness, &profile.limits.cbor);
        Self::check(map.breaks(Rule::KeyForm)?)
    }

    /// Reads a key at the front of `bytes`, and returns it with what follows: extensions, in the
    /// attested credential data of WebAuthn.
    ///
    /// # Errors
    ///
    /// As [`decode`](Self::decode), trailing bytes aside.
    pub fn decode_prefix(bytes: &'a [u8], profile: &Profile) -> Result<(Self, &'a [u8]), Error> {
        let mut reader = Reader::new(bytes, profile.strictness);
        cbor::check(&mut reader, &profile.limits.cbor)?;
        let (key, rest) = bytes.split_at_checked(reader.position()).unwrap_or_default();
        Ok((Self::new(&Raw::new(key, 0), Rule::KeyForm)?, rest))
    }

    /// The key that stands in a checked item; anything but a map breaks `rule`.
    pub(crate) fn new(value: &Raw<'a>, rule: Rule) -> Result<Self, Error> {
        Self::check(Map::new(value).breaks(rule)?)
    }

    fn check(map: Map<'a>) -> Result<Self, Error> {
        if map.has_plain_keys() {
            return Ok(Self { map });
        }
        for (label, _) in &map {
            KeyLabel::read_raw(&label, Rule::KeyForm)?;
        }
        Ok(Self { map })
    }

    /// Labels and values in the order of the input.
    #[cfg(feature = "coset")]
    pub(crate) fn iter(&self) -> impl Iterator<Item = (KeyLabel<'a>, Raw<'a>)> + use<'a> {
        self.map.iter().filter_map(|(label, value)| {
            Some((KeyLabel::read_raw(&label, Rule::KeyForm).ok()?, value))
        })
    }

    /// Returns the value of the parameter `label`. In a private key it may be a secret.
    #[must_use]
    pub fn find(&self, label: KeyLabel<'_>) -> Option<Raw<'a>> {
        label.value().find_in(&self.map)
    }

    /// Returns `kty`, the key type.
    ///
    /// # Errors
    ///
    /// If it is missing, or no integer.
    pub fn key_type(&self) -> Result<KeyType, Error> {
        let value = self.required(KeyLabel::KTY)?;
        match IntOrText::read_raw(&value, Rule::KeyForm)?.to_i64() {
            Some(kty) => Ok(KeyType::new(kty)),
            None => Err(Unsupported::KeyFormat.into()),
        }
    }

    /// Returns `kid`, a name of the key that its owner chose.
    ///
    /// # Errors
    ///
    /// If it is not a byte string.
    pub fn key_id(&self) -> Result<Option<&'a [u8]>, Error> {
        self.find(KeyLabel::KID)
            .map(|value| value.read(Reader::bytes).breaks(Rule::KeyForm))
            .transpose()
    }

    /// Returns `alg`, the only algorithm that the key may be used with.
    ///
    /// # Errors
    ///
    /// If it is not a registered number.
    pub fn algorithm(&self) -> Result<Option<Algorithm>, Error> {
        let Some(value) = self.find(KeyLabel::ALG) else { return Ok(None) };
        match IntOrText::read_raw(&value, Rule::KeyForm)?.to_i64() {
            Some(algorithm) => Ok(Some(Algorithm::new(algorithm))),
            None => Err(Error::from(Unsupported::AlgorithmName).at(value.offset())),
        }
    }

    /// Returns the public key, if this key may verify signatures.
    ///
    /// # Errors
    ///
    /// `Policy` for a symmetric key and for `key_ops` without verify; `Malformed` for missing or
    /// mistyped parameters; `Unsupported` for key types that are not read here.
    pub fn public_key(&self) -> Result<PublicKey<'a>, Error> {
        let key = self.public_part()?;
        self.check_operation(KeyOperation::Verify)?;
        Ok(key)
    }

    /// Returns the public key, for others to agree with it on secrets.
    ///
    /// `key_ops` is not looked at: a public key for that purpose has none (RFC 9053 6.3.1).
    ///
    /// # Errors
    ///
    /// As [`public_key`](Self::public_key), operations aside.
    pub fn agreement_key(&self) -> Result<PublicKey<'a>, Error> {
        self.public_part()
    }

    fn public_part(&self) -> Result<PublicKey<'a>, Error> {
        let material = match self.key_type()? {
            KeyType::OKP => KeyMaterial::Okp {
                curve: self.curve(KeyLabel::OKP_CRV)?,
                x: self.bytes(KeyLabel::OKP_X)?,
            },
            KeyType::EC2 => KeyMaterial::Ec2 {
                curve: self.curve(KeyLabel::EC2_CRV)?,
                x: self.bytes(KeyLabel::EC2_X)?,
                y: self.y()?,
            },
            KeyType::RSA => KeyMaterial::Rsa {
                n: self.number(KeyLabel::RSA_N)?,
                e: self.number(KeyLabel::RSA_E)?,
            },
            KeyType::HSS_LMS => KeyMaterial::HssLms { public: self.bytes(KeyLabel::HSS_LMS_PUB)? },
            KeyType::AKP => {
                // RFC 9964: alg is a required parameter of this type.
                self.required(KeyLabel::ALG)?;
                KeyMaterial::Akp { public: self.bytes(KeyLabel::AKP_PUB)? }
            }
            KeyType::SYMMETRIC => return Err(Policy::NotAPublicKey.into()),
            _ => return Err(Unsupported::KeyFormat.into()),
        };
        check_whole(&material, self.map.offset())?;
        Ok(PublicKey { material, algorithm: self.algorithm()? })
    }

    /// Returns `key_ops`, what the key may be used for. A key that does not say may be used for
    /// everything.
    ///
    /// # Errors
    ///
    /// If it is not an array of integers and text.
    pub fn operations(&self) -> Result<KeyOperations, Error> {
        let Some(value) = self.find(KeyLabel::KEY_OPS) else { return Ok(KeyOperations::ALL) };
        let mut operations = KeyOperations::NONE;
        for operation in &Array::new(&value).breaks(Rule::KeyForm)? {
            let label = IntOrText::read_raw(&operation, Rule::KeyForm)?;
            let known = KeyOperation::ALL.iter().find(|known| {
                label == IntOrText::int(known.value()) || label == IntOrText::Text(known.name())
            });
            operations = known.map_or(operations, |known| operations.and(*known));
        }
        Ok(operations)
    }

    fn check_operation(&self, operation: KeyOperation) -> Result<(), Error> {
        if self.operations()?.permit(operation) {
            Ok(())
        } else {
            Err(Policy::KeyOperations.into())
        }
    }

    pub(crate) fn required(&self, label: KeyLabel<'_>) -> Result<Raw<'a>, Error> {
        self.find(label).ok_or(Error::malformed(Rule::KeyForm, self.map.offset()))
    }

    fn bytes(&self, label: KeyLabel<'_>) -> Result<&'a [u8], Error> {
        self.required(label)?.read(Reader::bytes).breaks(Rule::KeyForm)
    }

    /// A number of an RSA key, in as few bytes as it takes (RFC 8230 4): one key has one
    /// thumbprint.
    fn number(&self, label: KeyLabel<'_>) -> Result<&'a [u8], Error> {
        let bytes = self.bytes(label)?;
        if bytes.first().is_none_or(|first| *first == 0) {
            let value = self.required(label)?;
            return Err(Error::malformed(Rule::KeyForm, value.offset()));
        }
        Ok(bytes)
    }

    fn curve(&self, label: KeyLabel<'_>) -> Result<Curve, Error> {
        let curve = IntOrText::read_raw(&self.required(label)?, Rule::KeyForm)?;
        curve.to_i64().map(Curve::new).ok_or(Error::from(Unsupported::KeyFormat))
    }

    fn y(&self) -> Result<YCoordinate<'a>, Error> {
        let read = |reader: &mut Reader<'a>| {
            let start = reader.position();
            match reader.item()? {
                Item::Bytes(y) => Ok(YCoordinate::Value(y)),
                Item::Bool(odd) => Ok(YCoordinate::Sign(odd)),
                other => Err(reader.unexpected(crate::cbor::Type::Bytes, &other, start)),
            }
        };
        self.required(KeyLabel::EC2_Y)?.read(read).breaks(Rule::KeyForm)
    }
}

/// Annotated diagnostic notation, secrets hidden.
impl fmt::Display for CoseKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        diag::print(self.map.bytes(), &diag::KeyNames, f)
    }
}

impl fmt::Debug for CoseKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
