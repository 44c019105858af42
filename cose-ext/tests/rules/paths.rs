//! Signers that certificates make (RFC 9360, RFC 5280).

// Arrays say what a header has, one or many.
#![allow(clippy::cloned_ref_to_slice_refs)]

use cose_ext::crypto::{
    Algorithm, HashFunction, InvalidKey, Provider, PublicKey, SignatureVerifier,
};
use cose_ext::cwt::Time;
use cose_ext::error::{Error, ErrorKind, Limit, PathFault, Policy, StatedPurposes, Unsupported};
use cose_ext::header::ArrayOfOne;
use cose_ext::key::{Identity, KeyResolver};
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::x509::{
    Certificate, CertificateStore, CertificationPaths, PathRequest, PathValidator, Purpose,
    TrustAnchor, TrustedCertificate, ValidatedPath, ValidityCheck, WebPki,
};
use cose_ext::{Context, Input, Label, Limits, Notes, Rule};
use p256::elliptic_curve::sec1::ToSec1Point;
use sha2::Digest;
use testkit::fixed_keys::EcKey;

use crate::certificates::{
    Template, authority, der, extended_key_usage, extension, key_usage, name, sequence,
};
use crate::expect::breaks;
use crate::messages::{
    ISSUER, STRANGER, bstr, decode, h, head, issuer, sign1, signature, trusted_issuer,
    trusted_stranger,
};

mod one_certificate;

/// 2026-06-01T00:00:00Z.
const NOW: Time = Time::Seconds(1_780_272_000);

fn key(seed: u8) -> EcKey<32> {
    let private = [seed; 32];
    let point = p256::SecretKey::from_slice(&private).unwrap().public_key().to_sec1_point(false);
    EcKey {
        private,
        x: point.as_bytes()[1..33].try_into().unwrap(),
        y: point.as_bytes()[33..].try_into().unwrap(),
    }
}

fn root() -> Vec<u8> {
    Template::new("root", "root", &key(1)).with(authority(None)).sign(&key(1))
}

fn intermediate() -> Template {
    Template::new("root", "middle", &key(2)).with(authority(None)).with(key_usage(0x04))
}

fn leaf() -> Template {
    Template::new("middle", "leaf", &ISSUER).with(key_usage(0x80))
}

/// `x5chain` or `x5bag`.
fn certificates(label: u8, certificates: &[&[u8]]) -> Vec<u8> {
    let encoded = certificates.iter().flat_map(|der| bstr(der)).collect::<Vec<_>>();
    let array = if certificates.len() == 1 { vec![] } else { head(4, certificates.len()) };
    [vec![0x18, label], array, encoded].concat()
}

fn chain(der: &[&[u8]]) -> Vec<u8> {
    certificates(33, der)
}

/// `x5t` by the algorithm in hex.
fn x5t(algorithm: &str, digest: &[u8]) -> Vec<u8> {
    [h("1822 82"), h(algorithm), bstr(digest)].concat()
}

fn x5t_sha256(der: &[u8]) -> Vec<u8> {
    x5t("2f", &sha2::Sha256::digest(der))
}

/// A message that ISSUER signs, with parameters beside alg.
fn message(protected: &[Vec<u8>], unprotected: &[Vec<u8>]) -> Vec<u8> {
    let protected = [head(5, protected.len() + 1), h("0126"), protected.concat()].concat();
    let unprotected = [head(5, unprotected.len()), unprotected.concat()].concat();
    let signature = signature(&issuer(), &protected, &[], b"x");
    sign1(&protected, &unprotected, Some(b"x"), &signature)
}

fn verify(message: &[u8], keys: &dyn KeyResolver) -> Result<Identity, Error> {
    let context = Context::new(&RustCrypto);
    Ok(decode(message)?.verify(&Input::embedded(), keys, &context)?.by().identity())
}

fn at(time: Option<Time>, message: &[u8]) -> Result<Identity, Error> {
    let root = root();
    let anchors = [TrustAnchor::new(&root).unwrap()];
    let validator = WebPki::new();
    verify(message, &CertificationPaths::new(&validator, &anchors, time))
}

