//! The parameters of a COSE_Key as they are written (RFC 9052 7.1).

use crate::{
    Error, IntOrText, Rule,
    cbor::{Head, Int},
    crypto::{Algorithm, KeyOperation, KeyOperations, KeyType, YCoordinate},
    error::Misuse,
    label::KeyLabel,
};

/// What every key may say beside its `kty` (RFC 9052 7.1).
#[derive(Clone, Copy, Debug)]
pub(super) struct Common<'a> {
    pub(super) key_id: Option<&'a [u8]>,
    algorithm: Option<Algorithm>,
    /// Written unless it is all of them.
    operations: KeyOperations,
    pub(super) base_iv: Option<&'a [u8]>,
}

impl Common<'_> {
    pub(super) const fn new(algorithm: Option<Algorithm>) -> Self {
        Self { key_id: None, algorithm, operations: KeyOperations::ALL, base_iv: None }
    }

    /// # Errors
    ///
    /// If `operations` is empty: `key_ops` names at least one (RFC 9052 7).
    pub(super) fn with_operations(mut self, operations: KeyOperations) -> Result<Self, Error> {
        if operations == KeyOperations::NONE {
            return Err(Misuse::Builder(Rule::KeyForm).into());
        }
        self.operations = operations;
        Ok(self)
    }

    /// The head of the map, with `own` parameters of the key type to come, and what precedes them.
    /// Labels are in bytewise order of their encodings: 1, 2, 3, 4, 5, -1, -2, -3, -4 (RFC 8949
    /// 4.2.1).
    pub(super) fn write(&self, key_type: KeyType, own: usize, sink: &mut dyn FnMut(&[u8])) {
        let restricts = self.operations != KeyOperations::ALL;
        let there =
            [self.key_id.is_some(), self.algorithm.is_some(), restricts, self.base_iv.is_some()];
        let common = there.into_iter().filter(|there| *there).count().saturating_add(1);
        sink(Head::map(common.saturating_add(own)).as_bytes());
        write_int(sink, KeyLabel::KTY, key_type.value());
        if let Some(key_id) = self.key_id {
            write_bytes(sink, KeyLabel::KID, key_id);
        }
        if let Some(algorithm) = self.algorithm {
            write_int(sink, KeyLabel::ALG, algorithm.value());
        }
        if restricts {
            let permitted = || KeyOperation::ALL.iter().filter(|one| self.operations.permit(**one));
            write_label(sink, KeyLabel::KEY_OPS);
            sink(Head::array(permitted().count()).as_bytes());
            for operation in permitted() {
                sink(Head::int(Int::new(operation.value())).as_bytes());
            }
        }
        if let Some(base_iv) = self.base_iv {
            write_bytes(sink, KeyLabel::BASE_IV, base_iv);
        }
    }
}

fn write_label(sink: &mut dyn FnMut(&[u8]), label: KeyLabel<'_>) {
    match label.value() {
        IntOrText::Int(label) => sink(Head::int(label).as_bytes()),
        IntOrText::Text(label) => {
            sink(Head::text(label.len()).as_bytes());
            sink(label.as_bytes());
        }
    }
}

pub(super) fn write_int(sink: &mut dyn FnMut(&[u8]), label: KeyLabel<'_>, value: i64) {
    write_label(sink, label);
    sink(Head::int(Int::new(value)).as_bytes());
}

pub(super) fn write_bytes(sink: &mut dyn FnMut(&[u8]), label: KeyLabel<'_>, value: &[u8]) {
    write_label(sink, label);
    sink(Head::bytes(value.len()).as_bytes());
    sink(value);
}

/// y of an EC2 key, whole or as its sign (RFC 9053 7.1.1).
pub(super) fn write_y(sink: &mut dyn FnMut(&[u8]), y: YCoordinate<'_>) {
    match y {
        YCoordinate::Value(y) => write_bytes(sink, KeyLabel::EC2_Y, y),
        YCoordinate::Sign(odd) => {
            write_label(sink, KeyLabel::EC2_Y);
            sink(if odd { &[0xf5] } else { &[0xf4] });
        }
    }
}
