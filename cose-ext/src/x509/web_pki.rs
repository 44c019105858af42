//! Certification paths by the `rustls-webpki` crate.

mod budget;
mod fault;
mod scheme;
mod signature;

use core::{array, fmt, slice};

use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, UnixTime};
use webpki::{
    EndEntityCert, ExtendedKeyUsageValidator, KeyPurposeId, KeyPurposeIdIter, VerifiedPath,
    anchor_from_trusted_cert,
};

use self::{budget::Budget, signature::CertificateSignature};
use super::{
    Certificate, PathRequest, PathValidator, ValidatedPath, ValidityCheck,
    end_entity::MAX_CERTIFICATES, path::MALFORMED,
};
use crate::{
    Context, Error,
    error::{ErrorKind, Limit, PathFault, Policy, StatedPurposes},
};

/// Certification paths by the `rustls-webpki` crate, their signatures checked by the provider of
/// the call.
///
/// It checks signatures, names, basic constraints, path lengths, name constraints, validity and
/// extended key usage, and refuses critical extensions that it does not know; key usage is checked
/// here, for authorities and end entity. It looks for no revocation, and at no certificate
/// policies.
#[derive(Clone, Copy, Default)]
pub struct WebPki<'a> {
    purposes: &'a [Purpose<'a>],
}

/// An extended key usage (RFC 5280 4.2.1.12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purpose<'a>(KeyPurposeId<'a>);

impl<'a> Purpose<'a> {
    /// id-kp-codeSigning.
    pub const CODE_SIGNING: Self = Self::new(&[0x2b, 6, 1, 5, 5, 7, 3, 3]);
    /// id-kp-emailProtection.
    pub const EMAIL_PROTECTION: Self = Self::new(&[0x2b, 6, 1, 5, 5, 7, 3, 4]);
    /// id-kp-timeStamping.
    pub const TIME_STAMPING: Self = Self::new(&[0x2b, 6, 1, 5, 5, 7, 3, 8]);
    /// id-kp-serverAuth.
    const SERVER_AUTH: Self = Self::new(&[0x2b, 6, 1, 5, 5, 7, 3, 1]);
    /// id-kp-clientAuth.
    const CLIENT_AUTH: Self = Self::new(&[0x2b, 6, 1, 5, 5, 7, 3, 2]);
    /// id-kp-OCSPSigning.
    const OCSP_SIGNING: Self = Self::new(&[0x2b, 6, 1, 5, 5, 7, 3, 9]);
    /// anyExtendedKeyUsage.
    const ANY: Self = Self::new(&[0x55, 0x1d, 0x25, 0]);

    /// Makes a purpose from the DER content of its object identifier.
    #[must_use]
    pub const fn new(object_identifier: &'a [u8]) -> Self {
        Self(KeyPurposeId::new(object_identifier))
    }
}

impl<'a> WebPki<'a> {
    /// Returns a validator that refuses certificates which state purposes, unless any purpose is
    /// among them.
    #[must_use]
    pub const fn new() -> Self {
        Self { purposes: &[] }
    }

    /// Accepts certificates that state any of `purposes`.
    #[must_use]
    pub const fn for_purposes(mut self, purposes: &'a [Purpose<'a>]) -> Self {
        self.purposes = purposes;
        self
    }

    /// A path at the second `time`, to the anchor with the lowest index.
    fn find(
        &self,
        request: &PathRequest<'_, '_>,
        time: i64,
        (budget, context): (&Budget<'_>, &Context<'_>),
    ) -> Result<usize, Error> {
        let algorithms = CertificateSignature::all(context.provider, budget);
        let algorithms = algorithms.each_ref();
        let algorithms = algorithms.map(|one| -> &dyn SignatureVerificationAlgorithm { one });
        let end_entity = CertificateDer::from(request.end_entity);
        let fault = |error| fault::error(&error, budget);
        let end_entity = EndEntityCert::try_from(&end_entity).map_err(fault)?;
        let intermediates: [_; MAX_CERTIFICATES] = array::from_fn(|index| {
            CertificateDer::from(request.intermediates.get(index).copied().unwrap_or_default())
        });
        let intermediates = intermediates.get(..request.intermediates.len());
        let intermediates = intermediates.ok_or(Error::from(Limit::Certificates))?;
        // RFC 5280 knows no certificate of before 1970.
        let time = UnixTime::since_unix_epoch(core::time::Duration::from_secs(
            u64::try_from(time).unwrap_or_default(),
        ));
        let issuers = issuers(request);
        let mut furthest = Error::from(Policy::CertificationPath(PathFault::UnknownIssuer));
        for (index, anchor) in request.anchors.iter().enumerate() {
            // Of a large store hardly any anchor issued one of them.
            if !issuers.contains(&Some(anchor.certificate().subject())) {
                continue;
            }
            let certificate = CertificateDer::from(anchor.certificate().der());
            let anchor = anchor_from_trusted_cert(&certificate).map_err(fault)?;
            let found = end_entity.verify_for_usage(
                &algorithms,
                slice::from_ref(&anchor),
                intermediates,
                time,
                Purposes { purposes: self.purposes, budget },
                None,
                Some(&check_key_usage),
            );
            match found.map(|_| index).map_err(fault) {
                Ok(index) => return Ok(index),
                Err(error) => match error.kind() {
                    ErrorKind::Policy(Policy::CertificationPath(PathFault::UnknownIssuer)) => {}
                    ErrorKind::Limit(_) => return Err(error),
                    _ => furthest = error,
                },
            }
        }
        Err(furthest)
    }
}