/// The verdict on a path that the protected chain proposes.
fn now(der: &[Vec<u8>]) -> Result<Identity, Error> {
    let der: Vec<_> = der.iter().map(Vec::as_slice).collect();
    at(Some(NOW), &message(&[chain(&der)], &[]))
}

#[track_caller]
fn faults<T: core::fmt::Debug>(fault: PathFault, result: Result<T, Error>) {
    assert_eq!(result.unwrap_err(), Error::from(Policy::CertificationPath(fault)));
}

#[test]
fn c78_a_path_leads_to_an_anchor() {
    let good = Ok(trusted_issuer().identity());
    let (leaf, middle) = (leaf().sign(&key(2)), intermediate().sign(&key(1)));
    assert_eq!(now(&[leaf.clone(), middle.clone()]), good);
    assert_eq!(now(&[leaf.clone(), middle.clone(), root()]), good);
    // A candidate path is proposed in any order, and with more than it takes.
    let stray = Template::new("x", "y", &key(7)).sign(&key(7));
    assert_eq!(now(&[leaf.clone(), stray, root(), middle.clone()]), good);
    // Straight below the anchor.
    let direct = Template::new("root", "leaf", &ISSUER).sign(&key(1));
    assert_eq!(now(&[direct]), good);
    // In a bag, beside the chain or instead of it.
    let beside = message(&[chain(&[&leaf])], &[certificates(32, &[&middle])]);
    assert_eq!(at(Some(NOW), &beside), good);
    let bag = certificates(32, &[&middle, &leaf]);
    assert_eq!(at(Some(NOW), &message(&[x5t_sha256(&leaf)], &[bag])), good);

    faults(PathFault::UnknownIssuer, now(&[leaf.clone()]));
    faults(PathFault::UnknownIssuer, now(&[leaf.clone(), leaf.clone()]));
    // An anchor that came along is none.
    let own_root = Template::new("own", "own", &key(9)).with(authority(None)).sign(&key(9));
    let own_leaf = Template::new("own", "leaf", &ISSUER).sign(&key(9));
    faults(PathFault::UnknownIssuer, now(&[own_leaf, own_root]));
    // Nor is one that has only the name of an anchor.
    let false_root = Template::new("root", "root", &key(9)).with(authority(None)).sign(&key(9));
    let false_leaf = Template::new("root", "leaf", &ISSUER).sign(&key(9));
    faults(PathFault::Signature, now(&[false_leaf, false_root]));
    faults(PathFault::Signature, now(&[leaf, intermediate().sign(&key(9))]));
}

#[test]
fn c78_a_message_of_another_key_is_not_the_subject_s() {
    let other = Template::new("root", "leaf", &STRANGER).sign(&key(1));
    breaks(Rule::Signature, now(&[other]));
}

#[test]
fn c78_without_certificates_nobody_is_trusted() {
    let none = at(Some(NOW), &message(&[], &[]));
    assert_eq!(none, Err(Error::from(Policy::NotEnrolled { tried: 0 })));
    let leaf = Template::new("root", "leaf", &ISSUER).sign(&key(1));
    // A bag alone names no end entity, nor an x5t alone.
    let bag = message(&[certificates(32, &[&leaf])], &[]);
    assert_eq!(at(Some(NOW), &bag), Err(Error::from(Policy::NotEnrolled { tried: 0 })));
    let digest = message(&[x5t_sha256(&leaf)], &[]);
    assert_eq!(at(Some(NOW), &digest), Err(Error::from(Policy::NotEnrolled { tried: 0 })));
    let validator = WebPki::new();
    let no_anchors = CertificationPaths::new(&validator, &[], Some(NOW));
    faults(PathFault::UnknownIssuer, verify(&message(&[chain(&[&leaf])], &[]), &no_anchors));
}

