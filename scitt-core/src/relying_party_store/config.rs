//! The store as configuration, in whatever format: JSON, TOML and all else that serde writes.

mod rows;

use alloc::{string::String, vec::Vec};

use base64ct::{Base64UrlUnpadded, Encoding};
use cose_ext::{Context, key::Identity};
use serde::{Deserialize, Serialize};

use self::rows::{IssuerRow, ServiceRow};
use super::RelyingPartyStore;
use crate::{Error, Rule};

/// A store in a form that people read and write: keys, certificates and kids in base64url without
/// padding, everything else as names and numbers. Members that are not known are refused, since
/// they may restrict a key.
///
/// Keys are COSE_Keys without kid; algorithms, hash functions and data structures have their
/// numbers in the registries of IANA. What is left out: the state is `current`, a list is empty.
///
/// ```
/// # #[cfg(feature = "rustcrypto")] {
/// use cose_ext::{Context, rustcrypto::RustCrypto};
/// use scitt_core::StoreConfig;
///
/// let config: StoreConfig = serde_json::from_str(r#"{
///   "services": [{
///     "name": "log", "issuer": "https://log.example",
///     "keys": [{
///       "key": "owEBIAYhWCDXWpgBgrEKt9VL_tPJZAc6DuFy89qmIyWvAhpo9wdRGg", "kid": "bG9nIDE",
///       "algorithms": [-8], "vds": 1, "entry": "attached", "hash": -16
///     }]
///   }]
/// }"#)?;
/// let store = config.to_store(&Context::new(&RustCrypto))?;
/// assert_eq!(store.services()[0].name(), "log");
/// # }
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreConfig {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    distrusted: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    services: Vec<ServiceRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    issuers: Vec<IssuerRow>,
}

impl StoreConfig {
    /// Makes the store. The keys are hashed by the provider of `context`.
    ///
    /// # Errors
    ///
    /// [`Rule::StoreForm`] if a value is not of its kind; [`Rule::RolesDisjoint`] if a key has two
    /// roles; those of keys and certificates.
    pub fn to_store(&self, context: &Context<'_>) -> Result<RelyingPartyStore, Error> {
        let mut store = RelyingPartyStore::new();
        for key in &self.distrusted {
            let thumbprint = bytes(key)?.try_into().map_err(|_| form())?;
            store.distrust(Identity::new(thumbprint));
        }
        for service in &self.services {
            store.add_service(service.to_service(context)?)?;
        }
        for issuer in &self.issuers {
            store.add_issuer(issuer.to_issuer(context)?)?;
        }
        Ok(store)
    }
}

impl RelyingPartyStore {
    /// Returns the store as configuration. Whoever can change it decides whom the relying party
    /// believes, as with [`to_bytes`](Self::to_bytes).
    ///
    /// # Errors
    ///
    /// If a key has no form as a COSE_Key.
    pub fn to_config(&self) -> Result<StoreConfig, Error> {
        Ok(StoreConfig {
            distrusted: self.distrusted().map(|key| text(key.as_bytes())).collect(),
            services: self.services().iter().map(ServiceRow::of).collect::<Result<_, _>>()?,
            issuers: self.issuers().iter().map(IssuerRow::of).collect::<Result<_, _>>()?,
        })
    }
}

const fn form() -> Error {
    Error::broken(Rule::StoreForm, 0)
}

fn text(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

fn texts(all: &[Vec<u8>]) -> Vec<String> {
    all.iter().map(|bytes| text(bytes)).collect()
}

fn bytes(text: &str) -> Result<Vec<u8>, Error> {
    Base64UrlUnpadded::decode_vec(text).map_err(|_| form())
}

fn all_bytes(texts: &[String]) -> Result<Vec<Vec<u8>>, Error> {
    texts.iter().map(|text| bytes(text)).collect()
}
