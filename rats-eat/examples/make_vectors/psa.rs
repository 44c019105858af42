//! PSA tokens.

use super::ATTESTER;
use super::Vectors;
use super::attester_key;
use super::cbor;
use cose_ext::Content;
use cose_ext::cbor::Writer;
use cose_ext::sign1::Sign1Builder;
use serde_json::json;

impl Vectors {
    pub(crate) fn psa(&mut self) {
        let with = |client: i64, nonce: &[u8], components: usize, lifecycle: u64| {
            let instance = [&[1][..], &[0x22; 32]].concat();
            let payload = cbor(|writer| {
                // In the order in which devices write them: not ascending.
                writer
                    .map(7)
                    .int(256)
                    .bytes(&instance)
                    .int(2396)
                    .bytes(&[0x33; 32])
                    .int(10)
                    .bytes(nonce);
                writer.int(2394).int(client).int(2395).int(lifecycle);
                writer
                    .int(265)
                    .text("tag:psacertified.org,2023:psa#tfm")
                    .int(2399)
                    .array(components);
                for _ in 0..components {
                    writer
                        .map(3)
                        .int(5)
                        .bytes(&[0x44; 32])
                        .int(2)
                        .bytes(&[0x55; 32])
                        .int(1)
                        .text("BL");
                }
            });
            Sign1Builder::new().sign(Content::Embedded(&payload), &attester_key()).unwrap()
        };
        let (kind, spec) = ("psa-token", "RFC 9783");
        let mut add = |name: &str, why, bytes: &[u8], facts| {
            self.add((name, kind, spec), &[ATTESTER], why, bytes, facts);
        };
        let facts = json!({ "lifecycle_state": "secured", "signature_verified": true });
        add(
            "own-psa-unsorted",
            (true, "claims out of order"),
            &with(-1, &[7; 32], 2, 0x3000),
            facts,
        );
        let refused = |why| (false, why);
        add(
            "own-psa-client-0",
            refused("claims: client id 0"),
            &with(0, &[7; 32], 1, 0x3000),
            json!({}),
        );
        add(
            "own-psa-nonce-16",
            refused("claims: a nonce of 16 bytes"),
            &with(1, &[7; 16], 1, 0x3000),
            json!({}),
        );
        add(
            "own-psa-no-components",
            refused("claims: no component"),
            &with(1, &[7; 32], 0, 0x3000),
            json!({}),
        );
        add(
            "own-psa-lifecycle-7000",
            refused("claims: lifecycle 0x7000"),
            &with(1, &[7; 32], 1, 0x7000),
            json!({}),
        );
    }

    /// The two forms that came before RFC 9783.
    pub(crate) fn old_psa(&mut self) {
        let instance = [&[1][..], &[0x22; 32]].concat();
        let component = |writer: &mut Writer<'_>| {
            _ = writer.array(1).map(2).int(2).bytes(&[0x55; 32]).int(5).bytes(&[0x44; 32])
        };
        let sign = |payload: &[u8]| {
            Sign1Builder::new().sign(Content::Embedded(payload), &attester_key()).unwrap()
        };
        let second = |name: &str, reference: &str| {
            let payload = cbor(|writer| {
                writer.map(9).int(10).bytes(&[7; 32]).int(256).bytes(&instance);
                writer.int(265).text(name).int(2394).int(1).int(2395).int(0x3000);
                writer.int(2396).bytes(&[0x33; 32]).int(2397).bytes(&[0x66; 32]);
                writer.int(2398).text(reference).int(2399);
                component(writer);
            });
            sign(&payload)
        };
        let oldest = |client: i64, components: bool, no_components: bool, name: bool| {
            let payload = cbor(|writer| {
                writer.map(
                    6 + usize::from(components) + usize::from(no_components) + usize::from(name),
                );
                if name {
                    writer.int(-75000).text("PSA_IOT_PROFILE_1");
                }
                writer.int(-75001).int(client).int(-75002).int(0x3000);
                writer.int(-75003).bytes(&[0x33; 32]).int(-75004).bytes(&[0x66; 32]);
                if components {
                    writer.int(-75006);
                    component(writer);
                }
                if no_components {
                    writer.int(-75007).int(1);
                }
                writer.int(-75008).bytes(&[7; 32]).int(-75009).bytes(&instance);
            });
            sign(&payload)
        };
        let (kind, spec) = ("psa-token", "drafts before RFC 9783");
        let mut add = |name: &str, why, bytes: &[u8]| {
            let facts = match why {
                (true, _) => json!({ "lifecycle_state": "secured", "signature_verified": true }),
                _ => json!({}),
            };
            self.add((name, kind, spec), &[ATTESTER], why, bytes, facts);
        };
        let name = "http://arm.com/psa/2.0.0";
        let short = "1234567890123";
        add("own-psa-2-0-0", (true, "a reference without version"), &second(name, short));
        let why = (false, "claims: a reference of 12 digits");
        add("own-psa-2-0-0-reference", why, &second(name, "123456789012"));
        let why = (false, "claims: a name that is no profile");
        add("own-psa-2-0-1", why, &second("http://arm.com/psa/2.0.1", short));
        add("own-psa-iot-1", (true, "the oldest form"), &oldest(-1, true, false, true));
        let why = (true, "the oldest form without its name, nothing measured");
        add("own-psa-iot-1-nothing-measured", why, &oldest(-1, false, true, false));
        let why = (false, "claims: measured, and nothing measured");
        add("own-psa-iot-1-both", why, &oldest(-1, true, true, true));
        let why = (false, "claims: client id 0");
        add("own-psa-iot-1-client-0", why, &oldest(0, true, false, true));
    }
}
