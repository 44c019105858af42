//! A policy as the payload of a statement.

use alloc::vec::Vec;

use cose_ext::{MapBuilder, Value, crypto::Algorithm};

use super::{Policy, PolicyIssuer, PolicyRule};

impl Policy {
    /// Returns the encoding, deterministic: the payload of the statement that registers the policy.
    pub fn encode(&self) -> Vec<u8> {
        let mut map = MapBuilder::new();
        let parties = [(1, &self.administrators), (2, &self.roots), (3, &self.issuers)];
        for (label, issuers) in parties {
            map = with(map, label, issuers.iter().map(issuer).collect());
        }
        map = map.with(4, Value::Encoded(&rule(&self.rule)));
        let types = self
            .types
            .iter()
            .map(|(typ, of)| Value::Array(&[typ.to_value(), Value::Encoded(&rule(of))]).to_bytes());
        with(map, 5, types.collect()).to_bytes()
    }
}

/// The map with an array under `label`, unless it has no elements.
fn with(map: MapBuilder, label: i64, items: Vec<Vec<u8>>) -> MapBuilder {
    if items.is_empty() {
        return map;
    }
    let items: Vec<_> = items.iter().map(|item| Value::Encoded(item)).collect();
    map.with(label, items.as_slice())
}

fn issuer(issuer: &PolicyIssuer) -> Vec<u8> {
    let map = MapBuilder::new().with(1, issuer.issuer.as_str());
    let keys = issuer.keys.iter().map(|key| Value::Bytes(&key.encoded).to_bytes()).collect();
    let anchors = issuer.anchors.iter().map(|der| Value::Bytes(der).to_bytes()).collect();
    with(with(map, 2, keys), 3, anchors).to_bytes()
}

fn rule(rule: &PolicyRule) -> Vec<u8> {
    let texts = |texts: &[alloc::string::String]| {
        texts.iter().map(|text| Value::Text(text).to_bytes()).collect()
    };
    let algorithm = |algorithm: &Algorithm| Value::from(*algorithm).to_bytes();
    let types = |types: &[crate::OwnedContentType]| {
        types.iter().map(|typ| typ.to_value().to_bytes()).collect()
    };
    let mut map = with(MapBuilder::new(), 1, texts(&rule.issuers));
    map = with(map, 2, rule.algorithms.iter().map(algorithm).collect());
    map = with(map, 3, texts(&rule.subjects));
    map = with(map, 4, types(&rule.content_types));
    map = with(map, 5, types(&rule.types));
    map = with(map, 6, rule.claims.iter().map(|claim| claim.to_value().to_bytes()).collect());
    if rule.asks_validity {
        map = map.with(7, Value::Bool(true));
    }
    map.to_bytes()
}
