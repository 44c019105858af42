//! A statement of a set, as far as a set is evaluated by it.

use alloc::{string::String, vec::Vec};

use cose_ext::{Context, IssuerBinding, cwt::ClaimKey, header::ContentType, key::Identity};

use super::StatementId;
use crate::{Error, Transparent};

/// A statement of a set.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) id: StatementId,
    /// What it claims as its issuer, and whether the key is enrolled for that issuer.
    pub(super) issuer: Option<String>,
    pub(super) is_issuer_checked: bool,
    pub(super) signer: Identity,
    content_type: Option<OwnedType>,
    issued_at: Option<i64>,
    pub(super) supersedes: Vec<StatementId>,
    pub(super) withdraws: Vec<StatementId>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum OwnedType {
    MediaType(String),
    ContentFormat(u16),
}

impl OwnedType {
    fn of(content_type: ContentType<'_>) -> Self {
        match content_type {
            ContentType::MediaType(text) => Self::MediaType(text.to_lowercase()),
            ContentType::ContentFormat(number) => Self::ContentFormat(number),
        }
    }
}

impl Member {
    pub(super) fn of(statement: &Transparent<'_>, context: &Context<'_>) -> Result<Self, Error> {
        let verified = statement.statement();
        let (value, by) = (verified.value(), verified.by());
        let len = value.protected().as_received().len().saturating_add(value.payload().len());
        let id = context.begin(len, |context| StatementId::of(value, context))?;
        let named = |claim: &'static str| {
            let found = value.claims().and_then(|claims| claims.find(ClaimKey::text(claim)));
            found.map_or(Ok(Vec::new()), |raw| StatementId::in_claim(&raw))
        };
        let issued_at = match value.claims() {
            Some(claims) => claims.issued_at()?.map(|date| date.time().floor()),
            None => None,
        };
        Ok(Self {
            id,
            issuer: value.issuer().map(String::from),
            is_issuer_checked: by.issuer() == IssuerBinding::Checked,
            signer: by.identity(),
            content_type: value.content_type().map(OwnedType::of),
            issued_at,
            supersedes: named(StatementId::SUPERSEDES)?,
            withdraws: named(StatementId::WITHDRAWS)?,
        })
    }

    /// Whether this one may take the place of `other`, or take it back: both are of one issuer that
    /// was checked, or signed by one key.
    pub(super) fn may_replace(&self, other: &Self) -> bool {
        let is_one_issuer =
            self.is_issuer_checked && other.is_issuer_checked && self.issuer == other.issuer;
        is_one_issuer || self.signer == other.signer
    }

    /// Whether this one is of the same kind and was issued later, as the issuer says.
    pub(super) fn is_newer_than(&self, other: &Self) -> bool {
        let is_later = matches!((self.issued_at, other.issued_at), (Some(a), Some(b)) if a > b);
        is_later && self.content_type == other.content_type
    }

    pub(super) fn is_of(&self, content_type: ContentType<'_>) -> bool {
        self.content_type == Some(OwnedType::of(content_type))
    }
}
