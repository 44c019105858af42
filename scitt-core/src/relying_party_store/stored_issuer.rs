//! An issuer in the store.

use alloc::{string::String, vec::Vec};

use super::{Role, StoredKey};

/// Somebody whose signatures the relying party believes, for one role.
///
/// Keys are enrolled as such. With the feature `x509` there are two other ways: trust anchors,
/// below which certificates speak for the issuer, and the issuer's name itself where it is a
/// `did:x509`.
#[derive(Clone, Debug)]
pub struct StoredIssuer {
    pub(crate) name: String,
    pub(crate) issuer: String,
    pub(crate) role: Role,
    pub(crate) keys: Vec<StoredKey>,
    pub(crate) anchors: Vec<Vec<u8>>,
    pub(crate) purposes: Vec<Vec<u8>>,
    pub(crate) resolves_did: bool,
}

impl StoredIssuer {
    /// Makes an issuer without keys.
    ///
    /// `name` is the party's name in the store, `issuer` what it claims as `iss`.
    #[must_use]
    pub fn new(name: &str, issuer: &str, role: Role) -> Self {
        Self {
            name: name.into(),
            issuer: issuer.into(),
            role,
            keys: Vec::new(),
            anchors: Vec::new(),
            purposes: Vec::new(),
            resolves_did: false,
        }
    }

    /// Returns this issuer with one more key.
    #[must_use]
    pub fn with_key(mut self, key: StoredKey) -> Self {
        self.keys.push(key);
        self
    }

    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns what it claims as `iss`.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Returns what its keys vouch for.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }

    /// Returns its keys, past and present.
    #[must_use]
    pub fn keys(&self) -> &[StoredKey] {
        &self.keys
    }
}

#[cfg(feature = "x509")]
mod certificates {
    use cose_ext::x509::TrustAnchor;

    use super::StoredIssuer;
    use crate::{DidX509, Error};

    impl StoredIssuer {
        /// Trusts certificates below the authority in `der` to speak for this issuer. Whoever the
        /// authority certifies is believed, so the authority has to be the issuer's own.
        ///
        /// # Errors
        ///
        /// If it is not a certificate.
        pub fn with_anchor(mut self, der: &[u8]) -> Result<Self, Error> {
            TrustAnchor::new(der)?;
            self.anchors.push(der.to_vec());
            Ok(self)
        }

        /// Accepts certificates for a purpose (RFC 5280 4.2.1.12), its object identifier as the
        /// content of its DER. Without any, certificates that state purposes are refused.
        #[must_use]
        pub fn for_purpose(mut self, object_identifier: &[u8]) -> Self {
            self.purposes.push(object_identifier.to_vec());
            self
        }

        /// Resolves the issuer's name, a `did:x509`, by the certificates that come with a message:
        /// the name holds the digest of the authority and what it says of the signer.
        ///
        /// # Errors
        ///
        /// If the name is no `did:x509`.
        pub fn resolving_did_x509(mut self) -> Result<Self, Error> {
            DidX509::parse(&self.issuer)?;
            self.resolves_did = true;
            Ok(self)
        }
    }
}
