//! Conceptual message wrappers, epoch markers and measured components.

use super::Vectors;
use super::cbor;
use serde_json::json;

impl Vectors {
    pub(crate) fn wrappers(&mut self) {
        let record = |ind: Option<i64>| {
            cbor(|writer| {
                writer
                    .array(if ind.is_some() { 3 } else { 2 })
                    .text("application/eat+cwt")
                    .bytes(&[1, 2]);
                if let Some(ind) = ind {
                    writer.int(ind);
                }
            })
        };
        let (kind, spec) = ("cmw-cbor", "RFC 9999");
        let mut add = |name: &str, why, bytes: &[u8], facts| {
            self.add((name, kind, spec), &[], why, bytes, facts);
        };
        add(
            "own-cmw-record",
            (true, "evidence"),
            &record(Some(4)),
            json!({ "first_byte": "0x83" }),
        );
        add("own-cmw-ind-0", (false, "framing: no indicator is set"), &record(Some(0)), json!({}));
        let inner = record(None);
        let collection = cbor(|writer| {
            writer.map(2).int(1).encoded(&inner).text("c").map(1).text("d").encoded(&inner);
        });
        add(
            "own-cmw-collection",
            (true, "a collection in a collection"),
            &collection,
            json!({ "first_byte": "0xa2" }),
        );
        add(
            "own-cmw-collection-empty",
            (false, "framing: an empty collection"),
            &[0xa0],
            json!({}),
        );
        let tagged = cbor(|writer| _ = writer.tag(1_668_546_817 + 60).bytes(&[0xa0]));
        add("own-cmw-tag", (true, "content format 60"), &tagged, json!({ "first_byte": "0xda" }));
    }

    pub(crate) fn rest(&mut self) {
        let (kind, spec) = ("epoch-marker", "draft-ietf-rats-epoch-markers-04");
        for (name, why, hex) in [
            ("own-epoch-tick", (true, ""), "d96966 48 0102030405060708"),
            ("own-epoch-ticks", (true, ""), "d96967 82 01 6174"),
            ("own-epoch-counter", (true, ""), "d96968 1903e8"),
            ("own-epoch-counter-negative", (false, "a counter below zero"), "d96968 20"),
            (
                "own-epoch-time-without-base",
                (false, "an extended time without a time"),
                "d903e9 a0",
            ),
        ] {
            let bytes = hex::decode(hex.replace(' ', "")).unwrap();
            self.add((name, kind, spec), &[], why, &bytes, json!({}));
        }
        let component = cbor(|writer| {
            writer.map(2).int(1).array(2).text("boot loader").array(1).text("1.4");
            writer.int(2).array(2).int(-16).bytes(&[0x55; 32]);
        });
        let id = ("own-measured-component", "measured-component-cbor", "RFC 10013");
        self.add(id, &[], (true, ""), &component, json!({}));
    }
}
