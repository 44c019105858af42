//! Whom a relying party believes, as data.

#[cfg(feature = "serde")]
mod config;
mod data;
mod issuers;
mod key_file;
mod role;
mod stored_authority;
mod stored_issuer;
mod stored_key;
mod stored_service;

use alloc::{collections::BTreeSet, vec::Vec};

#[cfg(feature = "x509")]
use cose_ext::error::{OutOfForce, Policy};
use cose_ext::key::{Identity, OwnedTrustedKey};

#[cfg(feature = "serde")]
pub use self::config::StoreConfig;
pub use self::{
    issuers::Issuers,
    key_file::LoadedService,
    role::Role,
    stored_authority::StoredAuthority,
    stored_issuer::StoredIssuer,
    stored_key::{KeyState, KeyValidity, StoredKey},
    stored_service::{LogProfile, StoredService, StoredServiceKey},
};
use crate::{AtTime, Error, Rule, ServiceKey, TrustedService, Verifier};

/// Whom a relying party believes (RFC 9943 7.1): services for receipts, issuers for statements and
/// other roles, keys with kid, validity and state.
///
/// # State, invariant, cost
///
/// A key has one role in the whole store: a service's key is not an issuer's key, and a key for
/// statements is none for firmware. Adding a party compares its keys with all others. The store is
/// data ([`to_bytes`](Self::to_bytes)); it verifies nothing by itself.
#[derive(Clone, Debug, Default)]
pub struct RelyingPartyStore {
    services: Vec<StoredService>,
    issuers: Vec<StoredIssuer>,
    /// Keys that count nowhere, whatever else says so.
    distrusted: BTreeSet<Identity>,
}

impl RelyingPartyStore {
    /// Makes a store that trusts nobody.
    #[must_use]
    pub const fn new() -> Self {
        Self { services: Vec::new(), issuers: Vec::new(), distrusted: BTreeSet::new() }
    }

    /// Believes the receipts of `service`.
    ///
    /// # Errors
    ///
    /// [`Rule::RolesDisjoint`] if one of its keys has another role already; then nothing has
    /// changed.
    pub fn add_service(&mut self, mut service: StoredService) -> Result<(), Error> {
        let keys = service.keys.iter().map(|key| &key.key.key);
        self.check_role(keys, Role::Receipt)?;
        self.mark(service.keys.iter_mut().map(|key| &mut key.key));
        self.services.push(service);
        Ok(())
    }

    /// Believes `issuer`, for its role.
    ///
    /// # Errors
    ///
    /// [`Rule::RolesDisjoint`] if one of its keys has another role already, or its role is that of
    /// a service; then nothing has changed.
    pub fn add_issuer(&mut self, mut issuer: StoredIssuer) -> Result<(), Error> {
        if issuer.role == Role::Receipt {
            return Err(Error::refused(Rule::RolesDisjoint));
        }
        self.check_role(issuer.keys.iter().map(|key| &key.key), issuer.role)?;
        self.mark(issuer.keys.iter_mut());
        self.issuers.push(issuer);
        Ok(())
    }

    /// Returns the services, in the order in which they came.
    #[must_use]
    pub fn services(&self) -> &[StoredService] {
        &self.services
    }

    /// Returns the issuers of all roles, in the order in which they came.
    #[must_use]
    pub fn issuers(&self) -> &[StoredIssuer] {
        &self.issuers
    }

    /// Returns why a key that comes by a certificate does not count for `role`; `None` if it does.
    /// What the store says of the key itself outweighs what an authority says.
    #[cfg(feature = "x509")]
    pub(crate) fn objection(&self, key: Identity, role: Role, time: AtTime) -> Option<Policy> {
        if self.distrusted.contains(&key) {
            return Some(Policy::KeyNotInForce(OutOfForce::Compromised));
        }
        if self.role_of(key).is_some_and(|its| its != role) {
            return Some(Policy::KeyOperations);
        }
        let of_services = self.services.iter().flat_map(|service| &service.keys);
        let own = self.issuers.iter().flat_map(|issuer| &issuer.keys);
        let own = own.chain(of_services.map(|key| &key.key));
        let mut own = own.filter(|stored| identity(&stored.key) == key);
        own.find_map(|stored| stored.out_of_force(time)).map(Policy::KeyNotInForce)
    }

    /// Returns the role of a key, by its thumbprint.
    #[must_use]
    pub fn role_of(&self, key: Identity) -> Option<Role> {
        self.keys().find(|(known, _)| identity(known) == key).map(|(_, role)| role)
    }

    /// Sets the state of a key, wherever it stands: to be called once a key was retired or is in
    /// other hands. Returns how many entries were changed.
    pub fn set_key_state(&mut self, key: Identity, state: KeyState) -> usize {
        let services = self.services.iter_mut().flat_map(|service| &mut service.keys);
        let issuers = self.issuers.iter_mut().flat_map(|issuer| &mut issuer.keys);
        let mut changed: usize = 0;
        for stored in services.map(|key| &mut key.key).chain(issuers) {
            if identity(&stored.key) == key {
                stored.state = state;
                changed = changed.saturating_add(1);
            }
        }
        changed
    }