impl PathValidator for WebPki<'_> {
    fn validate<'c>(
        &self,
        request: &PathRequest<'c, '_>,
        context: &Context<'_>,
    ) -> Result<ValidatedPath<'c>, Error> {
        let limit = request.limits.certificates.min(MAX_CERTIFICATES);
        if request.intermediates.len() >= limit {
            return Err(Error::from(Limit::Certificates));
        }
        let end_entity = Certificate::decode(request.end_entity).map_err(|_| MALFORMED)?;
        let budget = Budget::new(&request.limits, context.work);
        let validated = |anchor, validity| ValidatedPath::new(end_entity, anchor, validity);
        if let Some(time) = request.time {
            let anchor = self.find(request, time.floor(), (&budget, context))?;
            return Ok(validated(anchor, ValidityCheck::At(time)));
        }
        // Every moment would do at which all of them are valid: the youngest one's first.
        let youngest = youngest(&end_entity, request.intermediates);
        let found =
            self.find(request, youngest, (&budget, context)).or_else(|error| match error.kind() {
                ErrorKind::Policy(_) => {
                    self.find(request, end_entity.not_before().floor(), (&budget, context))
                }
                _ => Err(error),
            });
        found.map(|anchor| validated(anchor, ValidityCheck::NotChecked))
    }
}

/// Who the certificates of a request say that issued them.
fn issuers<'c>(request: &PathRequest<'c, '_>) -> [Option<&'c [u8]>; 1 + MAX_CERTIFICATES] {
    let mut issuers = [None; 1 + MAX_CERTIFICATES];
    let certificates = core::iter::once(&request.end_entity).chain(request.intermediates);
    for (issuer, der) in issuers.iter_mut().zip(certificates) {
        *issuer = Certificate::decode(der).ok().map(|certificate| certificate.issuer());
    }
    issuers
}

/// The latest notBefore on the way up from `end_entity`, by names.
fn youngest(end_entity: &Certificate<'_>, intermediates: &[&[u8]]) -> i64 {
    let mut at = *end_entity;
    let mut youngest = at.not_before().floor();
    for _ in intermediates {
        let mut read = intermediates.iter().filter_map(|der| Certificate::decode(der).ok());
        let Some(issuer) = read.find(|above| above.subject() == at.issuer() && *above != at) else {
            break;
        };
        youngest = youngest.max(issuer.not_before().floor());
        at = issuer;
    }
    youngest
}

/// RFC 5280 6.1.4 (n) for authorities, and digitalSignature or nonRepudiation for the end entity:
/// `rustls-webpki` leaves key usage to others.
fn check_key_usage(path: &VerifiedPath<'_>) -> Result<(), webpki::Error> {
    let usage = |certificate: &webpki::Cert<'_>| {
        let der = certificate.der();
        Certificate::decode(&der).map(|read| read.key_usage()).map_err(|_| webpki::Error::BadDer)
    };
    let refused = Err(fault::KEY_USAGE);
    if usage(path.end_entity())?.is_some_and(|usage| !usage.signs_messages()) {
        return refused;
    }
    for authority in path.intermediate_certificates() {
        if usage(authority)?.is_some_and(|usage| !usage.signs_certificates()) {
            return refused;
        }
    }
    Ok(())
}

/// Asked for each certificate that is put onto a path, so that it counts them, too.
struct Purposes<'a> {
    purposes: &'a [Purpose<'a>],
    budget: &'a Budget<'a>,
}

impl ExtendedKeyUsageValidator for Purposes<'_> {
    fn validate(&self, stated: KeyPurposeIdIter<'_, '_>) -> Result<(), webpki::Error> {
        if !self.budget.spend_step() {
            return Err(fault::SPENT);
        }
        let (mut is_one, mut all) = (false, StatedPurposes::NONE);
        for purpose in stated {
            let purpose = purpose?;
            all = all.and(name(purpose));
            is_one |= purpose == Purpose::ANY.0 || self.purposes.iter().any(|one| purpose == one.0);
        }
        if is_one || all == StatedPurposes::NONE {
            return Ok(());
        }
        self.budget.refuse_purposes(all);
        Err(fault::PURPOSE)
    }
}

/// The purpose as an error remembers it.
fn name(purpose: KeyPurposeId<'_>) -> StatedPurposes {
    const NAMED: [(Purpose<'static>, StatedPurposes); 6] = [
        (Purpose::SERVER_AUTH, StatedPurposes::SERVER_AUTH),
        (Purpose::CLIENT_AUTH, StatedPurposes::CLIENT_AUTH),
        (Purpose::CODE_SIGNING, StatedPurposes::CODE_SIGNING),
        (Purpose::EMAIL_PROTECTION, StatedPurposes::EMAIL_PROTECTION),
        (Purpose::TIME_STAMPING, StatedPurposes::TIME_STAMPING),
        (Purpose::OCSP_SIGNING, StatedPurposes::OCSP_SIGNING),
    ];
    let named = NAMED.iter().find(|(known, _)| known.0 == purpose);
    named.map_or(StatedPurposes::OTHER, |(_, name)| *name)
}

impl fmt::Debug for WebPki<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebPki").field("purposes", &self.purposes).finish_non_exhaustive()
    }
}
