//! From the key of a layer to its recipients (RFC 9052 8.5): the way back of
//! [`content_key`](super::content_key).

use alloc::{vec, vec::Vec};

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::{
    Agreed, KdfContext, RecipientBuilder,
    builder::Method,
    content_key::{MAX_KEY_LEN, check_agreement, key_buffer},
};
use crate::{
    Error, Label, Rule, Value,
    answer::answer,
    cbor::{Head, Reader},
    crypto::{
        Algorithm, Hkdf, KeyAgreement, KeyDerivation, KeyOperation, Operation, PublicKey, Secret,
        SecretError, SecretKey, SecretProvider, SymmetricKey,
    },
    error::{Breaks, Misuse, Unsupported},
    frame::encode,
    header::{EncodedHeaders, HeadersBuilder},
    key::{CoseKeyEncoder, check_use},
};

/// Derives a key as it is told, into the slice.
type DeriveKey<'d> = dyn FnMut(&KeyDerivation<'_>, &mut [u8]) -> Result<(), SecretError> + 'd;

/// Uses the key of a layer, once.
type UseKey<'u> = dyn FnMut(&dyn Secret) -> Result<(), Error> + 'u;

/// What making recipients borrows: cryptography, randomness, and what both sides agreed on.
pub struct Sealer<'s> {
    agreed: Agreed<'s>,
    provider: &'s dyn SecretProvider,
    random: &'s mut dyn CryptoRng,
}

impl<'s> Sealer<'s> {
    /// Returns a sealer that takes keys and nonces from `random`.
    pub fn new(provider: &'s dyn SecretProvider, random: &'s mut dyn CryptoRng) -> Self {
        Self { agreed: Agreed::NOTHING, provider, random }
    }

    /// Sets what derived keys are bound to without sending it (RFC 9053 5.2).
    #[must_use]
    pub const fn with_agreed(mut self, agreed: Agreed<'s>) -> Self {
        self.agreed = agreed;
        self
    }
}