    /// Distrusts a key for good, by its thumbprint (RFC 9679), whether it stands in the store or
    /// comes by a certificate: revocation is not looked up here, so this is where it is entered.
    pub fn distrust(&mut self, key: Identity) {
        self.distrusted.insert(key);
        self.set_key_state(key, KeyState::Compromised);
    }

    /// Returns the keys that are distrusted for good, in ascending order.
    pub fn distrusted(&self) -> impl Iterator<Item = Identity> {
        self.distrusted.iter().copied()
    }

    /// Returns the issuers of one role at a time, for [`Verifier`](crate::Verifier) and every other
    /// call that takes a [`KeyResolver`](cose_ext::key::KeyResolver).
    #[must_use]
    pub const fn issuers_for(&self, role: Role, time: AtTime) -> Issuers<'_> {
        Issuers { store: self, role, time }
    }

    /// Calls `then` with the verifier that believes the services and the issuers of statements as
    /// they count at a time. Whatever else it is to ask for, `then` adds.
    ///
    /// ```
    /// # use scitt_core::*;
    /// # fn verify<'a>(
    /// #     store: &RelyingPartyStore,
    /// #     statement: &TransparentStatement<'a>,
    /// #     context: &cose_ext::Context<'_>,
    /// # ) -> Result<Transparent<'a>, Error> {
    /// let (now, input) = (AtTime::second(1_800_000_000), cose_ext::Input::embedded());
    /// store.with_verifier(now, |verifier| {
    ///     verifier.requiring(2).verify(statement, &input, context)
    /// })
    /// # }
    /// ```
    pub fn with_verifier<T>(&self, time: AtTime, then: impl FnOnce(Verifier<'_>) -> T) -> T {
        let table = self.service_table(time);
        let (services, issuers) = (table.services(), self.issuers_for(Role::Statement, time));
        then(Verifier::new(&issuers, &services))
    }

    /// Returns the keys of all services as they count at a time. Keep it while the
    /// [`services`](ServiceTable::services) are used.
    #[must_use]
    pub fn service_table(&self, time: AtTime) -> ServiceTable<'_> {
        let rows = self.services.iter().map(|service| {
            (service.name.as_str(), service.issuer.as_deref(), self.service_keys(service, time))
        });
        ServiceTable { rows: rows.collect() }
    }

    fn service_keys<'s>(&'s self, service: &'s StoredService, time: AtTime) -> Vec<ServiceKey<'s>> {
        let enrolled = service.keys.iter().filter_map(|key| key.at(time));
        #[cfg(feature = "x509")]
        let enrolled = {
            let certified = service.authorities.iter().filter_map(|it| it.at(self, time));
            enrolled.chain(certified)
        };
        enrolled.collect()
    }

    /// Marks those of the keys that are distrusted.
    fn mark<'k>(&self, keys: impl Iterator<Item = &'k mut StoredKey>) {
        for stored in keys {
            if self.distrusted.contains(&identity(&stored.key)) {
                stored.state = KeyState::Compromised;
            }
        }
    }

    fn keys(&self) -> impl Iterator<Item = (&OwnedTrustedKey, Role)> {
        let services = self.services.iter().flat_map(|service| &service.keys);
        let issuers = self
            .issuers
            .iter()
            .flat_map(|issuer| issuer.keys.iter().map(move |key| (&key.key, issuer.role)));
        services.map(|key| (&key.key.key, Role::Receipt)).chain(issuers)
    }

    fn check_role<'k>(
        &self,
        mut keys: impl Iterator<Item = &'k OwnedTrustedKey>,
        role: Role,
    ) -> Result<(), Error> {
        let has_other = |key: &OwnedTrustedKey| {
            self.keys().any(|(known, its)| its != role && identity(known) == identity(key))
        };
        if keys.any(has_other) { Err(Error::refused(Rule::RolesDisjoint)) } else { Ok(()) }
    }
}

fn identity(key: &OwnedTrustedKey) -> Identity {
    key.as_trusted_key().identity()
}

/// The keys of the services of a store as they count at one time.
#[derive(Debug)]
pub struct ServiceTable<'s> {
    rows: Vec<(&'s str, Option<&'s str>, Vec<ServiceKey<'s>>)>,
}

impl ServiceTable<'_> {
    /// Returns the services as a [`Verifier`](crate::Verifier) takes them.
    #[must_use]
    pub fn services(&self) -> Vec<TrustedService<'_>> {
        let rows = self.rows.iter();
        rows.map(|(name, issuer, keys)| TrustedService { name, issuer: *issuer, keys }).collect()
    }
}