#[test]
fn c78_authorities_are_authorities() {
    let leaf = leaf().sign(&key(2));
    let by = |middle: Template| now(&[leaf.clone(), middle.sign(&key(1))]);
    let middle = || Template::new("root", "middle", &key(2));
    assert!(by(middle().with(authority(Some(0)))).is_ok());
    faults(PathFault::NotAnAuthority, by(middle()));
    faults(PathFault::NotAnAuthority, by(middle().with(extension("551d13", true, &h("3000")))));
    // An authority does not sign messages by this path.
    let authority_leaf = Template::new("root", "leaf", &ISSUER).with(authority(None));
    faults(PathFault::AuthorityAsEndEntity, now(&[authority_leaf.sign(&key(1))]));
    // Below one that allows none.
    let upper = Template::new("root", "upper", &key(3)).with(authority(Some(0))).sign(&key(1));
    let lower = Template::new("upper", "middle", &key(2)).with(authority(None)).sign(&key(3));
    faults(PathFault::PathLength, now(&[leaf.clone(), lower.clone(), upper]));
    let upper = Template::new("root", "upper", &key(3)).with(authority(Some(1))).sign(&key(1));
    assert!(now(&[leaf.clone(), lower, upper]).is_ok());
    // What nobody here processes, when it is critical.
    let unknown =
        |is_critical| middle().with(authority(None)).with(extension("2a03", is_critical, b""));
    assert!(by(unknown(false)).is_ok());
    faults(PathFault::CriticalExtension, by(unknown(true)));
}

#[test]
fn c78_name_constraints_hold() {
    // Permitted: dNSName example.org.
    let permitted = sequence(&[der(0xa0, &sequence(&[der(0x82, b"example.org")]))]);
    let middle = intermediate().with(extension("551d1e", true, &permitted)).sign(&key(1));
    let named = |host: &[u8]| {
        let names = extension("551d11", false, &sequence(&[der(0x82, host)]));
        now(&[leaf().with(names).sign(&key(2)), middle.clone()])
    };
    assert!(named(b"a.example.org").is_ok());
    faults(PathFault::NameConstraints, named(b"example.com"));
}

#[test]
fn c78_algorithms_that_are_not_done_are_not_wrong() {
    struct Hashes;
    impl Provider for Hashes {
        fn with_verifier(
            &self,
            _: &PublicKey<'_>,
            _: &mut dyn FnMut(&dyn SignatureVerifier),
        ) -> Result<(), InvalidKey> {
            Err(InvalidKey::Unsupported)
        }
        fn hash_function(&self, algorithm: Algorithm) -> Option<&dyn HashFunction> {
            RustCrypto.hash_function(algorithm)
        }
    }
    let (root, leaf) = (root(), Template::new("root", "leaf", &ISSUER).sign(&key(1)));
    let anchors = [TrustAnchor::new(&root).unwrap()];
    let validator = WebPki::new();
    let paths = CertificationPaths::new(&validator, &anchors, Some(NOW));
    let message_of_leaf = message(&[chain(&[&leaf])], &[]);
    let message_of_leaf = decode(&message_of_leaf).unwrap();
    let verdict = message_of_leaf.verify(&Input::embedded(), &paths, &Context::new(&Hashes));
    assert_eq!(verdict.unwrap_err(), Error::from(Unsupported::CertificateSignature));
    // ecdsa-with-SHA1 is nobody's.
    let sha1 = h("3009 06072a8648ce3d0401");
    let sha256 = h("300a 06082a8648ce3d040302");
    let text = hex::encode(&leaf).replace(&hex::encode(sha256), &hex::encode(sha1));
    // Three lengths, each less by what is missing inside.
    let mut leaf = h(&text);
    leaf[3] -= 2;
    leaf[6] -= 1;
    assert_eq!(now(&[leaf]), Err(Error::from(Unsupported::CertificateSignature)));
}

