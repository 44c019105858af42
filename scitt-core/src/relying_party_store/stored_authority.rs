//! An authority that certifies the receipt keys of a service.

use alloc::vec::Vec;

use cose_ext::crypto::Algorithm;

use super::LogProfile;

/// An authority that certifies the receipt keys of one service: receipts bring the certificate of
/// their key in `x5chain`, and a path has to lead from it to this authority (RFC 5280 6).
///
/// It is pinned as a key is: to algorithms, to a data structure and to an entry rule. Whoever the
/// authority certifies is believed, so it has to be the service's own.
#[derive(Clone, Debug)]
pub struct StoredAuthority {
    /// The certificate, DER.
    pub(crate) anchor: Vec<u8>,
    pub(crate) purposes: Vec<Vec<u8>>,
    pub(crate) algorithms: Vec<Algorithm>,
    pub(crate) log: LogProfile,
}

impl StoredAuthority {
    /// Returns the certificate of the authority, DER.
    #[must_use]
    pub fn certificate(&self) -> &[u8] {
        &self.anchor
    }

    /// Returns the algorithms of the receipts, at least one.
    #[must_use]
    pub fn algorithms(&self) -> &[Algorithm] {
        &self.algorithms
    }

    /// Returns the kind of log that the receipts are of.
    #[must_use]
    pub const fn log(&self) -> LogProfile {
        self.log
    }
}

#[cfg(feature = "x509")]
mod paths {
    use alloc::vec;

    use cose_ext::{crypto::Algorithm, error::Policy, key::Identity, x509::TrustAnchor};

    use super::StoredAuthority;
    use crate::{
        AtTime, Error, LogProfile, RelyingPartyStore, Role, ServiceKey, ServiceKeySource,
        service_key::{AuthorityAt, KeyObjection},
    };

    impl StoredAuthority {
        /// Trusts receipt keys below the authority in `der`, for one algorithm and one kind of log.
        ///
        /// # Errors
        ///
        /// If it is not a certificate.
        pub fn new(der: &[u8], algorithm: Algorithm, log: LogProfile) -> Result<Self, Error> {
            TrustAnchor::new(der)?;
            Ok(Self { anchor: der.into(), purposes: vec![], algorithms: vec![algorithm], log })
        }

        /// Returns this authority with one more algorithm.
        #[must_use]
        pub fn also_by(mut self, algorithm: Algorithm) -> Self {
            if !self.algorithms.contains(&algorithm) {
                self.algorithms.push(algorithm);
            }
            self
        }

        /// Accepts certificates for a purpose (RFC 5280 4.2.1.12), its object identifier as the
        /// content of its DER. Without any, certificates that state purposes are refused.
        #[must_use]
        pub fn for_purpose(mut self, object_identifier: &[u8]) -> Self {
            self.purposes.push(object_identifier.to_vec());
            self
        }

        /// Returns the keys below the authority, as a verifier takes them at `time`.
        pub(crate) fn at<'s>(
            &'s self,
            store: &'s RelyingPartyStore,
            time: AtTime,
        ) -> Option<ServiceKey<'s>> {
            let (algorithm, more) = self.algorithms.split_first()?;
            let (anchor, purposes) = (&self.anchor, &self.purposes);
            let authority = AuthorityAt { anchor, purposes, time, store };
            let source = ServiceKeySource::authority(authority);
            let key = ServiceKey::from_source(source, *algorithm).with_more_algorithms(more);
            Some(key.with_vds(self.log.vds).with_entry_rule(self.log.entry_rule))
        }
    }

    impl KeyObjection for RelyingPartyStore {
        fn objection_to_receipt_key(&self, key: Identity, time: AtTime) -> Option<Policy> {
            self.objection(key, Role::Receipt, time)
        }
    }
}
