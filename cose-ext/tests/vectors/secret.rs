//! Kinds `cose-mac0`, `cose-mac`, `cose-encrypt0` and `cose-encrypt`: one message, opened with the keys of its
//! recipients.

use crate::named::Named;
use cose_ext::crypto::{
    Algorithm, AlgorithmPolicy, Binding, Curve, KeyType, Operation, PrivateKey, PrivateKeyMaterial,
    SecretKey, SecretProvider, SymmetricKey,
};
use cose_ext::header::Headers;
use cose_ext::key::{HeldSecret, Identity, SecretStore};
use cose_ext::recipient::{Agreed, KnownSender, PartyInfo};
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::{
    AlgorithmPlacement, Context, Encrypt, Encrypt0, Error, Input, Label, Mac, Mac0, OpenInput,
    Profile, Rule,
};
use serde_json::{Value, json};
use sha2::Digest;
use testkit::cose_wg::Example;
use testkit::jwk::Jwk;
use testkit::vectors::{Case, Facts, Outcome, Trouble};

use crate::build::lacks_secret;
use crate::key::{VectorKey, curve};
use crate::sign1::refused;

const SHARED: Identity = Identity::new([1; 32]);
const SENDER: Identity = Identity::new([2; 32]);

/// What was found on the way to a verdict.
struct Reading {
    facts: Facts,
    profile: Profile,
    fail: bool,
    /// The structure that the file states.
    stated: Option<Vec<u8>>,
}

impl Reading {
    fn new(case: &Case, example: &Example) -> Self {
        let mut facts = Facts::new();
        facts.is("message_bytes", example.message.len());
        facts.is_hex("message_sha256", sha2::Sha256::digest(&example.message));
        let mut profile = Profile::LENIENT;
        // Examples of the age of RFC 8152 that say that they put `alg` into the unprotected bucket.
        let pointer = format!("/input/{}/unprotected/alg", example.layer);
        if example.json.pointer(&pointer).is_some() {
            profile = profile.with_algorithm_placement(AlgorithmPlacement::AnyBucket);
        }
        // One file states another structure than its tag was made over, which the fact says.
        let stated = example.to_be_authenticated.clone();
        let stated = stated.filter(|_| case.fact("to_be_authenticated_sha256").is_none());
        Self { facts, profile, fail: example.fail, stated }
    }

    /// Everything that can be said before any key is used.
    fn look(
        &mut self,
        tag: Option<u64>,
        headers: &Headers<'_>,
        structure: &[u8],
    ) -> Result<Result<Algorithm, Error>, Trouble> {
        if let Some(tag) = tag {
            self.facts.is("tag", tag);
        }
        if !self.fail && self.stated.as_ref().is_some_and(|stated| stated != structure) {
            return Err(format!("structure {}", hex::encode(structure)).into());
        }
        let digest = hex::encode(sha2::Sha256::digest(structure));
        self.facts.is("to_be_authenticated_sha256", json!([digest]));
        let algorithm = headers.algorithm();
        if let Ok(algorithm) = algorithm {
            self.facts.is("alg", algorithm.value());
        }
        Ok(algorithm)
    }
}

/// The keys of a file, and what its two sides know beside the message.
struct Known {
    keys: Vec<Jwk>,
    senders: Vec<VectorKey>,
    external: Vec<u8>,
    unsent: [Option<Vec<u8>>; 8],
}

impl Known {
    fn read(example: &Example) -> Result<Self, Trouble> {
        let body = &example.json["input"][&example.layer];
        let mut known = Self {
            keys: Vec::new(),
            senders: Vec::new(),
            external: example.external.clone(),
            unsent: Default::default(),
        };
        known.collect(body)?;
        Ok(known)
    }

    fn collect(&mut self, layer: &Value) -> Result<(), Trouble> {
        let names = [
            "apu_id",
            "apu_nonce",
            "apu_other",
            "apv_id",
            "apv_nonce",
            "apv_other",
            "pub_other",
            "priv_other",
        ];
        for recipient in layer["recipients"].as_array().into_iter().flatten() {
            if let Some(key) = recipient.get("key") {
                let mut key = Jwk::from_json(key)?;
                // Some files name the key in the message otherwise than among the keys.
                if let Some(kid) = recipient["unprotected"]["kid"].as_str() {
                    key.kid = Some(kid.to_owned());
                }
                self.keys.push(key);
            }
            if let Some(key) = recipient.get("sender_key") {
                self.senders.push(VectorKey::from_jwk(&Jwk::from_json(key)?)?);
            }
            for (slot, name) in self.unsent.iter_mut().zip(names) {
                let text = recipient["unsent"][name].as_str();
                *slot = text.map(|text| text.as_bytes().to_vec()).or(slot.take());
            }
            self.collect(recipient)?;
        }
        Ok(())
    }