#[test]
fn c78_work_is_bounded() {
    let leaf = leaf().sign(&key(2));
    let others: Vec<_> = (0..20)
        .map(|seed| {
            Template::new("root", "middle", &key(20 + seed)).with(authority(None)).sign(&key(1))
        })
        .collect();
    let limited = |count: usize, limits: Limits| {
        let mut all = vec![leaf.as_slice()];
        all.extend(others[..count].iter().map(Vec::as_slice));
        let middle = intermediate().sign(&key(1));
        all.push(&middle);
        let message = message(&[chain(&all)], &[]);
        let root = root();
        let anchors = [TrustAnchor::new(&root).unwrap()];
        let validator = WebPki::new();
        let paths = CertificationPaths::new(&validator, &anchors, Some(NOW));
        verify(&message, &paths.with_limits(limits))
    };
    let limits = Limits::DEFAULT;
    assert!(limited(6, limits).is_ok());
    assert_eq!(limited(7, limits), Err(Error::from(Limit::Certificates)));
    assert_eq!(limited(3, limits.with_certificates(4)), Err(Error::from(Limit::Certificates)));
    // Six wrong ones cost one or two signatures each before the right one is found.
    assert_eq!(
        limited(6, limits.with_path_signatures(3)),
        Err(Error::from(Limit::CertificationPath))
    );
    // Sixteen stand on the stack, and no more.
    let many = limits.with_certificates(100).with_path_signatures(100);
    assert!(limited(14, many).is_ok());
    assert_eq!(limited(15, many), Err(Error::from(Limit::Certificates)));
}

#[test]
fn c79_names_come_from_protected_certificates_only() {
    let (root, middle, leaf) = (root(), intermediate().sign(&key(1)), leaf().sign(&key(2)));
    let anchors = [TrustAnchor::new(&root).unwrap()];
    let validator = WebPki::new();
    let paths = CertificationPaths::new(&validator, &anchors, Some(NOW)).by_subject();
    let certificates = chain(&[&leaf, &middle]);
    let subject = |common_name: &str| {
        CertificationPaths::subject_identity(
            &anchors[0],
            &name(common_name),
            &Context::new(&RustCrypto),
        )
    };
    let protected = message(&[certificates.clone()], &[]);
    assert_eq!(verify(&protected, &paths), subject("leaf"));
    let by_digest = message(&[x5t_sha256(&leaf)], &[certificates.clone()]);
    // Whoever carries this could put another intermediate into its place, and so choose the anchor.
    breaks(Rule::CertificateProtected, verify(&by_digest, &paths));
    assert_ne!(subject("leaf"), subject("leaf2"));
    assert_ne!(subject("leaf"), Ok(trusted_issuer().identity()));
    let by_key = CertificationPaths::new(&validator, &anchors, Some(NOW));
    let of_key = Ok(trusted_issuer().identity());
    for protected in [&protected, &by_digest] {
        assert_eq!(verify(protected, &by_key.protected_only()), of_key);
    }
    let refused = |message: &[u8]| {
        breaks(Rule::CertificateProtected, verify(message, &paths));
        breaks(Rule::CertificateProtected, verify(message, &by_key.protected_only()));
        assert_eq!(verify(message, &by_key), of_key);
    };
    refused(&message(&[], &[certificates.clone()]));
    refused(&message(&[], &[x5t_sha256(&leaf), certificates.clone()]));
    // A digest that only filters protects nothing, in the protected bucket either.
    let short = x5t("2e", &sha2::Sha256::digest(&leaf)[..8]);
    refused(&message(&[short], &[certificates]));
    // Without a name there is none to take.
    let nameless = Template::new("root", "", &ISSUER).sign(&key(1));
    let nameless = message(&[chain(&[&nameless])], &[]);
    breaks(Rule::CertificateProtected, verify(&nameless, &paths));
    assert_eq!(verify(&nameless, &by_key.protected_only()), of_key);
}