impl Sealer<'_> {
    /// Chooses or agrees on the key for `wanted`, has it used, and encodes the recipients.
    pub(crate) fn seal(
        &mut self,
        recipients: &[RecipientBuilder<'_>],
        (wanted, operation): (Algorithm, KeyOperation),
        use_key: &mut UseKey<'_>,
    ) -> Result<Vec<u8>, Error> {
        let encoded = match recipients {
            [] => return Err(Error::from(Misuse::Builder(Rule::RecipientStructure))),
            [only] if only.sets_key() => vec![self.set_key(only, (wanted, operation), use_key)?],
            several => {
                if several.iter().any(RecipientBuilder::sets_key) {
                    return Err(Error::from(Misuse::Builder(Rule::DirectForm)));
                }
                let mut buffer = Zeroizing::new([0; MAX_KEY_LEN]);
                let key = key_buffer(&mut buffer, wanted).map_err(SecretError::from)?;
                self.random.fill_bytes(key);
                let secret = SymmetricKey { k: key, algorithm: Some(wanted) };
                use_key(&SecretKey::symmetric(secret, self.provider))?;
                let wrapped = several.iter().map(|recipient| self.wrap(recipient, key));
                wrapped.collect::<Result<Vec<_>, Error>>()?
            }
        };
        Ok([Head::array(encoded.len()).as_bytes(), &encoded.concat()].concat())
    }

    /// A recipient whose own key, or what was agreed on, is the key of the layer.
    fn set_key(
        &mut self,
        recipient: &RecipientBuilder<'_>,
        (wanted, operation): (Algorithm, KeyOperation),
        use_key: &mut UseKey<'_>,
    ) -> Result<Vec<u8>, Error> {
        let mut buffer = Zeroizing::new([0; MAX_KEY_LEN]);
        let headers = match (&recipient.method, recipient.algorithm().operation()) {
            (Method::Direct(secret), _) => {
                let mut headers = recipient.headers.clone();
                headers.unprotect(Label::ALG, Algorithm::DIRECT);
                check_use(*secret, wanted, operation)?;
                use_key(*secret)?;
                headers.encode(authenticates_nothing)?
            }
            (Method::DirectWithKdf(algorithm, secret), Some(Operation::DirectWithKdf(hkdf))) => {
                check_use(*secret, *algorithm, KeyOperation::DeriveKey)?;
                let headers = self.salted(recipient, *algorithm).encode(authenticates_nothing)?;
                let key = key_buffer(&mut buffer, wanted).map_err(SecretError::from)?;
                self.derive(&headers, wanted, hkdf, key, &mut |derivation, key| {
                    answer(SecretError::Unsupported, |derived| {
                        secret.with_shared_secret(&mut |own| *derived = own.derive(derivation, key))
                    })
                })?;
                self.hand_over(key, wanted, use_key)?;
                headers
            }
            (
                Method::Ephemeral(..) | Method::Static(..),
                Some(Operation::KeyAgreement(hkdf, _)),
            ) => {
                let key = key_buffer(&mut buffer, wanted).map_err(SecretError::from)?;
                let headers = self.agree(recipient, (wanted, hkdf), key)?;
                self.hand_over(key, wanted, use_key)?;
                headers
            }
            _ => {
                let algorithm = recipient.algorithm();
                return Err(Error::from(Unsupported::Algorithm(algorithm)));
            }
        };
        check_empty(&recipient.method, &headers)?;
        Ok(encode(None, headers.as_bytes(), Some(&[]), &[]))
    }

    fn hand_over(
        &self,
        key: &[u8],
        algorithm: Algorithm,
        use_key: &mut UseKey<'_>,
    ) -> Result<(), Error> {
        let key = SymmetricKey { k: key, algorithm: Some(algorithm) };
        use_key(&SecretKey::symmetric(key, self.provider))
    }

    /// A recipient that `key` is wrapped for.
    fn wrap(&mut self, recipient: &RecipientBuilder<'_>, key: &[u8]) -> Result<Vec<u8>, Error> {
        let algorithm = recipient.algorithm();
        let unsupported = Error::from(Unsupported::Algorithm(algorithm));
        match (&recipient.method, algorithm.operation()) {
            (Method::KeyWrap(_, secret), Some(Operation::KeyWrap)) => {
                let headers = unprotected_algorithm(recipient)?;
                let wrapped = wrap_with(*secret, algorithm, key)?;
                Ok(encode(None, headers.as_bytes(), Some(&wrapped), &[]))
            }
            (Method::KeyWrapThrough(_, nested), Some(Operation::KeyWrap)) => {
                let headers = unprotected_algorithm(recipient)?;
                let mut wrapped = Vec::new();
                let nested =
                    self.seal(nested, (algorithm, KeyOperation::WrapKey), &mut |secret| {
                        wrapped = wrap_with(secret, algorithm, key)?;
                        Ok(())
                    })?;
                Ok(encode(None, headers.as_bytes(), Some(&wrapped), &[&nested]))
            }
            (
                Method::Ephemeral(..) | Method::Static(..),
                Some(Operation::KeyAgreementWithKeyWrap(wrap, _)),
            ) => {
                let mut buffer = Zeroizing::new([0; MAX_KEY_LEN]);
                let kek = key_buffer(&mut buffer, wrap).map_err(SecretError::from)?;
                let headers = self.agree(recipient, (wrap, Hkdf::Sha256), kek)?;
                let kek = SymmetricKey { k: kek, algorithm: Some(wrap) };
                let wrapped = wrap_with(&SecretKey::symmetric(kek, self.provider), wrap, key)?;
                Ok(encode(None, headers.as_bytes(), Some(&wrapped), &[]))
            }
            _ => Err(unsupported),
        }
    }

    /// Agrees on a key for `algorithm`; the public key that the recipient needs is in the headers.
    fn agree(
        &mut self,
        recipient: &RecipientBuilder<'_>,
        (algorithm, hkdf): (Algorithm, Hkdf),
        key: &mut [u8],
    ) -> Result<EncodedHeaders, Error> {
        match recipient.method {
            Method::Static(_, own, peer) => {
                check_agreement(&own.profile(), recipient.algorithm())?;
                check_agreement(&peer.profile(), recipient.algorithm())?;
                let headers = self.salted(recipient, recipient.algorithm());
                let is_named = [&headers.protected, &headers.unprotected]
                    .iter()
                    .any(|bucket| bucket.has(Label::STATIC_KEY_ID));
                let label = (!is_named).then_some(Label::STATIC_KEY);
                self.agree_with(own, &peer, headers, label, (algorithm, hkdf), key)
            }
            Method::Ephemeral(_, peer) => {
                check_agreement(&peer.profile(), recipient.algorithm())?;
                let mut headers = recipient.headers.clone();
                headers.protect(Label::ALG, recipient.algorithm());
                let curve = peer.profile().curve;
                let curve = curve.ok_or(Error::from(Unsupported::key(&peer.profile())))?;
                let this = Agreement { agreed: self.agreed };
                answer(Error::from(SecretError::Unsupported), |agreed| {
                    let lent = self.provider.with_ephemeral_key(curve, self.random, &mut |own| {
                        let label = Some(Label::EPHEMERAL_KEY);
                        let headers = headers.clone();
                        *agreed = this.run(own, &peer, headers, label, (algorithm, hkdf), key);
                    });
                    lent.map_err(SecretError::from)
                })
            }
            _ => Err(Error::from(Unsupported::Algorithm(recipient.algorithm()))),
        }
    }

    fn agree_with(
        &self,
        own: &dyn KeyAgreement,
        peer: &PublicKey<'_>,
        headers: HeadersBuilder,
        label: Option<Label<'_>>,
        usage: (Algorithm, Hkdf),
        key: &mut [u8],
    ) -> Result<EncodedHeaders, Error> {
        Agreement { agreed: self.agreed }.run(own, peer, headers, label, usage, key)
    }

    fn derive(
        &self,
        headers: &EncodedHeaders,
        algorithm: Algorithm,
        hkdf: Hkdf,
        key: &mut [u8],
        then: &mut DeriveKey<'_>,
    ) -> Result<(), Error> {
        derive(&self.agreed, headers, (algorithm, hkdf), key, then)
    }

    /// The headers with `alg`, and a random nonce of party U where nothing makes the derivation
    /// unique (RFC 9053 6.1.2, 6.3.1).
    fn salted(&mut self, recipient: &RecipientBuilder<'_>, algorithm: Algorithm) -> HeadersBuilder {
        let mut headers = recipient.headers.clone();
        headers.protect(Label::ALG, algorithm);
        let is_unique = [&headers.protected, &headers.unprotected]
            .iter()
            .any(|bucket| bucket.has(Label::SALT) || bucket.has(Label::PARTY_U_NONCE));
        if !is_unique {
            let mut nonce = [0; 32];
            self.random.fill_bytes(&mut nonce);
            headers.unprotect(Label::PARTY_U_NONCE, Value::Bytes(&nonce));
        }
        headers
    }
}

