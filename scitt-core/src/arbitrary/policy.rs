//! Registration policies, which are data that anybody may register.

use arbitrary::{Arbitrary, Result, Unstructured};
use cose_ext::{
    Context,
    arbitrary::{bytes, few},
    crypto::{Algorithm, PublicKey},
    rustcrypto::RustCrypto,
};

use super::name::issuer;
use crate::{OwnedContentType, Policy, PolicyIssuer, PolicyRule, Subject};

/// The longest kid.
const KEY_ID: usize = 16;
/// The most things of one kind.
const FEW: usize = 3;

/// With up to three keys. A key that no COSE_Key can hold is left out.
impl<'a> Arbitrary<'a> for PolicyIssuer {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let context = Context::new(&RustCrypto);
        let mut named = Self::new(issuer(u)?);
        for _ in 0..few(u, FEW)? {
            // A key is as long as its curve wants, and the input ends where it ends.
            let Ok(key) = PublicKey::arbitrary(u) else { break };
            let key_id = bytes(u, KEY_ID)?;
            named = named.clone().with_key(key, key_id, &context).unwrap_or(named);
        }
        Ok(named)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, None)
    }
}

impl<'a> Arbitrary<'a> for PolicyRule {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut rule = Self::new();
        for _ in 0..few(u, FEW.saturating_mul(2))? {
            rule = match u.int_in_range(0..=6u8)? {
                0 => rule.issuer(issuer(u)?),
                1 => rule.algorithm(*u.choose(&[Algorithm::ES256, Algorithm::ED25519])?),
                2 => rule.subject(Subject::arbitrary(u)?.as_str()),
                3 => rule.content_type(u.arbitrary()?),
                4 => rule.typ(u.arbitrary()?),
                5 => rule.claim(u.arbitrary()?),
                _ => rule.valid_in_time(),
            };
        }
        Ok(rule)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, None)
    }
}

impl<'a> Arbitrary<'a> for Policy {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut policy = Self::new().with_rule(u.arbitrary()?);
        for _ in 0..few(u, FEW)? {
            let named: PolicyIssuer = u.arbitrary()?;
            policy = match u.int_in_range(0..=3u8)? {
                0 => policy.administered_by(named),
                1 => policy.rooted_in(named),
                _ => policy.registering(named),
            };
        }
        for _ in 0..few(u, FEW)? {
            let typ: OwnedContentType = u.arbitrary()?;
            policy = policy.with_rule_for(typ, u.arbitrary()?);
        }
        Ok(policy)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (3, None)
    }
}
