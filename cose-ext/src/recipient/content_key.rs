//! From recipients to the key of the layer below (RFC 9052 8.5).

use zeroize::Zeroizing;

use super::{KdfContext, Opening, Recipient, Recipients};
use crate::{
    Context, Error, Label, Notes, OpenInput, Rule,
    answer::answer,
    cbor::Reader,
    crypto::{
        Algorithm, Hkdf, InvalidKey, KeyDerivation, KeyOperation, KeyOperations, KeyProfile,
        Operation, PublicKey, Secret, SecretKey, SecretProvider, Sender, SymmetricKey, VerifyError,
    },
    error::{Breaks, Policy, Unsupported},
    key::{
        Attribution, CoseKey, IssuerBinding, KeyHint, KeyOrigin, Refused, SecretResolver,
        SecretTries, Thumbprint,
    },
};

/// The longest key that a registered algorithm needs, in bytes: HMAC with SHA-512.
pub(super) const MAX_KEY_LEN: usize = 64;

/// Takes a content key that was found.
type ContentKeyHandler<'f> = dyn FnMut(&dyn Secret, Opening) -> Result<(), Refused> + 'f;

/// Takes a content key that was found, with the issuer that the key which led to it is enrolled
/// for.
type EnrolledKeyHandler<'f> =
    dyn FnMut(&dyn Secret, Opening, Option<&str>) -> Result<(), Refused> + 'f;

/// Derives a key as it is told, into the slice.
type KeyDeriver<'d> = dyn FnMut(&KeyDerivation<'_>, &mut [u8]) -> Result<(), Refused> + 'd;

// The search walks the tree of recipients depth first, from the outermost layer to the one whose
// key the receiver holds, and comes back with a key for each layer that it passed (RFC 9052 8.5).
// Keys never leave the stack: each layer calls the one outside of it with a borrowed key, which is
// wiped when that call returns.
//
// State: nothing is kept between two recipients but `tries`, which counts the secrets that were
// tried and remembers the worst reason why one failed. The depth of the recursion is that of the
// recipients, which `decode` has bounded; it is not chosen by the input.
//
// Invariant: a key is handed to `found` only with the algorithm of the layer that it is for, and
// only if the policy permits that algorithm with it. Who sent a message is claimed
// (`Opening::sender`) only where the key itself proves it: a shared key used directly, or a static
// key of a known sender.
//
// Cost: at most `Limits::signature_checks` secrets over the whole tree, however recipients are
// nested; each costs one derivation or unwrapping for each layer above it.
/// What a search for the content key borrows.
pub(crate) struct KeySearch<'s> {
    pub(crate) input: &'s OpenInput<'s, 's>,
    /// Which issuer the message claims where its tag covers it.
    pub(crate) issuer: Option<&'s str>,
    pub(crate) keys: &'s dyn SecretResolver,
    pub(crate) context: &'s Context<'s>,
}