    /// Whether both sides know the identities of both parties.
    fn names_both_parties(&self) -> bool {
        self.unsent[0].is_some() && self.unsent[3].is_some()
    }

    fn agreed(&self) -> Agreed<'_> {
        let [u_id, u_nonce, u_other, v_id, v_nonce, v_other, public, private] =
            self.unsent.each_ref().map(Option::as_deref);
        Agreed {
            party_u: PartyInfo { identity: u_id, nonce: u_nonce, other: u_other },
            party_v: PartyInfo { identity: v_id, nonce: v_nonce, other: v_other },
            public,
            private,
        }
    }

    fn senders(&self) -> Vec<KnownSender<'_>> {
        self.senders
            .iter()
            .map(|key| KnownSender {
                key: key.public_key(),
                identity: SENDER,
                key_id: key.key_id.as_deref(),
                party: self.unsent[0].as_deref(),
            })
            .collect()
    }

    fn secrets<'k>(
        &'k self,
        provider: &'k dyn SecretProvider,
    ) -> Result<Vec<HeldSecret<'k>>, Trouble> {
        self.keys.iter().filter_map(|key| held(key, provider).transpose()).collect()
    }
}

/// `None` for keys of a type that this crate opens nothing with.
fn held<'k>(
    key: &'k Jwk,
    provider: &'k dyn SecretProvider,
) -> Result<Option<HeldSecret<'k>>, Trouble> {
    let secret = if key.kty == "oct" {
        SecretKey::symmetric(SymmetricKey { k: key.k()?, algorithm: None }, provider)
    } else {
        let d = key.d()?;
        let material = match (key.kty.as_str(), curve(key)?) {
            ("RSA", None) => rsa(key)?,
            ("OKP", Some(curve)) => PrivateKeyMaterial::Okp { curve, d },
            (_, Some(curve)) => PrivateKeyMaterial::Ec2 { curve, d },
            (_, None) => return Ok(None),
        };
        SecretKey::private(PrivateKey { material, public: None, algorithm: None }, provider)
    };
    let held = HeldSecret::new(secret, SHARED);
    Ok(Some(match &key.kid {
        Some(key_id) => held.with_key_id(key_id.as_bytes()),
        None => held,
    }))
}

fn rsa(key: &Jwk) -> Result<PrivateKeyMaterial<'_>, Trouble> {
    let part = |name| key.part(name).ok_or_else(|| Trouble::from(format!("no `{name}`")));
    Ok(PrivateKeyMaterial::Rsa {
        n: key.n()?,
        e: key.e()?,
        d: key.d()?,
        p: part("p")?,
        q: part("q")?,
        dp: part("dp")?,
        dq: part("dq")?,
        qi: part("qi")?,
    })
}

/// RSAES-OAEP, which the standard policy leaves to those who name it.
const KEY_TRANSPORT: [Binding; 3] = [
    Binding::without_curve(Algorithm::RSAES_OAEP_SHA_1, KeyType::RSA),
    Binding::without_curve(Algorithm::RSAES_OAEP_SHA_256, KeyType::RSA),
    Binding::without_curve(Algorithm::RSAES_OAEP_SHA_512, KeyType::RSA),
];

#[cfg(feature = "aws-lc")]
fn is_key_transport(algorithm: &Algorithm) -> bool {
    KEY_TRANSPORT.iter().any(|known| known.algorithm == *algorithm)
}

/// The pure Rust provider, or the one that has RSA key transport, where a build has it.
fn provider(recipients: &[Algorithm]) -> &'static dyn SecretProvider {
    #[cfg(feature = "aws-lc")]
    if recipients.iter().any(is_key_transport) {
        return &cose_ext::aws_lc::AwsLc;
    }
    let _ = recipients;
    &RustCrypto
}

fn context(provider: &dyn SecretProvider) -> Context<'_> {
    Context::new(provider).with_algorithms(AlgorithmPolicy::STANDARD.and(&KEY_TRANSPORT))
}

/// Opens a message with the keys of a file through a provider.
type Open<'o> = dyn Fn(&dyn SecretProvider) -> Result<Result<(), Error>, Trouble> + 'o;

