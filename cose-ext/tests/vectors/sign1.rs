//! Kind `cose-sign1`: one message, verified.

use crate::named::Named;
use cose_ext::crypto::{Algorithm, AlgorithmPolicy, Binding, PublicKey};
use cose_ext::error::{ErrorKind, Unsupported};
use cose_ext::key::{CoseKey, Identity, KeyLabel, Thumbprint, TrustedKey};
use cose_ext::rustcrypto::{RustCrypto, Sha256};
use cose_ext::{AlgorithmPlacement, Context, Error, Input, Profile, Rule, Sign1};
#[cfg(feature = "aws-lc")]
use cose_ext::{Signed, Verified, crypto::Key};
use serde_json::{Value, json};
use sha2::Digest;
use testkit::cose_wg::Example;
use testkit::vectors::{Case, Facts, Outcome, Trouble};

use crate::build::lacks;
use crate::key::VectorKey;

/// What a case brings, whichever way its file is written.
struct Material {
    message: Vec<u8>,
    external: Vec<u8>,
    /// The payload, when it travels apart.
    detached: Option<Vec<u8>>,
    to_be_signed: Option<Vec<u8>>,
}

pub(crate) fn run(case: &Case) -> Result<Outcome, Trouble> {
    if case.file.ends_with(".json") { example(case) } else { with_cose_key(case) }
}

/// Files that bring their key along as a JWK.
fn example(case: &Case) -> Result<Outcome, Trouble> {
    let example = Example::from_json(&case.json()?)?;
    let signer = example.signer()?;
    let key = VectorKey::from_jwk(&signer.key)?;
    let material = Material {
        message: example.message.clone(),
        external: signer.external.clone(),
        detached: example.detached.then(|| example.payload.clone().unwrap_or_default()),
        // Of a message to be refused, the file states what was signed before something was changed.
        to_be_signed: signer.to_be_signed.clone().filter(|_| !example.fail),
    };
    // gluecose files name keys and messages apart from each other, so a kid selects nothing there.
    let key_id = key.key_id.as_deref().filter(|_| example.json.get("input").is_some());
    let mut facts = Found::default();
    let fixed = example.json.pointer("/sign1::verify/fixedOutputLength");
    facts.is("fixed_output_length", fixed.cloned().unwrap_or_default());
    let key = key.public_key();
    let of_working_group = example.json.get("input").is_some();
    let mode = if of_working_group { Mode::of_working_group(&example, &key) } else { Mode::USUAL };
    judge(case, &material, &key, key_id, &mode, facts)
}

/// A bare message, and a COSE_Key in a file of its own.
fn with_cose_key(case: &Case) -> Result<Outcome, Trouble> {
    let encoded = case.key_bytes(0)?;
    let cose_key = CoseKey::decode(&encoded, &Profile::LENIENT)?;
    let key = cose_key.public_key()?;
    let message = case.bytes()?;
    let thumbprint = Thumbprint::new(&key, &Sha256)?;
    let mut facts = Found::default();
    facts.is_hex("cose_key_thumbprint_sha256_of_kty_alg_pub", thumbprint.as_bytes());
    facts.is("kid_is_thumbprint", cose_key.key_id()? == Some(thumbprint.as_bytes()));
    if let cose_ext::crypto::KeyMaterial::Akp { public } = key.material {
        facts.is("public_key_bytes", public.len());
        // The private part of RFC 9964 is a seed of 32 bytes under -2.
        let seed = cose_key
            .find(KeyLabel::AKP_PRIV)
            .map(|seed| seed.read(|reader| Ok(reader.bytes()?.len())));
        facts.is("private_seed_in_key", seed == Some(Ok(32)));
    }
    let material = Material { message, external: Vec::new(), detached: None, to_be_signed: None };
    judge(case, &material, &key, cose_key.key_id()?, &Mode::USUAL, facts)
}