#[test]
fn c84_another_certificate_of_the_same_key_changes_nothing() {
    let middle = intermediate().sign(&key(1));
    let swapped = [
        leaf().sign(&key(2)),
        // Another name, borrowed from nobody who would prove to have the key.
        Template::new("middle", "somebody else", &ISSUER).sign(&key(2)),
        // Another authority.
        Template::new("root", "leaf", &ISSUER).sign(&key(1)),
        leaf().valid("260101000000Z", "291231235959Z").sign(&key(2)),
    ];
    for certificate in &swapped {
        let message = message(&[], &[chain(&[certificate, &middle])]);
        assert_eq!(at(Some(NOW), &message), Ok(trusted_issuer().identity()));
    }
    // It is the identity that the same key has in any other store.
    let enrolled = swapped
        .each_ref()
        .map(|der| TrustedCertificate::new(der, &Context::new(&RustCrypto)).unwrap());
    assert!(enrolled.iter().all(|one| one.identity() == trusted_issuer().identity()));
    assert_ne!(trusted_issuer().identity(), trusted_stranger().identity());
}

#[test]
fn c32_an_x5t_that_filters_finds_no_certificate_in_a_bag() {
    let leaf = Template::new("root", "leaf", &ISSUER).sign(&key(1));
    let bag = certificates(32, &[&leaf, &root()]);
    let short = x5t("2e", &sha2::Sha256::digest(&leaf)[..8]);
    breaks(Rule::X5tIdentifies, at(Some(NOW), &message(&[short], &[bag.clone()])));
    breaks(Rule::X5tIdentifies, at(Some(NOW), &message(&[x5t("2d", &[0; 20])], &[bag.clone()])));
    assert!(at(Some(NOW), &message(&[x5t_sha256(&leaf)], &[bag.clone()])).is_ok());
    let nobody = at(Some(NOW), &message(&[x5t("2f", &[0; 32])], &[bag]));
    assert_eq!(nobody, Err(Error::from(Policy::NotEnrolled { tried: 0 })));
}

#[test]
fn c32_enrolled_certificates_are_found_by_what_identifies_them() {
    // Nobody's certificates but the store's: expired, and signed by nobody known.
    let mine =
        Template::new("x", "me", &ISSUER).valid("200101000000Z", "200201000000Z").sign(&key(9));
    let other = Template::new("x", "you", &STRANGER).sign(&key(9));
    let enrolled = [&other, &mine]
        .map(|der| TrustedCertificate::new(der, &Context::new(&RustCrypto)).unwrap());
    let store = CertificateStore::new(&enrolled);
    let verdict = |protected: &[Vec<u8>]| verify(&message(protected, &[]), &store);
    let good = Ok(trusted_issuer().identity());
    assert_eq!(verdict(&[x5t_sha256(&mine)]), good);
    assert_eq!(verdict(&[x5t("382a", &sha2::Sha384::digest(&mine))]), good);
    assert_eq!(verdict(&[chain(&[&mine])]), good);
    assert_eq!(verdict(&[chain(&[&mine, &other]), x5t_sha256(&mine)]), good);
    // Named, and not the signer.
    breaks(Rule::Signature, verdict(&[x5t_sha256(&other)]));
    breaks(Rule::Signature, verdict(&[chain(&[&other, &mine])]));
    let nobody = Err(Error::from(Policy::NotEnrolled { tried: 0 }));
    assert_eq!(verdict(&[]), nobody);
    assert_eq!(verdict(&[x5t("2f", &[0; 32])]), nobody);
    let again = Template::new("x", "me", &ISSUER).sign(&key(9));
    assert_eq!(verdict(&[chain(&[&again])]), nobody);
    breaks(Rule::X5tMatches, verdict(&[chain(&[&mine]), x5t_sha256(&other)]));
    // Filters identify nobody, right or wrong.
    let short = x5t("2e", &sha2::Sha256::digest(&mine)[..8]);
    breaks(Rule::X5tIdentifies, verdict(&[short]));
    breaks(Rule::X5tIdentifies, verdict(&[x5t("2d", &[0; 20])]));
    breaks(Rule::X5tForm, verdict(&[h("1822 00")]));
    breaks(Rule::X5ChainForm, verdict(&[h("1821 80")]));
}

