//! Who verifies, offline.

use std::{error::Error, fmt::Write as _, io};

use cose_ext::{
    Context, Input, Profile,
    key::{IssuerKeys, KeySet, TrustedKey},
    rustcrypto::RustCrypto,
};
use scitt_core::{ServiceKey, Statement, TransparentStatement, TrustedService, Verifier};

use crate::{
    folder::{Folder, ISSUER_KEYS, SERVICE_KEYS, TRANSPARENT_STATEMENT},
    make::{ISSUER, SERVICE, SERVICE_ALGORITHM},
};

/// What a relying party has: a statement, and whom it trusts.
#[derive(Clone)]
pub(crate) struct RelyingParty {
    pub(crate) statement: Vec<u8>,
    pub(crate) issuer_keys: Vec<u8>,
    pub(crate) service_keys: Vec<u8>,
}

impl RelyingParty {
    /// Reads the files that a relying party got.
    pub(crate) fn read(folder: &Folder) -> io::Result<Self> {
        Ok(Self {
            statement: folder.read(TRANSPARENT_STATEMENT)?,
            issuer_keys: folder.read(ISSUER_KEYS)?,
            service_keys: folder.read(SERVICE_KEYS)?,
        })
    }

    /// Verifies statement, receipt and artifact; returns what was found out, for people.
    pub(crate) fn verify(&self, artifact: &[u8]) -> Result<String, Box<dyn Error>> {
        let profile = Profile::LENIENT;
        let issuer_keys = KeySet::decode(&self.issuer_keys, &profile)?.trusted();
        let issuers = IssuerKeys::new(ISSUER, &issuer_keys);
        let mut keys = Vec::new();
        for key in KeySet::decode(&self.service_keys, &profile)?.iter() {
            let key = key?;
            let trusted = TrustedKey::new(key.public_key()?, &Context::new(&RustCrypto))?;
            let pinned = ServiceKey::new(trusted, SERVICE_ALGORITHM);
            keys.push(key.key_id()?.map_or(pinned, |key_id| pinned.with_key_id(key_id)));
        }
        let services = [TrustedService { name: SERVICE, issuer: Some(SERVICE), keys: &keys }];

        let statement = TransparentStatement::decode(&self.statement, &profile)?;
        let context = Context::new(&RustCrypto);
        let verifier = Verifier::new(&issuers, &services);
        let transparent = verifier.verify(&statement, &Input::embedded(), &context)?;

        let signed = *transparent.statement();
        let digest = signed.try_map(Statement::digest)?;
        let vouched = digest.vouch_for_bytes(artifact, &context)?;

        let (by, statement) = (signed.by(), signed.value());
        let mut found = format!(
            "verified: {} says so about {}",
            statement.issuer().unwrap_or("?"),
            statement.subject().unwrap_or("?"),
        );
        write!(found, "\n   signed by {} with {}", by.identity(), by.algorithm())?;
        write!(found, "\n   logged by {} of {SERVICE}", transparent.inclusion().vds())?;
        write!(found, "\n   all {} bytes of the artifact are vouched for", vouched.value().len())?;
        for not_checked in transparent.not_checked() {
            if not_checked != scitt_core::NotChecked::Preimage {
                write!(found, "\n   not checked: {not_checked}")?;
            }
        }
        Ok(found)
    }
}
