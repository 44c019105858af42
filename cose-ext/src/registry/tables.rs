//! What no type of the crate names by itself.

/// What `Algorithm` does not name: not for signatures, or not offered.
pub(super) const ALGORITHMS: [(i64, &str); 7] = [
    (34, "IV-GENERATION"),
    (-260, "WalnutDSA"),
    (-265, "ESB256"),
    (-266, "ESB320"),
    (-267, "ESB384"),
    (-268, "ESB512"),
    (-65535, "RS1"),
];

/// Curves that no key here is on.
pub(super) const CURVES: [(i64, &str); 4] = [
    (256, "brainpoolP256r1"),
    (257, "brainpoolP320r1"),
    (258, "brainpoolP384r1"),
    (259, "brainpoolP512r1"),
];

/// The content formats of this family and the plain ones that its payloads have; of 2026, some of
/// them for documents that are approved and not yet published. SUIT envelopes and TEEP messages
/// have none.
pub(super) const CONTENT_FORMATS: [(i64, &str); 53] = [
    (0, "text/plain; charset=utf-8"),
    (16, "application/cose; cose-type=\"cose-encrypt0\""),
    (17, "application/cose; cose-type=\"cose-mac0\""),
    (18, "application/cose; cose-type=\"cose-sign1\""),
    (19, "application/ace+cbor"),
    (40, "application/link-format"),
    (41, "application/xml"),
    (42, "application/octet-stream"),
    (47, "application/exi"),
    (50, "application/json"),
    (51, "application/json-patch+json"),
    (52, "application/merge-patch+json"),
    (60, "application/cbor"),
    (61, "application/cwt"),
    (62, "application/multipart-core"),
    (63, "application/cbor-seq"),
    (64, "application/edhoc+cbor-seq"),
    (65, "application/cid-edhoc+cbor-seq"),
    (96, "application/cose; cose-type=\"cose-encrypt\""),
    (97, "application/cose; cose-type=\"cose-mac\""),
    (98, "application/cose; cose-type=\"cose-sign\""),
    (101, "application/cose-key"),
    (102, "application/cose-key-set"),
    (110, "application/senml+json"),
    (112, "application/senml+cbor"),
    (257, "application/concise-problem-details+cbor"),
    (258, "application/swid+cbor"),
    (263, "application/eat+cwt"),
    (264, "application/eat+jwt"),
    (265, "application/eat-bun+cbor"),
    (266, "application/eat-bun+json"),
    (267, "application/eat-ucs+cbor"),
    (268, "application/eat-ucs+json"),
    (270, "application/suit-report+cose"),
    (273, "application/cmw+cbor"),
    (274, "application/cmw+json"),
    (275, "application/cmw+cose"),
    (276, "application/cmw+jws"),
    (277, "application/scitt-statement+cose"),
    (278, "application/scitt-receipt+cose"),
    (279, "application/statuslist+cwt"),
    (281, "application/pkcs7-mime; smime-type=certs-only"),
    (286, "application/pkcs10"),
    (287, "application/pkix-cert"),
    (293, "application/sd-cwt"),
    (294, "application/kb+cwt"),
    (295, "application/measured-component+cbor"),
    (296, "application/measured-component+json"),
    (601, "application/uccs+cbor"),
    (10003, "application/eat+cwt; eat_profile=\"tag:psacertified.org,2023:psa#tfm\""),
    (10004, "application/eat+cwt; eat_profile=\"tag:psacertified.org,2019:psa#legacy\""),
    (10570, "application/toc+cbor"),
    (10571, "application/ce+cbor"),
];