#[test]
fn c78_certificates_of_one_name_are_not_combined_without_end() {
    let steps = |count: u8, limits: Limits| {
        let others: Vec<_> = (0..count)
            .map(|seed| {
                Template::new("m", "m", &key(40 + seed)).with(authority(None)).sign(&key(2))
            })
            .collect();
        // The bridge to the anchor stands last, and is no issuer of any.
        let bridge = Template::new("root", "m", &key(3)).with(authority(None)).sign(&key(1));
        let leaf = Template::new("m", "leaf", &ISSUER).sign(&key(2));
        let mut all = vec![leaf.as_slice()];
        all.extend(others.iter().map(Vec::as_slice));
        all.push(&bridge);
        let message = message(&[chain(&all)], &[]);
        let root = root();
        let anchors = [TrustAnchor::new(&root).unwrap(); 3];
        let validator = WebPki::new();
        let paths = CertificationPaths::new(&validator, &anchors, Some(NOW));
        verify(&message, &paths.with_limits(limits))
    };
    let limits = Limits::DEFAULT;
    assert_eq!(steps(6, limits), Err(Error::from(Limit::CertificationPath)));
    assert_eq!(
        steps(6, limits.with_path_signatures(1000)),
        Err(Error::from(Limit::CertificationPath))
    );
    assert_eq!(steps(0, limits.with_path_steps(5)), Err(Error::from(Limit::CertificationPath)));
    faults(PathFault::Signature, steps(0, limits));
    faults(PathFault::Signature, steps(0, limits.with_path_steps(6)));
}

/// The seam is object safe, and a validator of the caller's own decides.
#[test]
fn c78_a_validator_of_one_s_own() {
    struct Trusting;
    impl PathValidator for Trusting {
        fn validate<'c>(
            &self,
            request: &PathRequest<'c, '_>,
            _: &Context<'_>,
        ) -> Result<ValidatedPath<'c>, Error> {
            assert_eq!((request.intermediates.len(), request.anchors.len()), (1, 0));
            let end_entity = Certificate::decode(request.end_entity)?;
            Ok(ValidatedPath::new(end_entity, 0, ValidityCheck::NotChecked))
        }
    }
    let leaf = Template::new("x", "leaf", &ISSUER).sign(&key(9));
    let message = message(&[chain(&[&leaf, &leaf])], &[]);
    let paths = CertificationPaths::new(&Trusting, &[], None);
    assert_eq!(verify(&message, &paths), Ok(trusted_issuer().identity()));
    // An index that no anchor has gives no name.
    breaks(Rule::CertificateProtected, verify(&message, &paths.by_subject()));
}

/// Made by OpenSSL: a root, and a certificate of ISSUER's key for code signing, valid in 2026 and 2027.
const OPENSSL_ROOT: &str = concat!(
    "308201a83082014fa00302010202141f9d7255afab210c0f3a2d04c682f9862fee193a300a06082a8648ce3d04030230213110300e060355",
    "040a0c074578616d706c65310d300b06035504030c04526f6f743020170d3236313132333038313033365a180f3231323631303330303831",
    "3033365a30213110300e060355040a0c074578616d706c65310d300b06035504030c04526f6f743059301306072a8648ce3d020106082a86",
    "48ce3d030107034200045c81c3fb5eb894411fc1749fc5054030c110edb7537a0e14d9ad0e559fce7d4373c06caa8b0075cc03b30b79ee6b",
    "05391036c934840c3773c89585da73275382a3633061301d0603551d0e0416041460dc299df3a3d62ddb4b97910ab633b0dca5064c301f06",
    "03551d2304183016801460dc299df3a3d62ddb4b97910ab633b0dca5064c300f0603551d130101ff040530030101ff300e0603551d0f0101",
    "ff040403020106300a06082a8648ce3d040302034700304402205fcb215fcfbfbdbf5e45d8eceae1f1025db5c86d5b33dbb606d5136b3880",
    "9812022007a1ba23225cce389316e2391ecd363558ec1699d3c34f6bacb071b602afd0fd",
);