fn judge(
    case: &Case,
    material: &Material,
    key: &PublicKey<'_>,
    key_id: Option<&[u8]>,
    mode: &Mode,
    mut facts: Found,
) -> Result<Outcome, Trouble> {
    facts.is("message_bytes", material.message.len());
    facts.is_hex("message_sha256", sha2::Sha256::digest(&material.message));
    let as_usual = mode.decode(&material.message, &Profile::LENIENT);
    if mode.profile != Profile::LENIENT
        && as_usual.err().and_then(|error| error.rule()) != Some(Rule::AlgorithmProtected.to_ref())
    {
        return Ok(Outcome::Failed("read by default, with alg in the unprotected bucket".into()));
    }
    let message = match mode.decode(&material.message, &mode.profile) {
        Ok(message) => message,
        Err(error) => return Ok(refused(&error, facts)),
    };
    if message.is_tagged() {
        facts.is("tag", Sign1::TAG);
    }
    facts.is("signature_bytes", message.signature().len());
    let headers = message.headers();
    // One that is malformed is for `verify` to refuse.
    let key_ids = [headers.protected().key_id(), headers.unprotected().key_id()];
    if let Some(key_id) = key_ids.into_iter().find_map(|key_id| key_id.ok().flatten()) {
        facts.is_hex("kid_hex", key_id);
    }
    let input = match &material.detached {
        Some(payload) => Input::detached(payload),
        None => Input::embedded(),
    };
    let input = input.with_external_aad(&material.external);
    let to_be_signed = message.to_be_signed(&input, &Profile::LENIENT)?.parts().concat();
    if material.to_be_signed.as_ref().is_some_and(|stated| *stated != to_be_signed) {
        return Ok(Outcome::Failed(format!("Sig_structure {}", hex::encode(&to_be_signed))));
    }
    facts.is(
        "to_be_authenticated_sha256",
        json!([hex::encode(sha2::Sha256::digest(&to_be_signed))]),
    );
    facts.is_hex("to_be_signed_hex", &to_be_signed);
    facts.is_hex(
        "protected_in_structure_hex",
        headers.protected().as_authenticated(&Profile::LENIENT),
    );
    let algorithm = match message.algorithm() {
        Ok(algorithm) => algorithm,
        Err(error) => return Ok(refused(&error, facts)),
    };
    facts.is("alg", algorithm.value());

    let mut trusted = TrustedKey::new(*key, &Context::new(&RustCrypto))?;
    if let Some(key_id) = key_id {
        trusted = trusted.with_key_id(key_id);
    }
    let algorithms = AlgorithmPolicy::STANDARD.and(&mode.bindings);
    let context = Context::new(&RustCrypto).with_algorithms(algorithms);
    let verdict = message.verify(&input, &Named(trusted), &context);
    if let Some(why) = lacks(algorithm, &key.profile()) {
        return not_run(case, verdict.err(), &facts, why);
    }
    #[cfg(feature = "aws-lc")]
    if let Err(difference) = another_provider(&message, &input, &trusted, &context, key, &verdict) {
        return Ok(Outcome::Failed(difference));
    }
    match verdict {
        Ok(verified) => {
            if verified.by().identity() != Identity::from(Thumbprint::new(key, &Sha256)?)
                || verified.by().algorithm() != algorithm
                || Some(verified.value().payload())
                    != material.detached.as_deref().or(message.danger_unverified_payload())
            {
                return Ok(Outcome::Failed(format!("verified, as something else: {verified:?}")));
            }
            Ok(Outcome::Accepted(facts.into()))
        }
        Err(error) => Ok(refused(&error, facts)),
    }
}

/// AWS-LC comes to the same verdict, for the same reason.
#[cfg(feature = "aws-lc")]
fn another_provider(
    message: &Sign1<'_>,
    input: &Input<'_, '_>,
    trusted: &TrustedKey<'_>,
    context: &Context<'_>,
    key: &PublicKey<'_>,
    verdict: &Result<Verified<Signed<'_, '_>>, Error>,
) -> Result<(), String> {
    use cose_ext::{aws_lc::AwsLc, crypto::Curve};
    // Which AWS-LC as it is bound has not.
    if key.profile().curve == Some(Curve::ED448) {
        return Ok(());
    }
    let parsed = Key::new(*key, &AwsLc);
    let trusted = TrustedKey::parsed(&parsed, trusted.identity());
    let other = message.verify(input, &Named(trusted), context);
    let (ours, other) = (verdict.as_ref().map(|_| ()), other.as_ref().map(|_| ()));
    if ours == other { Ok(()) } else { Err(format!("aws-lc: {other:?}, rustcrypto: {ours:?}")) }
}