impl KeySearch<'_> {
    /// Calls `found` with each key that `recipients` lead to, until it accepts one.
    pub(crate) fn through(
        &self,
        recipients: &Recipients<'_>,
        usage: (Algorithm, KeyOperation),
        tries: &mut SecretTries,
        found: &mut EnrolledKeyHandler<'_>,
    ) {
        self.through_layer(recipients, usage, None, tries, found);
    }

    fn through_layer(
        &self,
        recipients: &Recipients<'_>,
        usage: (Algorithm, KeyOperation),
        outer: Option<usize>,
        tries: &mut SecretTries,
        found: &mut EnrolledKeyHandler<'_>,
    ) {
        for (index, recipient) in recipients.iter().enumerate() {
            if tries.is_over() {
                return;
            }
            let layer = RecipientStep { recipient, count: recipients.len(), usage };
            // RFC 9052 8.5.2: a recipient that cannot be used fails alone.
            if let Err(error) = self.through_one(&layer, outer.unwrap_or(index), tries, found) {
                tries.unusable(error);
            }
        }
    }

    fn through_one(
        &self,
        step: &RecipientStep<'_>,
        index: usize,
        tries: &mut SecretTries,
        found: &mut EnrolledKeyHandler<'_>,
    ) -> Result<(), Error> {
        let headers = step.recipient.headers();
        headers.check_critical(&self.input.input.supplied().processed)?;
        let algorithm = headers.algorithm()?;
        // An algorithm that is unknown here may be known elsewhere: the message is not broken by
        // it.
        let unknown = Error::from(Unsupported::Algorithm(algorithm));
        let operation = algorithm.operation().ok_or(unknown)?;
        step.recipient.check_form(operation, step.count)?;
        if let Some(nested) = step.recipient.recipients() {
            let usage = (algorithm, KeyOperation::UnwrapKey);
            self.through_layer(nested, usage, Some(index), tries, &mut |secret, opening, by| {
                self.apply(step, (algorithm, operation), secret, opening, &mut |secret, opening| {
                    found(secret, opening, by)
                })
            });
            return Ok(());
        }
        // RFC 9053 6.1.1: a direct key is used with the algorithm of the layer that it opens, all
        // others with that of the recipient.
        let usage = match operation {
            Operation::Direct => step.usage,
            Operation::KeyWrap => (algorithm, KeyOperation::UnwrapKey),
            _ => (algorithm, KeyOperation::DeriveKey),
        };
        let usage = (Some(usage.0), usage.1);
        // Only here is a secret of the receiver asked for; the layers above are opened by what it
        // leads to.
        let hint = KeyHint::with_issuer(Some(algorithm), headers, self.issuer)?;
        tries.try_each(&hint, usage, self.keys, self.context, &mut |candidate, key, _| {
            let opening = Opening { key, recipient: index, sender: Some(key) };
            let usage = (algorithm, operation);
            self.apply(step, usage, candidate.secret, opening, &mut |secret, opening| {
                found(secret, opening, candidate.issuer)
            })
        });
        Ok(())
    }

    /// Gets at the key of the layer below with `secret`.
    fn apply(
        &self,
        step: &RecipientStep<'_>,
        (algorithm, operation): (Algorithm, Operation),
        secret: &dyn Secret,
        mut opening: Opening,
        found: &mut ContentKeyHandler<'_>,
    ) -> Result<(), Refused> {
        let mut buffer = Zeroizing::new([0; MAX_KEY_LEN]);
        let wanted = step.usage.0;
        match operation {
            // RFC 9053 6.1.1: the secret is the content key itself.
            Operation::Direct => found(secret, opening),
            // RFC 9053 6.1.2: the content key is derived from the secret.
            Operation::DirectWithKdf(hkdf) => {
                let key = key_buffer(&mut buffer, wanted)?;
                self.derive(step, wanted, hkdf, key, &mut |derivation, key| {
                    answer(Refused::from(VerifyError::Unsupported), |derived| {
                        secret.with_shared_secret(&mut |shared| {
                            *derived = shared.derive(derivation, key).map_err(Refused::from);
                        })
                    })
                })?;
                self.hand_over(key, (wanted, secret), opening, found)
            }
            Operation::KeyWrap => {
                let unwrapped = answer(Refused::from(VerifyError::Unsupported), |unwrapped| {
                    secret.with_key_wrap(&mut |wrap| {
                        let ciphertext = step.recipient.ciphertext().unwrap_or_default();
                        let len = wrap.unwrap(algorithm, ciphertext, &mut *buffer);
                        *unwrapped = len.map_err(Refused::from);
                    })
                });
                // RFC 9052 8.5.2: who once got a wrapped key can send other content with it.
                opening.sender = None;
                let key = buffer.get(..unwrapped?).unwrap_or_default();
                self.hand_over(key, (wanted, secret), opening, found)
            }
            // RFC 9053 6.3: the agreed secret is derived into the content key.
            Operation::KeyAgreement(hkdf, sender) => {
                opening.sender = self.sender(step, (wanted, sender))?;
                let key = key_buffer(&mut buffer, wanted)?;
                self.agree(step, (wanted, hkdf, sender), secret, key)?;
                self.hand_over(key, (wanted, secret), opening, found)
            }
            // RFC 9053 6.4: the agreed secret becomes a key that unwraps the content key. As with
            // any wrapped key, the sender is not known.
            Operation::KeyAgreementWithKeyWrap(wrap, sender) => {
                opening.sender = None;
                let mut kek = Zeroizing::new([0; MAX_KEY_LEN]);
                let kek = key_buffer(&mut kek, wrap)?;
                self.agree(step, (wrap, Hkdf::Sha256, sender), secret, kek)?;
                let kek = SymmetricKey { k: kek, algorithm: Some(wrap) };
                let provider = provider_of(secret)?;
                let unwrapped = answer(Refused::from(VerifyError::Unsupported), |unwrapped| {
                    provider.with_key_wrap(&kek, &mut |key_wrap| {
                        let ciphertext = step.recipient.ciphertext().unwrap_or_default();
                        let len = key_wrap.unwrap(wrap, ciphertext, &mut *buffer);
                        *unwrapped = len.map_err(Refused::from);
                    })
                });
                let key = buffer.get(..unwrapped?).unwrap_or_default();
                self.hand_over(key, (wanted, secret), opening, found)
            }
            _ => Err(Refused::from(VerifyError::Unsupported)),
        }
    }

    fn hand_over(
        &self,
        key: &[u8],
        (algorithm, secret): (Algorithm, &dyn Secret),
        opening: Opening,
        found: &mut ContentKeyHandler<'_>,
    ) -> Result<(), Refused> {
        let key = SymmetricKey { k: key, algorithm: Some(algorithm) };
        // A direct key has been asked about this before; a key that was found has not.
        let profile = key.profile();
        if !self.context.algorithms.permits(algorithm, &profile) {
            return Err(Error::from(Policy::key_not_permitted(algorithm, &profile)).into());
        }
        found(&SecretKey::symmetric(key, provider_of(secret)?), opening)
    }

    fn derive(
        &self,
        step: &RecipientStep<'_>,
        algorithm: Algorithm,
        hkdf: Hkdf,
        key: &mut [u8],
        then: &mut KeyDeriver<'_>,
    ) -> Result<(), Refused> {
        let headers = step.recipient.headers();
        let context = KdfContext::new(algorithm, key.len(), headers, &self.input.agreed)?;
        let salt = headers.find(Label::SALT);
        let salt =
            salt.map(|salt| salt.read(Reader::bytes).breaks(Rule::KdfContext)).transpose()?;
        let parts = context.parts();
        let derivation = KeyDerivation { hkdf, salt: salt.unwrap_or_default(), context: &parts };
        then(&derivation, key)
    }

    fn agree(
        &self,
        step: &RecipientStep<'_>,
        (algorithm, hkdf, sender): (Algorithm, Hkdf, Sender),
        secret: &dyn Secret,
        key: &mut [u8],
    ) -> Result<(), Refused> {
        let peer = self.peer(step, sender)?;
        self.derive(step, algorithm, hkdf, key, &mut |derivation, key| {
            answer(Refused::from(VerifyError::Unsupported), |agreed| {
                secret.with_key_agreement(&mut |own| {
                    *agreed = own.derive(&peer, derivation, key).map_err(Refused::from);
                })
            })
        })
    }

    /// The public key that the sender brought, or names.
    fn peer<'k>(
        &'k self,
        step: &RecipientStep<'k>,
        sender: Sender,
    ) -> Result<PublicKey<'k>, Error> {
        let recipient = &step.recipient;
        let label = match sender {
            Sender::Ephemeral => Label::EPHEMERAL_KEY,
            Sender::Static => Label::STATIC_KEY,
        };
        let algorithm = recipient.headers().algorithm()?;
        if let Some(value) = recipient.headers().find(label) {
            let key = CoseKey::new(&value, Rule::SenderKey)?;
            // RFC 9053 6.3.1: a public key has no operations, or at most those of agreement.
            let operations = key.operations()?;
            let agrees = operations.permit(KeyOperation::DeriveKey)
                || operations.permit(KeyOperation::DeriveBits);
            if operations != KeyOperations::NONE && !agrees {
                return Err(Policy::KeyOperations.into());
            }
            let key = key.agreement_key()?;
            check_agreement(&key.profile(), algorithm)?;
            return Ok(key);
        }
        // RFC 9053 6.3.1: an ephemeral key stands in the header; a static key may be named there
        // instead.
        let missing = Error::malformed(Rule::SenderKey, recipient.offset);
        if sender == Sender::Ephemeral {
            return Err(missing);
        }
        let named = recipient.headers().find(Label::STATIC_KEY_ID).ok_or(missing)?;
        let named = named.read(Reader::bytes).breaks(Rule::SenderKey)?;
        let mut known = self.input.senders.iter();
        let sender = known.find(|sender| sender.key_id == Some(named));
        let sender = sender.ok_or(Error::from(Policy::SenderNotTrusted))?;
        check_agreement(&sender.key.profile(), algorithm)?;
        Ok(sender.key)
    }

    /// Returns who must have sent what a recipient agreed on: the owner of a static key that is
    /// known, where the KDF context names it as party U and another as party V. A secret of two
    /// static keys is one in both directions, so without these names a message could be the
    /// receiver's own, reflected (RFC 9053 5.2).
    fn sender(
        &self,
        step: &RecipientStep<'_>,
        (algorithm, sender): (Algorithm, Sender),
    ) -> Result<Option<Attribution>, Error> {
        if sender == Sender::Ephemeral {
            return Ok(None);
        }
        let key = self.peer(step, sender)?;
        let known = self.input.senders.iter().find(|known| self.is_same(&known.key, &key));
        let Some(known) = known else { return Ok(None) };
        let headers = step.recipient.headers();
        check_agreement(&known.key.profile(), headers.algorithm()?)?;
        let context = KdfContext::new(algorithm, 0, headers, &self.input.agreed)?;
        let is_named = known.party.is_some_and(|party| context.is_sent_by(party));
        Ok(is_named.then(|| Attribution {
            identity: known.identity,
            thumbprint: Thumbprint::of(&known.key, self.context.provider).ok(),
            issuer: IssuerBinding::NotBound,
            origin: KeyOrigin::Enrolled,
            notes: Notes::NOTHING,
        }))
    }

    /// Whether two keys are one, also where one of them has a compressed point.
    fn is_same(&self, one: &PublicKey<'_>, other: &PublicKey<'_>) -> bool {
        let thumbprint = |key| Thumbprint::of(key, self.context.provider).ok();
        one.material == other.material
            || thumbprint(one)
                .is_some_and(|thumbprint_of_one| thumbprint(other) == Some(thumbprint_of_one))
    }
}

