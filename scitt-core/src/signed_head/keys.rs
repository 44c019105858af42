//! The keys of a service that may sign a head.

use core::ops::ControlFlow;

use cose_ext::{
    Context, Sign1,
    crypto::Algorithm,
    header::Vds,
    key::{Candidate, KeyHint, KeyResolver},
};

use crate::{Error, KeyStatus, Rule, ServiceKey, TrustedService};

/// The keys of a service that answer to one head.
pub(super) struct HeadKeys<'k> {
    keys: &'k [ServiceKey<'k>],
    issuer: Option<&'k str>,
    key_id: Option<&'k [u8]>,
    algorithm: Algorithm,
    vds: Vds,
}

impl<'k> HeadKeys<'k> {
    /// Picks the keys that are enrolled for this structure and this algorithm, and that are in
    /// force.
    ///
    /// # Errors
    ///
    /// If there is not at least one. A key in other hands makes no head: its holder could frame the
    /// service.
    pub(super) fn new(
        service: &'k TrustedService<'k>,
        head: &Sign1<'k>,
        vds: Vds,
    ) -> Result<Self, Error> {
        let key_id = head.headers().protected().key_id()?;
        let algorithm = head.algorithm()?;
        let found = Self { keys: service.keys, issuer: service.issuer, key_id, algorithm, vds };
        let is_named = |key: &&ServiceKey<'_>| found.is_named(key);
        match service.keys.iter().find(is_named) {
            Some(_) if service.keys.iter().any(|key| found.offers(key)) => Ok(found),
            Some(key) if !is_in_force(key.status) => Err(Error::refused(Rule::ServiceKeyStatus)),
            Some(_) => Err(Error::refused(Rule::ServiceKeyPinned)),
            None => Err(Error::refused(Rule::HeadSigned)),
        }
    }

    fn is_named(&self, key: &ServiceKey<'_>) -> bool {
        match (key.key_id, self.key_id) {
            (Some(enrolled), Some(named)) => enrolled == named,
            _ => true,
        }
    }

    fn offers(&self, key: &ServiceKey<'_>) -> bool {
        self.is_named(key)
            && is_in_force(key.status)
            && key.vds == self.vds
            && key.signs_by(self.algorithm)
    }
}

const fn is_in_force(status: KeyStatus) -> bool {
    matches!(status, KeyStatus::Current | KeyStatus::RetiredAccepted)
}

impl KeyResolver for HeadKeys<'_> {
    fn candidates(
        &self,
        hint: &KeyHint<'_>,
        context: &Context<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        for key in self.keys.iter().filter(|key| self.offers(key)) {
            let mut flow = ControlFlow::Continue(());
            key.key.candidates(hint, context, &mut |candidate| {
                let issuer = candidate.issuer.or(self.issuer);
                flow = each(Candidate { named: true, issuer, ..candidate });
                flow
            });
            if flow.is_break() {
                return;
            }
        }
    }
}
