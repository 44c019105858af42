//! Writing results of draft -04 in JSON.

use core::fmt;

use super::{Appraisal, Ear, RawEvidence};
use crate::{
    Error, Rule,
    cmw::{self, MediaType},
    error::ErrorKind,
    json::{Base64Url, Quoted},
};
use cose_ext::cbor::{Array, Raw, Reader};

/// A result that writes itself in JSON, in the form of draft -04 whatever dialect it came in:
/// [`Ear::to_json`]. Of claims that are not known here none is written.
#[derive(Clone, Copy, Debug)]
pub struct EarJson<'a>(Ear<'a>);

impl<'a> Ear<'a> {
    /// Returns the result as something that writes itself in JSON, without blanks.
    ///
    /// # Errors
    ///
    /// [`Rule::EarRawEvidence`] if there is raw evidence without a media type: -04 wants one.
    /// [`Rule::IntegerDate`] if the time of issue has a fraction. [`Rule::Nonce`] if a nonce is
    /// neither bytes nor text nor an array of those.
    pub fn to_json(&self) -> Result<EarJson<'a>, Error> {
        let broken = |rule| Err(Error::new(ErrorKind::Broken(rule)));
        if self.has_float_date() {
            return broken(Rule::IntegerDate);
        }
        let mut nonces = self.appraisals().map(|(_, appraisal)| appraisal.nonce());
        if !is_nonce(self.nonce()) || !nonces.all(is_nonce) {
            return broken(Rule::Nonce);
        }
        match self.raw_evidence() {
            Some(RawEvidence::Bytes(_)) => broken(Rule::EarRawEvidence),
            Some(RawEvidence::Wrapped(record))
                if matches!(record.media_type(), MediaType::ContentFormat(_)) =>
            {
                broken(Rule::EarRawEvidence)
            }
            _ => Ok(EarJson(*self)),
        }
    }
}

impl fmt::Display for EarJson<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ear = &self.0;
        let profile = super::EarDialect::Draft04.profile();
        write!(f, "{{\"eat_profile\":{},\"iat\":{}", Quoted(profile), ear.issued_at())?;
        if let Some(expires_at) = ear.expires_at() {
            write!(f, ",\"exp\":{expires_at}")?;
        }
        let verifier = ear.verifier_id();
        write!(
            f,
            ",\"ear_verifier_id\":{{\"developer\":{},\"build\":{}}}",
            Quoted(verifier.developer),
            Quoted(verifier.build)
        )?;
        if let Some(status) = ear.status() {
            write!(f, ",\"ear_status\":{}", Quoted(status.name()))?;
        }
        if let Some(nonce) = ear.nonce() {
            f.write_str(",\"eat_nonce\":")?;
            write_nonce(&nonce, f)?;
        }
        if let Some(RawEvidence::Wrapped(record)) = ear.raw_evidence() {
            f.write_str(",\"ear_raw_evidence\":")?;
            cmw::write_record(&record, f)?;
        }
        f.write_str(",\"submods\":")?;
        let mut separator = "{";
        for (name, appraisal) in ear.appraisals() {
            write!(f, "{separator}{}:", Quoted(name))?;
            write_appraisal(&appraisal, f)?;
            separator = ",";
        }
        f.write_str("}}")
    }
}

fn write_appraisal(appraisal: &Appraisal<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{{\"ear_status\":{}", Quoted(appraisal.status().name()))?;
    if let Some(vector) = appraisal.vector() {
        f.write_str(",\"ear_trustworthiness_vector\":")?;
        let mut separator = "{";
        for (dimension, claim) in vector.iter() {
            write!(f, "{separator}{}:{}", Quoted(dimension.name()), claim.value())?;
            separator = ",";
        }
        f.write_str("}")?;
    }
    let mut separator = ",\"ear_appraisal_policy_ids\":[";
    let mut has_policies = false;
    for policy in appraisal.policy_ids() {
        write!(f, "{separator}{}", Quoted(policy))?;
        separator = ",";
        has_policies = true;
    }
    if has_policies {
        f.write_str("]")?;
    }
    if let Some(nonce) = appraisal.nonce() {
        f.write_str(",\"eat_nonce\":")?;
        write_nonce(&nonce, f)?;
    }
    f.write_str("}")
}

/// Whether a nonce can be written: none, bytes, a text that came as such, or an array of those.
fn is_nonce(raw: Option<Raw<'_>>) -> bool {
    let is_single =
        |raw: &Raw<'_>| raw.read(Reader::bytes).is_ok() || raw.read(Reader::text).is_ok();
    raw.is_none_or(|raw| {
        is_single(&raw)
            || Array::new(&raw)
                .is_ok_and(|array| !array.is_empty() && array.iter().all(|nonce| is_single(&nonce)))
    })
}

fn write_nonce(raw: &Raw<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if let Ok(array) = Array::new(raw) {
        let mut separator = "[";
        for nonce in &array {
            f.write_str(separator)?;
            write_single(&nonce, f)?;
            separator = ",";
        }
        return f.write_str("]");
    }
    write_single(raw, f)
}

fn write_single(raw: &Raw<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match (raw.read(Reader::bytes), raw.read(Reader::text)) {
        (Ok(bytes), _) => write!(f, "{}", Base64Url(bytes)),
        (_, Ok(text)) => write!(f, "{}", Quoted(text)),
        // Refused before anything is written.
        _ => Err(fmt::Error),
    }
}