/// The mode that a case is run in, and why: what the example says of itself, never its name.
struct Mode {
    profile: Profile,
    /// Beyond the standard policy.
    bindings: Vec<Binding>,
    /// A message without tag 18 is read too.
    untagged: bool,
}

impl Mode {
    const USUAL: Self = Self { profile: Profile::LENIENT, bindings: Vec::new(), untagged: false };

    /// The examples of the working group are of the age of RFC 8152: one that says that it puts `alg`
    /// into the unprotected bucket, pairs a curve with another hash than RFC 9864 does, or takes the
    /// tag away, is read by the profile and the policy that say so by name.
    fn of_working_group(example: &Example, key: &PublicKey<'_>) -> Self {
        let mut mode = Self { untagged: true, ..Self::USUAL };
        if example.json.pointer("/input/sign0/unprotected/alg").is_some() {
            mode.profile = mode.profile.with_algorithm_placement(AlgorithmPlacement::AnyBucket);
        }
        let stated = example.json.pointer("/input/sign0/alg").and_then(Value::as_str);
        mode.bindings.extend(bindings_of(stated, key));
        mode
    }

    fn decode<'m>(&self, message: &'m [u8], profile: &Profile) -> Result<Sign1<'m>, Error> {
        if self.untagged {
            Sign1::decode(message, profile)
        } else {
            Sign1::decode_tagged(message, profile)
        }
    }
}

/// ECDSA with the hash that an example states, on the curve of its key: examples of the working group pair more than
/// RFC 9864 does.
pub(crate) fn bindings_of(stated: Option<&str>, key: &PublicKey<'_>) -> Option<Binding> {
    let hash =
        [("ES256", Algorithm::ES256), ("ES384", Algorithm::ES384), ("ES512", Algorithm::ES512)];
    let (_, algorithm) = hash.iter().find(|(name, _)| Some(*name) == stated)?;
    Some(Binding::ec2(*algorithm, key.profile().curve?))
}

/// The build cannot judge the signature. It must say so and nothing else, and what it can read must be right.
fn not_run(
    case: &Case,
    error: Option<Error>,
    facts: &Found,
    why: String,
) -> Result<Outcome, Trouble> {
    let wrong =
        facts.0.iter().find(|(key, found)| case.fact(key).is_some_and(|stated| stated != found));
    Ok(match (error.map(|error| error.kind()), wrong) {
        (_, Some((key, found))) => Outcome::Failed(format!("fact `{key}`: found {found}")),
        (Some(ErrorKind::Unsupported(Unsupported::Algorithm(_) | Unsupported::Key(_))), None) => {
            Outcome::NotRun(why)
        }
        (other, None) => Outcome::Failed(format!("{why}, and the verdict is {other:?}")),
    })
}

pub(crate) fn refused(error: &Error, facts: impl Into<Facts>) -> Outcome {
    Outcome::Refused {
        rule: error.rule().map(|rule| rule.id),
        error: error.to_string(),
        facts: facts.into(),
    }
}

/// What was read, kept where it can be looked at: a case that is not run asserts its facts too.
#[derive(Default)]
struct Found(Vec<(&'static str, Value)>);

impl Found {
    fn is(&mut self, key: &'static str, value: impl Into<Value>) {
        self.0.push((key, value.into()));
    }

    fn is_hex(&mut self, key: &'static str, bytes: impl AsRef<[u8]>) {
        self.is(key, hex::encode(bytes));
    }
}

impl From<Found> for Facts {
    fn from(found: Found) -> Self {
        let mut facts = Self::new();
        for (key, value) in found.0 {
            facts.is(key, value);
        }
        facts
    }
}