const OPENSSL_LEAF: &str = concat!(
    "308201dc30820183a003020102021439dfd4a7aed598b8edf7d8e13e2700fd4e813fea300a06082a8648ce3d04030230213110300e060355",
    "040a0c074578616d706c65310d300b06035504030c04526f6f74301e170d3236313132333038313033365a170d3237313132333038313033",
    "365a30233110300e060355040a0c074578616d706c65310f300d06035504030c065369676e65723059301306072a8648ce3d020106082a86",
    "48ce3d0301070342000460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628",
    "bc64f2f1b20c2d7e9f5177a3c294d4462299a3819630819330090603551d1304023000300e0603551d0f0101ff0404030207803013060355",
    "1d25040c300a06082b06010505070303301d0603551d0e041604141a9569579bce329a942d0769c9c0b56431563710301f0603551d230418",
    "3016801460dc299df3a3d62ddb4b97910ab633b0dca5064c30210603551d11041a3018861668747470733a2f2f7369676e65722e6578616d",
    "706c65300a06082a8648ce3d0403020347003044022026e07c722e07861ad3e4a39cf7005fd7bcb439af54af050d5ef92d5b85dda2960220",
    "25b2a1c16d7feeacef72e7df238fddb59c1e8ed1000ed61dcb733beab51bdafd",
);

#[test]
fn c78_certificates_of_openssl() {
    let (root, leaf) = (h(OPENSSL_ROOT), h(OPENSSL_LEAF));
    let anchors = [TrustAnchor::new(&root).unwrap()];
    let purposes = [Purpose::CODE_SIGNING];
    let verdict = |validator: WebPki<'_>, time: i64| {
        let time = Some(Time::Seconds(time));
        let paths = CertificationPaths::new(&validator, &anchors, time);
        verify(&message(&[chain(&[&leaf])], &[]), &paths)
    };
    let validator = WebPki::new();
    // 2027-01-01T00:00:00Z, and a year later.
    let (inside, after) = (1_798_761_600, 1_830_297_600);
    let good = Ok(trusted_issuer().identity());
    assert_eq!(verdict(validator.for_purposes(&purposes), inside), good);
    faults(PathFault::Expired, verdict(validator.for_purposes(&purposes), after));
    faults(PathFault::ExtendedKeyUsage(StatedPurposes::CODE_SIGNING), verdict(validator, inside));
    let read = Certificate::decode(&leaf).unwrap();
    assert_eq!(read.issuer(), anchors[0].certificate().subject());
    let authority = anchors[0].certificate().key_usage().unwrap();
    assert!(authority.signs_certificates() && !authority.signs_messages());
}

#[test]
fn c84_no_changed_certificate_makes_another_signer() {
    let (root, middle, leaf) = (root(), intermediate().sign(&key(1)), leaf().sign(&key(2)));
    let anchors = [TrustAnchor::new(&root).unwrap()];
    let validator = WebPki::new();
    let paths = CertificationPaths::new(&validator, &anchors, Some(NOW));
    let verdict =
        |leaf: &[u8], middle: &[u8]| verify(&message(&[], &[chain(&[leaf, middle])]), &paths);
    assert_eq!(verdict(&leaf, &middle), Ok(trusted_issuer().identity()));
    for (at, bit) in (0..leaf.len()).map(|at| (at, 1 << (at % 8))) {
        let mut changed = leaf.clone();
        changed[at] ^= bit;
        assert!(verdict(&changed, &middle).is_err(), "bit {bit} of byte {at} of the leaf");
        let _ = Certificate::decode(&changed);
    }
    for (at, bit) in (0..middle.len()).map(|at| (at, 1 << (at % 8))) {
        let mut changed = middle.clone();
        changed[at] ^= bit;
        assert!(verdict(&leaf, &changed).is_err(), "bit {bit} of byte {at} of the authority");
    }
}