/// One recipient, how many stand beside it, and what its key is for.
struct RecipientStep<'a> {
    recipient: Recipient<'a>,
    count: usize,
    usage: (Algorithm, KeyOperation),
}

/// Returns who uses the keys that `secret` opens: a key that was unwrapped, derived or agreed on is
/// data, and the holder of the secret says whose hands it goes to.
fn provider_of(secret: &dyn Secret) -> Result<&dyn SecretProvider, Refused> {
    secret.provider().ok_or(Refused::from(VerifyError::Unsupported))
}

/// The front of `buffer`, as long as a key for `algorithm`.
pub(super) fn key_buffer(
    buffer: &mut [u8; MAX_KEY_LEN],
    algorithm: Algorithm,
) -> Result<&mut [u8], InvalidKey> {
    let len = algorithm.key_len().ok_or(InvalidKey::Unsupported)?;
    buffer.get_mut(..len).ok_or(InvalidKey::Unsupported)
}

/// A key that states an algorithm agrees for no other (RFC 9053 6.3.1).
pub(super) fn check_agreement(key: &KeyProfile, algorithm: Algorithm) -> Result<(), Error> {
    match key.algorithm {
        Some(stated) if stated != algorithm => Err(Policy::key_algorithm(algorithm, key).into()),
        _ => Ok(()),
    }
}
