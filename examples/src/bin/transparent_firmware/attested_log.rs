//! Log B runs in a trusted execution environment: before its receipts count, its token has to say so.

use cose_ext::{
    Context, Digest, Input, Profile, Trust,
    crypto::Algorithm,
    cwt::ClaimKey,
    header::ContentType,
    key::{Thumbprint, TrustStore, TrustedKey},
    rustcrypto::RustCrypto,
};
use rats_eat::{
    Requirements as EatRequirements, Token,
    appraisal::{Appraiser, Reference},
    ar4si::Tier,
    attester::{self, ClaimsWriter},
    claim::ContentFormat,
};
use scitt_core::{
    AttestedKey, Error, ErrorKind, Requirements, Rule, SignedStatement, StatementBuilder,
    TokenCheck,
};

use crate::{
    Trouble,
    cast::{LOGS, NOW, Role, context, key},
    evidence::{COMPONENT_FORMAT, component},
    service::Service,
};

const ENVIRONMENTS: &str = "https://environments.example";
const PROGRAM: &str = "transparency service";
pub(crate) const CODE: &[u8] = b"the code of the transparency service, release 3";
/// How old a token may be, in seconds.
const A_DAY: u32 = 86_400;

fn receipt_key(service: &Service) -> Result<Thumbprint, Trouble> {
    Ok(Thumbprint::of(&(&service.key.public_key()).into(), &RustCrypto)?)
}

/// A token of the environment: which program runs there, and that the key is its own.
fn token(code: &[u8], confirmed: &Thumbprint, at: i64) -> Result<Vec<u8>, Trouble> {
    let program = component(PROGRAM, code)?;
    let claims = |claims: &mut ClaimsWriter<'_, '_>| {
        claims
            .text(ClaimKey::ISS, ENVIRONMENTS)
            .int(ClaimKey::IAT, at)
            .claim(ClaimKey::CNF, |cnf| _ = cnf.map(1).int(5).bytes(confirmed.as_bytes()))
            .claim(ClaimKey::MEASUREMENTS, |measurements| {
                measurements.array(1).array(2).int(u64::from(COMPONENT_FORMAT)).bytes(&program);
            });
    };
    let (mut out, key) = ([0; 512], key(Role::Environment)?);
    Ok(attester::sign(&mut out, Some(b"environment"), &key, &claims)?.to_vec())
}

/// What the service says of itself: a statement whose payload is a token.
pub(crate) fn statement(service: &Service, code: &[u8], at: i64) -> Result<Vec<u8>, Trouble> {
    let token = token(code, &receipt_key(service)?, at)?;
    Ok(StatementBuilder::new(service.issuer, service.issuer)
        .key_id(&[Role::LogB as u8])
        .typ(ContentType::MediaType(AttestedKey::TYP))
        .content_type(ContentType::MediaType("application/eat+cwt"))
        .sign(&token, &key(Role::LogB)?)?)
}

/// Checks tokens of this environment, whose maker's key is known, against the one program that is accepted.
struct Environment;

const NOT_ATTESTED: Error = Error::new(ErrorKind::Refused(Rule::ReceiptKeyAttested));

impl Environment {
    fn appraise(
        token: &[u8],
        confirmed: &Thumbprint,
        context: &Context<'_>,
    ) -> Result<i64, Trouble> {
        let public = key(Role::Environment)?.public_key();
        let keys = [TrustedKey::new(&public, context)?
            .with_key_id(b"environment")
            .for_issuer(ENVIRONMENTS)];
        let trust = TrustStore::new(&keys);
        let token = Token::decode(token, &Profile::LENIENT)?;
        let verified = token.verify(&Trust::keys(&trust), &EatRequirements::DEFAULT, context)?;
        let code = context.hash(Algorithm::SHA256, &[CODE])?;
        let known = [Reference::digest(PROGRAM, Digest::new(Algorithm::SHA256, code.as_ref())?)];
        let format = ContentFormat(COMPONENT_FORMAT);
        let appraiser = Appraiser::new(&known).with_component_format(format);
        let verdict = appraiser.appraise(&verified, &mut |_| {})?;
        let claims = verified.value();
        let named = claims.confirmation()?.and_then(|confirmation| confirmation.thumbprint());
        if verdict.status != Tier::Affirming || named != Some(*confirmed) {
            return Err("another program, or another key".into());
        }
        Ok(claims.issued_at()?.ok_or("no date")?)
    }
}

impl TokenCheck for Environment {
    fn check(
        &self,
        token: &[u8],
        confirmed: &Thumbprint,
        context: &Context<'_>,
    ) -> Result<i64, Error> {
        Self::appraise(token, confirmed, context).map_err(|_| NOT_ATTESTED)
    }
}

/// Whether the receipts of log B count: its statement about itself is its own, and the token in it holds and is of today.
pub(crate) fn confirm(
    service: &Service,
    statement: &[u8],
) -> Result<Result<AttestedKey, Error>, Trouble> {
    let (_, issuer) = LOGS[1];
    let context = context();
    let public = key(Role::LogB)?.public_key();
    let trusted = TrustedKey::new(&public, &context)?.for_issuer(issuer);
    let statement = SignedStatement::decode(statement, &Profile::LENIENT)?;
    let input = Input::embedded();
    let verified = statement.verify(&input, &trusted, Requirements::Rfc9943, &context)?;
    let key = receipt_key(service)?;
    Ok(AttestedKey::confirm(&verified, issuer, &key, &Environment, &context)
        .and_then(|attested| attested.within(A_DAY, NOW)))
}