#[test]
fn c78_a_chain_may_stand_under_another_label() {
    let good = Ok(trusted_issuer().identity());
    let (leaf, middle) = (leaf().sign(&key(2)), intermediate().sign(&key(1)));
    let encoded = [h("82"), bstr(&leaf), bstr(&middle)].concat();
    let text = message(&[], &[[h("67 7835636861696e"), encoded].concat()]);
    let root = root();
    let anchors = [TrustAnchor::new(&root).unwrap()];
    let validator = WebPki::new();
    let paths = CertificationPaths::new(&validator, &anchors, Some(NOW));
    breaks(Rule::Enrolled, verify(&text, &paths));
    assert_eq!(verify(&text, &paths.under_label(Label::text("x5chain"))), good);
    // Then the usual place is not looked at.
    let usual = message(&[], &[chain(&[&leaf, &middle])]);
    assert_eq!(verify(&usual, &paths), good);
    breaks(Rule::Enrolled, verify(&usual, &paths.under_label(Label::text("x5chain"))));
}

#[test]
fn c30_one_certificate_in_an_array_is_for_who_accepts_it() {
    let leaf = Template::new("root", "leaf", &ISSUER).with(key_usage(0x80)).sign(&key(1));
    let in_array = message(&[[h("1821 81"), bstr(&leaf)].concat()], &[]);
    let root = root();
    let anchors = [TrustAnchor::new(&root).unwrap()];
    let validator = WebPki::new();
    let paths = CertificationPaths::new(&validator, &anchors, Some(NOW));
    breaks(Rule::X5ChainForm, verify(&in_array, &paths));
    let good = Ok(trusted_issuer().identity());
    assert_eq!(verify(&in_array, &paths.accepting_an_array_of_one()), good);
    let none = message(&[h("1821 80")], &[]);
    breaks(Rule::X5ChainForm, verify(&none, &paths.accepting_an_array_of_one()));
    let headers = *decode(&in_array).unwrap().headers();
    let bucket = headers.protected();
    breaks(Rule::X5ChainForm, bucket.certificates(Label::X5CHAIN, ArrayOfOne::Refused));
    let one = bucket.certificates(Label::X5CHAIN, ArrayOfOne::Accepted).unwrap().unwrap();
    assert_eq!((one.len(), one.first()), (1, &leaf[..]));
}

#[test]
fn c78_the_caller_may_name_the_certificates() {
    let good = Ok(trusted_issuer().identity());
    let (leaf, middle) = (leaf().sign(&key(2)), intermediate().sign(&key(1)));
    let root = root();
    let anchors = [TrustAnchor::new(&root).unwrap()];
    let validator = WebPki::new();
    let paths = CertificationPaths::new(&validator, &anchors, Some(NOW));
    let others = [&middle[..], &root];
    let named = paths.with_certificates(&leaf, &others);
    let bare = message(&[], &[]);
    breaks(Rule::Enrolled, verify(&bare, &paths));
    assert_eq!(verify(&bare, &named), good);
    assert_eq!(verify(&bare, &named.protected_only()), good);
    assert!(verify(&bare, &named.by_subject()).is_ok());
    // What the headers say of another certificate does not count, but a digest is one of this one.
    let other = Template::new("middle", "other", &STRANGER).sign(&key(2));
    assert_eq!(verify(&message(&[chain(&[&other])], &[]), &named), good);
    assert_eq!(verify(&message(&[x5t_sha256(&leaf)], &[]), &named), good);
    breaks(Rule::X5tMatches, verify(&message(&[x5t_sha256(&other)], &[]), &named));
    // No path, another key, too many.
    faults(PathFault::UnknownIssuer, verify(&bare, &paths.with_certificates(&leaf, &[])));
    breaks(Rule::Signature, verify(&bare, &paths.with_certificates(&other, &others)));
    let many = [&middle[..]; 8];
    let refusal = verify(&bare, &paths.with_certificates(&leaf, &many));
    assert_eq!(refusal.unwrap_err().kind(), Limit::Certificates.into());
}
