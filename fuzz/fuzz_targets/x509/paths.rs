//! Paths from the first certificate to the last one, by the others.

use cose_ext::crypto::Provider;
use cose_ext::cwt::Time;
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::x509::{
    Certificate, PathRequest, PathValidator, Purpose, TrustAnchor, ValidatedPath, WebPki,
};
use cose_ext::{Context, Error, Limits};
use fuzz::Accept;

/// Within 2026, as most certificates of the seeds.
const NOW: i64 = 1_780_000_000;

pub fn search(parts: &[&[u8]]) {
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return };
    let (Ok(end_entity), Ok(anchor)) = (Certificate::decode(first), TrustAnchor::new(last)) else {
        return;
    };
    assert!(!format!("{anchor:?}").is_empty());
    let purposes = [Purpose::CODE_SIGNING, Purpose::new(&[0x2b, 6, 1, 5, 5, 7, 3, 8])];
    let own_time = end_entity.not_before();
    for (validator, time) in [
        (WebPki::new(), None),
        (WebPki::new(), Some(own_time)),
        (WebPki::new().for_purposes(&purposes), Some(Time::Seconds(NOW))),
        (WebPki::new().for_purposes(&purposes), None),
    ] {
        assert!(!format!("{validator:?}").is_empty());
        let anchors = [anchor];
        let intermediates = parts.get(1..parts.len() - 1).unwrap_or_default();
        let request = PathRequest {
            end_entity: first,
            intermediates,
            anchors: &anchors,
            time,
            limits: Limits::DEFAULT,
        };
        let real = find(&validator, &request, &RustCrypto);
        let weak = find(&validator, &request, &Accept::ALL);
        let Ok(path) = weak else {
            // All signatures are good to it.
            assert!(real.is_err(), "a path that is none");
            continue;
        };
        assert_eq!(path.end_entity().der(), *first);
        assert_eq!(path.anchor(), 0);
        assert!(!end_entity.key_usage().is_some_and(|usage| !usage.signs_messages()));
        if let Some(time) = time {
            let (from, until) = (end_entity.not_before().floor(), end_entity.not_after().floor());
            assert!((from..=until).contains(&time.floor()), "out of force");
            assert_eq!(path.validity().second(), Some(time.floor()));
        }
        if real.is_ok() && first != last {
            // The signature stands at the end.
            let mut changed = first.to_vec();
            if let Some(byte) = changed.last_mut() {
                *byte ^= 1;
            }
            let request = PathRequest { end_entity: &changed, ..request };
            assert!(find(&validator, &request, &RustCrypto).is_err(), "nobody signed it");
        }
    }
}

fn find<'c>(
    validator: &WebPki<'_>,
    request: &PathRequest<'c, '_>,
    provider: &dyn Provider,
) -> Result<ValidatedPath<'c>, Error> {
    let found = validator.validate(request, &Context::new(provider));
    if let Err(error) = &found {
        assert!(!error.to_string().is_empty());
    }
    found
}
