//! Keys of the vectors, by the role that their file names say.

#![allow(dead_code)] // Each test file uses its part.

use cose_ext::{
    Authenticated, Context, Profile,
    crypto::{Algorithm, Curve, PrivateKeyMaterial, SecretKey, Signer},
    header::Headers,
    key::{Jwk, OwnedTrustedKey, Thumbprint},
    rustcrypto::{Ed25519SigningKey, P256SigningKey, RustCrypto},
};
use serde_json::Value;
use testkit::vectors::{Case, Trouble};

use crate::stand_in::{Absent, Keys};

/// A key with the name of its file. If messages name another key by its thumbprint, which no file holds, that one
/// has the name.
pub(crate) struct NamedKey {
    pub(crate) name: String,
    jwk: Jwk,
    absent: Option<Absent>,
}

/// One signature of a message, with the thumbprint by which it names its key.
pub(crate) struct Naming {
    kid: [u8; 32],
    algorithm: Algorithm,
    signature: Vec<u8>,
}

/// The signatures of a COSE message whose kid is a thumbprint, each with its place.
pub(crate) fn namings(bytes: &[u8]) -> Vec<(usize, Naming)> {
    let profile = Profile::LENIENT;
    let of = |headers: &Headers<'_>, signature: &[u8]| {
        let kid = headers.unprotected().key_id().ok()??;
        let algorithm = headers.algorithm().ok()?;
        Some(Naming { kid: kid.try_into().ok()?, algorithm, signature: signature.to_vec() })
    };
    let found: Vec<_> = match Authenticated::decode_tagged(bytes, &profile) {
        Ok(Authenticated::Sign1(message)) => vec![of(message.headers(), message.signature())],
        Ok(Authenticated::Sign(message)) => {
            let signatures = message.signatures().iter();
            signatures.map(|one| of(one.headers(), one.signature())).collect()
        }
        _ => Vec::new(),
    };
    found.into_iter().enumerate().filter_map(|(at, found)| Some((at, found?))).collect()
}

impl NamedKey {
    pub(crate) fn read(case: &Case, path: &str) -> Result<Self, Trouble> {
        let file = path.rsplit('/').next().unwrap_or(path);
        let name = file.trim_end_matches(".jwk.json").to_owned();
        Ok(Self { name, jwk: Jwk::decode(&case.sibling(path)?)?, absent: None })
    }

    pub(crate) fn of_case(case: &Case) -> Result<Vec<Self>, Trouble> {
        case.keys.iter().map(|path| Self::read(case, path)).collect()
    }

    /// Without a kid, so that it answers to whatever kid a message names.
    pub(crate) fn trusted(&self) -> Result<OwnedTrustedKey, Trouble> {
        let context = Context::new(&RustCrypto);
        Ok(OwnedTrustedKey::new(self.jwk.public_key()?, &context)?)
    }

    pub(crate) fn thumbprint(&self) -> Result<Thumbprint, Trouble> {
        if let Some(absent) = &self.absent {
            return Ok(Thumbprint::from_bytes(absent.kid));
        }
        Ok(Thumbprint::of(&self.jwk.public_key()?, &RustCrypto)?)
    }

    /// The key for key agreement, for whatever algorithm.
    pub(crate) fn agreement_key(&self) -> Result<SecretKey<'_>, Trouble> {
        let mut key = self.jwk.private_key()?;
        key.algorithm = None;
        Ok(SecretKey::private(key, &RustCrypto))
    }

    fn curve(&self) -> Option<Curve> {
        self.jwk.public_key().ok()?.profile().curve
    }

    /// Whether nothing of the key is known, so that the facts of the case stand in for it.
    pub(crate) fn is_stand_in(&self) -> bool {
        self.absent.as_ref().is_some_and(|absent| absent.curve != Curve::P256)
    }

    /// Takes the key that `naming` names for this one. `is_stated`: the facts say that the signature is this key's.
    fn is_named_by(&mut self, naming: &Naming, is_stated: bool) {
        let curve =
            if naming.algorithm == Algorithm::ED25519 { Curve::ED25519 } else { Curve::P256 };
        let absent = Absent { kid: naming.kid, curve, stated: Vec::new() };
        let absent = self.absent.get_or_insert(absent);
        if is_stated {
            absent.stated.push(naming.signature.clone());
        }
    }

    pub(crate) fn is_of_peer(&self) -> bool {
        // Not the TAM's key for encryption.
        ["agent", "tam-p256", "tam-ed25519", "libcsuit"]
            .iter()
            .any(|start| self.name.starts_with(start))
    }

    /// The key as a signer for `algorithm`.
    pub(crate) fn signer(&self, algorithm: Algorithm) -> Result<Box<dyn Signer>, Trouble> {
        let private = self.jwk.private_key()?;
        let (PrivateKeyMaterial::Ec2 { d, .. } | PrivateKeyMaterial::Okp { d, .. }) =
            private.material
        else {
            return Err("not a key of these tests".into());
        };
        Ok(match algorithm {
            Algorithm::ED25519 | Algorithm::EDDSA => {
                Box::new(Ed25519SigningKey::from_bytes(d)?.with_algorithm(algorithm)?)
            }
            _ => Box::new(P256SigningKey::from_bytes(d)?.with_algorithm(algorithm)?),
        })
    }
}

/// Lets the key that `naming` names stand for the first of `keys` of its curve that `may` be it, unless a file holds
/// the named key. Says whether it does.
pub(crate) fn find_absent(
    keys: &mut [NamedKey],
    naming: &Naming,
    stated: &[&str],
    may: impl Fn(&NamedKey) -> bool,
) -> Result<bool, Trouble> {
    for key in keys.iter() {
        if key.absent.is_none() && *key.thumbprint()?.as_bytes() == naming.kid {
            return Ok(false);
        }
    }
    let curve = if naming.algorithm == Algorithm::ED25519 { Curve::ED25519 } else { Curve::P256 };
    let mut fitting = keys.iter_mut().filter(|key| may(key) && key.curve() == Some(curve));
    let Some(key) = fitting.next() else { return Ok(false) };
    let is_stated = stated.contains(&key.name.as_str());
    key.is_named_by(naming, is_stated);
    Ok(true)
}

/// The names in a list of a case.
pub(crate) fn names_in(list: Option<&Value>) -> Vec<&str> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

pub(crate) fn store<'k>(keys: impl IntoIterator<Item = &'k NamedKey>) -> Result<Keys, Trouble> {
    let mut store = Keys::default();
    for key in keys {
        match &key.absent {
            Some(absent) => store.absent.push(absent.clone()),
            None => store.held.add(key.trusted()?),
        }
    }
    Ok(store)
}
