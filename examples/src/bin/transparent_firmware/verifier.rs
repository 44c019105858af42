//! The verifier: which device it is, which release it runs, and whether what says so was measured itself.

use core::fmt;

use cose_ext::{
    Context, Digest, Profile, Trust,
    cbor::{Array, Reader, Writer},
    crypto::Algorithm,
    key::{Thumbprint, TrustStore, TrustedKey},
    rustcrypto::RustCrypto,
    sign1,
};
use rats_eat::{
    Freshness, Requirements, Token,
    appraisal::{Appraiser, Outcome, Reference},
    ar4si::Tier,
    claim::ContentFormat,
};
use spec_rules::RuleRef;
use suit_manifest::report::Report;

use crate::{
    Trouble,
    cast::{NOW, Role, context, key},
    evidence::{COMPONENT_FORMAT, ENVIRONMENT, MAKER, PUMP_17, PUMP_18, REPORT_FORMAT, ROOTS},
    service::Service,
};

/// A release that may be on a pump.
pub(crate) struct Known {
    pub(crate) number: u64,
    /// The SHA-256 digest of its manifest.
    pub(crate) manifest: Vec<u8>,
    pub(crate) image: &'static [u8],
}

/// What the verifier found out about a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attested {
    pub(crate) ueid: Vec<u8>,
    pub(crate) number: u64,
    /// The key of its TEEP Agent.
    pub(crate) agent: [u8; 32],
    /// How many roots it states that are roots of the logs.
    pub(crate) roots: usize,
}

/// Why Evidence, or a message, was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) rule: String,
    text: String,
}

impl Refusal {
    fn new(rule: &str, text: &str) -> Self {
        Self { rule: rule.into(), text: format!("{text} ({rule})") }
    }