/// One key agreement.
struct Agreement<'s> {
    agreed: Agreed<'s>,
}

impl Agreement<'_> {
    /// Puts the own public key under `label`, and derives `key`.
    fn run(
        &self,
        own: &dyn KeyAgreement,
        peer: &PublicKey<'_>,
        mut headers: HeadersBuilder,
        label: Option<Label<'_>>,
        usage: (Algorithm, Hkdf),
        key: &mut [u8],
    ) -> Result<EncodedHeaders, Error> {
        if let Some(label) = label {
            let mut encoded = Err(Error::from(SecretError::Device));
            own.with_public_key(&mut |public| {
                let public = PublicKey { algorithm: None, ..*public };
                encoded = CoseKeyEncoder::new(public).map(|encoder| encoder.to_vec());
            });
            headers.unprotect(label, Value::Encoded(&encoded?));
        }
        let headers = headers.encode(authenticates_nothing)?;
        derive(&self.agreed, &headers, usage, key, &mut |derivation, key| {
            own.derive(peer, derivation, key)
        })?;
        Ok(headers)
    }
}

fn derive(
    agreed: &Agreed<'_>,
    headers: &EncodedHeaders,
    (algorithm, hkdf): (Algorithm, Hkdf),
    key: &mut [u8],
    then: &mut DeriveKey<'_>,
) -> Result<(), Error> {
    let headers = headers.headers()?;
    let context = KdfContext::new(algorithm, key.len(), &headers, agreed)?;
    let salt = headers.find(Label::SALT);
    let salt = salt.map(|salt| salt.read(Reader::bytes).breaks(Rule::KdfContext)).transpose()?;
    let parts = context.parts();
    let derivation = KeyDerivation { hkdf, salt: salt.unwrap_or_default(), context: &parts };
    Ok(then(&derivation, key)?)
}

fn wrap_with(secret: &dyn Secret, algorithm: Algorithm, key: &[u8]) -> Result<Vec<u8>, Error> {
    /// AES Key Wrap adds 8 bytes; RSA of 8192 bits gives 1024.
    const LONGEST: usize = 1024;
    check_use(secret, algorithm, KeyOperation::WrapKey)?;
    let mut wrapped = vec![0; LONGEST];
    let len = answer(SecretError::Unsupported, |len| {
        secret.with_key_wrap(&mut |wrap| *len = wrap.wrap(algorithm, key, &mut wrapped))
    })?;
    wrapped.truncate(len);
    Ok(wrapped)
}

fn unprotected_algorithm(recipient: &RecipientBuilder<'_>) -> Result<EncodedHeaders, Error> {
    let mut headers = recipient.headers.clone();
    headers.unprotect(Label::ALG, recipient.algorithm());
    let headers = headers.encode(authenticates_nothing)?;
    check_empty(&recipient.method, &headers)?;
    Ok(headers)
}

/// Direct and key wrap have no protected parameters (RFC 9052 8.5.1, 8.5.2).
fn check_empty(method: &Method<'_>, headers: &EncodedHeaders) -> Result<(), Error> {
    let rule = match method {
        Method::Direct(_) => Rule::DirectForm,
        Method::KeyWrap(..) | Method::KeyWrapThrough(..) => Rule::KeyWrapForm,
        _ => return Ok(()),
    };
    if headers.headers()?.protected().is_empty() {
        Ok(())
    } else {
        Err(Error::from(Misuse::Builder(rule)))
    }
}

fn authenticates_nothing(operation: Operation) -> bool {
    matches!(operation, Operation::Direct | Operation::KeyWrap)
}

impl RecipientBuilder<'_> {
    /// Whether its own key, or what is agreed on, is the key of the layer.
    fn sets_key(&self) -> bool {
        matches!(
            self.algorithm().operation(),
            Some(Operation::Direct | Operation::DirectWithKdf(_) | Operation::KeyAgreement(..))
        )
    }
}