/// AWS-LC comes to the same verdict for the same reason, where it does all of `algorithms`.
fn another_provider(
    algorithms: &[Algorithm],
    verdict: Result<(), Error>,
    open: &Open<'_>,
) -> Result<(), Trouble> {
    #[cfg(feature = "aws-lc")]
    if algorithms.iter().all(|algorithm| {
        let lacking = [10..=15, 25..=26, 30..=33, -4..=-4, -13..=-12, -30..=-30, -33..=-33];
        !lacking.iter().any(|range| range.contains(&algorithm.value()))
    }) {
        let other = open(&cose_ext::aws_lc::AwsLc)?;
        if other != verdict {
            return Err(format!("aws-lc: {other:?}, rustcrypto: {verdict:?}").into());
        }
    }
    let _ = (algorithms, verdict, open);
    Ok(())
}

/// The curves of the keys, for what a build has.
fn curves(known: &Known) -> Result<Vec<Curve>, Trouble> {
    Ok(known.keys.iter().map(curve).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

fn conclude<T>(
    facts: Facts,
    verdict: Result<T, Error>,
    lacks: Option<String>,
    check: impl FnOnce(T) -> Result<(), Trouble>,
) -> Result<Outcome, Trouble> {
    match (verdict, lacks) {
        (Ok(_), Some(why)) => Ok(Outcome::Failed(format!("{why}, and it was opened"))),
        (Err(_), Some(why)) => Ok(Outcome::NotRun(why)),
        (Ok(opened), None) => {
            check(opened)?;
            Ok(Outcome::Accepted(facts))
        }
        (Err(error), None) => Ok(refused(&error, facts)),
    }
}

pub(crate) fn mac0(case: &Case) -> Result<Outcome, Trouble> {
    let example = Example::from_json(&case.json()?)?;
    let known = Known::read(&example)?;
    let mut reading = Reading::new(case, &example);
    let input = Input::embedded().with_external_aad(&known.external);
    let message = match Mac0::decode(&example.message, &reading.profile) {
        Ok(message) => message,
        Err(error) => return Ok(refused(&error, reading.facts)),
    };
    let tag = message.is_tagged().then_some(Mac0::TAG);
    let structure = message.to_be_maced(&input, &Profile::LENIENT)?.parts().concat();
    let algorithm = match reading.look(tag, message.headers(), &structure)? {
        Ok(algorithm) => algorithm,
        Err(error) => return Ok(refused(&error, reading.facts)),
    };
    let secrets = known.secrets(&RustCrypto)?;
    let verdict = message.verify(&input, &Named(SecretStore::new(&secrets)), &context(&RustCrypto));
    let lacks = lacks_secret(algorithm, &[], &curves(&known)?);
    if lacks.is_none() {
        let same = verdict.as_ref().map(|_| ()).map_err(|error| *error);
        another_provider(&[algorithm], same, &|provider| {
            let secrets = known.secrets(provider)?;
            let keys = Named(SecretStore::new(&secrets));
            Ok(message.verify(&input, &keys, &context(provider)).map(|_| ()))
        })?;
    }
    conclude(reading.facts, verdict, lacks, |verified| {
        let payload = message.danger_unverified_payload();
        let same =
            verified.by().identity() == SHARED && Some(verified.value().payload()) == payload;
        if same { Ok(()) } else { Err("verified, as something else".into()) }
    })
}

pub(crate) fn mac(case: &Case) -> Result<Outcome, Trouble> {
    let example = Example::from_json(&case.json()?)?;
    let known = Known::read(&example)?;
    let mut reading = Reading::new(case, &example);
    let senders = known.senders();
    let input = Input::embedded().with_external_aad(&known.external);
    let open = OpenInput::from(input).with_agreed(known.agreed()).with_known_senders(&senders);
    let message = match Mac::decode(&example.message, &reading.profile) {
        Ok(message) => message,
        Err(error) => return Ok(refused(&error, reading.facts)),
    };
    let tag = message.is_tagged().then_some(Mac::TAG);
    let structure = message.to_be_maced(&input, &Profile::LENIENT)?.parts().concat();
    let algorithm = match reading.look(tag, message.headers(), &structure)? {
        Ok(algorithm) => algorithm,
        Err(error) => return Ok(refused(&error, reading.facts)),
    };
    let recipients = recipient_algorithms(message.recipients().iter().map(|one| *one.headers()));
    reading.facts.is("recipient_alg", values(&recipients));
    let provider = provider(&recipients);
    let secrets = known.secrets(provider)?;
    let verdict = message.open(open, &Named(SecretStore::new(&secrets)), &context(provider));
    let lacks = lacks_secret(algorithm, &recipients, &curves(&known)?);
    if lacks.is_none() {
        let same = verdict.as_ref().map(|_| ()).map_err(|error| *error);
        let algorithms = [&[algorithm], &recipients[..]].concat();
        another_provider(&algorithms, same, &|provider| {
            let secrets = known.secrets(provider)?;
            let keys = Named(SecretStore::new(&secrets));
            Ok(message.open(open, &keys, &context(provider)).map(|_| ()))
        })?;
    }
    let single = message.recipients().len() == 1;
    conclude(reading.facts, verdict, lacks, |opened| {
        let payload = message.danger_unverified_payload();
        if Some(opened.danger_unattributed().payload()) != payload {
            return Err("opened, as something else".into());
        }
        attributed(
            opened.verified().map(|verified| verified.by().identity()),
            &recipients,
            single,
            &known,
        )
    })
}

pub(crate) fn encrypt0(case: &Case) -> Result<Outcome, Trouble> {
    let example = Example::from_json(&case.json()?)?;
    let known = Known::read(&example)?;
    let mut reading = Reading::new(case, &example);
    let mut input = OpenInput::from(Input::embedded().with_external_aad(&known.external));
    let message = match Encrypt0::decode(&example.message, &reading.profile) {
        Ok(message) => message,
        Err(error) => return Ok(refused(&error, reading.facts)),
    };
    let context_iv = context_iv(&example, message.headers())?;
    if let Some(context_iv) = &context_iv {
        input = input.with_context_iv(context_iv);
    }
    let tag = message.is_tagged().then_some(Encrypt0::TAG);
    let structure =
        message.enc_structure(input.input.supplied(), &Profile::LENIENT).parts().concat();
    let algorithm = match reading.look(tag, message.headers(), &structure)? {
        Ok(algorithm) => algorithm,
        Err(error) => return Ok(refused(&error, reading.facts)),
    };
    let secrets = known.secrets(&RustCrypto)?;
    let mut buffer = vec![0; message.ciphertext().unwrap_or_default().len()];
    let keys = Named(SecretStore::new(&secrets));
    let verdict = message.decrypt(input, &keys, &context(&RustCrypto), &mut buffer);
    let verdict = verdict.map(|verified| {
        reading.facts.is_hex("plaintext_hex", verified.value().payload());
        verified.value().payload().to_vec()
    });
    let lacks = lacks_secret(algorithm, &[], &curves(&known)?);
    released_nothing(verdict.is_err(), &buffer)?;
    if lacks.is_none() {
        let same = verdict.as_ref().map(|_| ()).map_err(|error| *error);
        another_provider(&[algorithm], same, &|provider| {
            let secrets = known.secrets(provider)?;
            let mut buffer = vec![0; message.ciphertext().unwrap_or_default().len()];
            let (keys, context) = (Named(SecretStore::new(&secrets)), context(provider));
            let opened = message.decrypt(input, &keys, &context, &mut buffer).map(|_| ());
            released_nothing(opened.is_err(), &buffer)?;
            Ok(opened)
        })?;
    }
    conclude(reading.facts, verdict, lacks, |plaintext| {
        let same = example.payload.as_ref().is_none_or(|stated| *stated == plaintext);
        if same { Ok(()) } else { Err("decrypted, to something else".into()) }
    })
}

pub(crate) fn encrypt(case: &Case) -> Result<Outcome, Trouble> {
    let example = Example::from_json(&case.json()?)?;
    let known = Known::read(&example)?;
    let mut reading = Reading::new(case, &example);
    let senders = known.senders();
    let mut input = OpenInput::from(Input::embedded().with_external_aad(&known.external))
        .with_agreed(known.agreed())
        .with_known_senders(&senders);
    let message = match Encrypt::decode(&example.message, &reading.profile) {
        Ok(message) => message,
        Err(error) => return Ok(refused(&error, reading.facts)),
    };
    let context_iv = context_iv(&example, message.headers())?;
    if let Some(context_iv) = &context_iv {
        input = input.with_context_iv(context_iv);
    }
    let tag = message.is_tagged().then_some(Encrypt::TAG);
    let structure =
        message.enc_structure(input.input.supplied(), &Profile::LENIENT).parts().concat();
    let algorithm = match reading.look(tag, message.headers(), &structure)? {
        Ok(algorithm) => algorithm,
        Err(error) => return Ok(refused(&error, reading.facts)),
    };
    let recipients = recipient_algorithms(message.recipients().iter().map(|one| *one.headers()));
    reading.facts.is("recipient_alg", values(&recipients));
    let provider = provider(&recipients);
    let secrets = known.secrets(provider)?;
    let mut buffer = vec![0; message.ciphertext().unwrap_or_default().len()];
    let keys = Named(SecretStore::new(&secrets));
    let verdict = message.decrypt(input, &keys, &context(provider), &mut buffer);
    let verdict = verdict.map(|opened| {
        let plaintext = opened.danger_unattributed().payload().to_vec();
        (plaintext, opened.verified().map(|verified| verified.by().identity()))
    });
    if let Ok((plaintext, _)) = &verdict {
        reading.facts.is_hex("plaintext_hex", plaintext);
    }
    let mut all = recipients.clone();
    for outer in message.recipients().iter() {
        for nested in outer.recipients().iter().flat_map(|nested| nested.iter()) {
            all.extend(nested.headers().algorithm());
        }
    }
    let lacks = lacks_secret(algorithm, &all, &curves(&known)?);
    let single = message.recipients().len() == 1;
    released_nothing(verdict.is_err(), &buffer)?;
    if lacks.is_none() {
        let same = verdict.as_ref().map(|_| ()).map_err(|error| *error);
        another_provider(&[&[algorithm], &all[..]].concat(), same, &|provider| {
            let secrets = known.secrets(provider)?;
            let mut buffer = vec![0; message.ciphertext().unwrap_or_default().len()];
            let (keys, context) = (Named(SecretStore::new(&secrets)), context(provider));
            let opened = message.decrypt(input, &keys, &context, &mut buffer).map(|_| ());
            released_nothing(opened.is_err(), &buffer)?;
            Ok(opened)
        })?;
    }
    conclude(reading.facts, verdict, lacks, |(plaintext, by)| {
        if example.payload.as_ref().is_some_and(|stated| *stated != plaintext) {
            return Err("decrypted, to something else".into());
        }
        attributed(by, &all, single, &known)
    })
}

/// Only a shared key, or a static key that is known, vouches for anybody; both alone, and without key
/// wrap.
fn attributed(
    by: Result<Identity, Error>,
    recipients: &[Algorithm],
    single: bool,
    known: &Known,
) -> Result<(), Trouble> {
    use cose_ext::crypto::Sender;
    let nobody = recipients.iter().any(|algorithm| {
        matches!(
            algorithm.operation(),
            Some(
                Operation::KeyAgreement(_, Sender::Ephemeral)
                    | Operation::KeyAgreementWithKeyWrap(..)
                    | Operation::KeyWrap
            )
        )
    });
    let is_static = recipients.iter().any(|algorithm| {
        matches!(algorithm.operation(), Some(Operation::KeyAgreement(_, Sender::Static)))
    });
    let expected = match (nobody || !single, is_static) {
        (true, _) => None,
        // Without names the secret of two static keys is one in both directions.
        (false, true) => known.names_both_parties().then_some(SENDER),
        (false, false) => Some(SHARED),
    };
    match (by, expected) {
        (Ok(by), Some(expected)) if by == expected => Ok(()),
        (Err(error), None) if error.rule() == Some(Rule::Attribution.to_ref()) => Ok(()),
        (by, expected) => Err(format!("attributed to {by:?}, not {expected:?}").into()),
    }
}

fn released_nothing(refused: bool, buffer: &[u8]) -> Result<(), Trouble> {
    if refused && buffer.iter().any(|byte| *byte != 0) {
        return Err("refused, with something left in the buffer".into());
    }
    Ok(())
}

fn recipient_algorithms<'a>(headers: impl Iterator<Item = Headers<'a>>) -> Vec<Algorithm> {
    headers.filter_map(|headers| headers.algorithm().ok()).collect()
}

fn values(algorithms: &[Algorithm]) -> Value {
    json!(algorithms.iter().map(|algorithm| algorithm.value()).collect::<Vec<_>>())
}

/// What the Partial IV of a message is put upon: files state the nonce that comes out.
fn context_iv(example: &Example, headers: &Headers<'_>) -> Result<Option<Vec<u8>>, Trouble> {
    let body = &example.json["input"][&example.layer];
    match body["unsent"]["IV_hex"].as_str() {
        Some(text) => {
            let mut iv = hex::decode(text).map_err(|error| error.to_string())?;
            if let Some(partial) = headers.find(Label::PARTIAL_IV) {
                let partial = partial.read(cose_ext::cbor::Reader::bytes).map_err(Error::from)?;
                for (byte, partial) in iv.iter_mut().rev().zip(partial.iter().rev()) {
                    *byte ^= partial;
                }
            }
            Ok(Some(iv))
        }
        None => Ok(None),
    }
}