    /// The refusal by a rule of a crate.
    pub(crate) fn by(rule: Option<RuleRef>, text: &str) -> Self {
        Self { rule: rule.map_or("none", |rule| rule.id).into(), text: text.into() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Refusal {}

impl From<rats_eat::Error> for Refusal {
    fn from(error: rats_eat::Error) -> Self {
        Self::by(error.rule(), &error.to_string())
    }
}

impl From<cose_ext::Error> for Refusal {
    fn from(error: cose_ext::Error) -> Self {
        rats_eat::Error::from(error).into()
    }
}

impl From<suit_manifest::Error> for Refusal {
    fn from(error: suit_manifest::Error) -> Self {
        Self::by(error.rule(), &error.to_string())
    }
}

impl From<Trouble> for Refusal {
    fn from(trouble: Trouble) -> Self {
        Self::new("none", &trouble.to_string())
    }
}

/// Appraises Evidence that answers to `nonce`. What the report says of the manifest counts only where the components that
/// wrote it are measured, and are the expected ones.
pub(crate) fn appraise(
    evidence: &[u8],
    nonce: &[u8],
    releases: &[Known],
    services: &[Service; 2],
) -> Result<Attested, Refusal> {
    let context = Context::new(&RustCrypto);
    let publics = [PUMP_17, PUMP_18].map(|pump| Ok((pump.ueid, key(pump.key)?.public_key())));
    let publics = publics.into_iter().collect::<Result<Vec<_>, Trouble>>()?;
    let keys = publics
        .iter()
        .map(|(ueid, public)| {
            Ok(TrustedKey::new(public, &context)?.with_key_id(*ueid).for_issuer(MAKER))
        })
        .collect::<Result<Vec<_>, cose_ext::Error>>()?;
    let trust = TrustStore::new(&keys);
    let token = Token::decode(evidence, &Profile::LENIENT)?;
    let verified = token.verify(&Trust::keys(&trust), &Requirements::DEFAULT, &context)?;
    let claims = verified.value();
    Freshness::nonce(&nonce).at(NOW).within(300).check(claims)?;

    let measurements = claims.measurements()?;
    let contents = || measurements.iter().flat_map(|contents| contents.iter());
    let report = contents().find(|content| content.format == ContentFormat(REPORT_FORMAT));
    let report = report.ok_or(Refusal::new("SUIT report 7", "there is no SUIT_Report"))?;
    let report = Report::decode(report.bytes, &Profile::LENIENT)?;
    let manifest = report.reference().digest();
    let release = releases.iter().find(|known| known.manifest == manifest.value());
    let release = release.ok_or(Refusal::new("SUIT report 4", "the manifest is none of ours"))?;
    if !report.result().is_success() {
        return Err(Refusal::new("SUIT report 4", "the manifest was not carried out"));
    }

    // The image that the manifest wants, and everything that had a hand in the report.
    let hash = |bytes: &[u8]| context.hash(Algorithm::SHA256, &[bytes]);
    let image = hash(release.image)?;
    let environment = ENVIRONMENT.map(|(name, code)| Ok((name, hash(code)?)));
    let environment = environment.into_iter().collect::<Result<Vec<_>, cose_ext::Error>>()?;
    let mut references =
        vec![Reference::digest("pump", Digest::new(Algorithm::SHA256, image.as_ref())?)];
    for (name, digest) in &environment {
        let digest = Digest::new(Algorithm::SHA256, digest.as_ref())?;
        references.push(Reference::digest(name, digest));
    }
    let appraiser = Appraiser::new(&references)
        .with_component_format(ContentFormat(COMPONENT_FORMAT))
        .passing_over(ContentFormat(REPORT_FORMAT))
        .at(NOW);
    let mut matching = Vec::new();
    let verdict = appraiser.appraise(&verified, &mut |component| {
        if component.outcome == Outcome::Matches {
            matching.push(component.name.to_owned());
        }
    })?;
    if verdict.status != Tier::Affirming {
        return Err(Refusal::new("RFC 10013", "something else is on the device"));
    }
    for (name, _) in ENVIRONMENT {
        if !matching.iter().any(|found| found == name) {
            let text = format!("a SUIT_Report, and no measurement of the {name}");
            return Err(Refusal::new("SUIT report 5", &text));
        }
    }

    let roots = claims.find(ROOTS).ok_or(Refusal::new("none", "there are no roots"))?;
    let mut known = 0_usize;
    for pair in Array::new(&roots).map_err(cose_ext::Error::from)?.iter() {
        let [service, root] =
            Array::new(&pair).and_then(|pair| pair.exactly()).map_err(cose_ext::Error::from)?;
        let service = service.read(Reader::text).map_err(cose_ext::Error::from)?;
        let root = root.read(Reader::bytes).map_err(cose_ext::Error::from)?;
        let is_known = services.iter().any(|it| it.name == service && it.has_root(root));
        known = known.saturating_add(usize::from(is_known));
    }
    let agent = claims.confirmation()?.and_then(|confirmation| confirmation.thumbprint());
    let agent = agent.ok_or(Refusal::new("none", "the Agent is not named"))?;
    let ueid = claims.ueid()?.map(|ueid| ueid.bytes().to_vec()).unwrap_or_default();
    Ok(Attested { ueid, number: release.number, agent: *agent.as_bytes(), roots: known })
}

/// The result for a TAM: whose key it is, over which nonce, and that all is well.
pub(crate) fn result(attested: &Attested, nonce: &[u8]) -> Result<Vec<u8>, Trouble> {
    let mut out = [0; 512];
    let write = |writer: &mut Writer<'_>| {
        writer.map(3).int(8).map(1).int(3).bytes(&attested.agent);
        writer.int(10).bytes(nonce).int(1000).int(2);
    };
    let draft = sign1::Draft::write(&mut out, Algorithm::ESP256, 0, |_| {}).payload(write)?;
    Ok(draft.sign(&key(Role::Verifier)?)?.to_vec())
}

/// The manifest of a release by its digest, as the verifier knows it.
pub(crate) fn known(number: u64, image: &'static [u8], envelope: &[u8]) -> Result<Known, Trouble> {
    let digest = teep_msg::suit::manifest_sha256(envelope, &context()).ok_or("no digest")?;
    Ok(Known { number, manifest: digest.to_vec(), image })
}

/// The thumbprint that a TAM has of an Agent's key.
pub(crate) fn agent_key(role: Role) -> Result<[u8; 32], Trouble> {
    let public = key(role)?.public_key();
    Ok(*Thumbprint::of(&(&public).into(), &RustCrypto)?.as_bytes())
}
