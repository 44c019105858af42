//! Claims sets from hexadecimal digits, and what the validator reports of them.

#![allow(dead_code)] // Each test file uses its part.

use cose_ext::Profile;
use rats_eat::{Claims, Finding};

/// A set of one claim: key and value in hexadecimal digits, key as a number.
pub(crate) fn set(entries: &[(i64, &str)]) -> Vec<u8> {
    let mut bytes = vec![0xa0 + u8::try_from(entries.len()).unwrap()];
    for (key, value) in entries {
        let mut buffer = [0; 16];
        let mut writer = cose_ext::cbor::Writer::new(&mut buffer);
        writer.int(*key);
        bytes.extend_from_slice(writer.finish().unwrap());
        bytes.extend(hex::decode(value.replace(' ', "")).unwrap());
    }
    bytes
}

/// Path and rule of everything that the validator reports.
pub(crate) fn findings(bytes: &[u8]) -> Vec<(String, &'static str)> {
    let claims = Claims::decode(bytes, &Profile::LENIENT).unwrap();
    let mut found = Vec::new();
    claims.validate(&mut |finding: &Finding<'_>| {
        let rule = finding.error.rule().expect("a rule").id;
        assert!(finding.error.offset().is_some_and(|at| at < bytes.len()), "{finding}");
        found.push((finding.path.to_string(), rule));
    });
    found
}

/// Asserts that one claim in each of the forms `good` breaks nothing, and in each of the forms `bad`
/// exactly `rule`.
pub(crate) fn check(rule: &str, key: i64, good: &[&str], bad: &[&str]) {
    for value in good {
        let found = findings(&set(&[(258, "1a00010000"), (key, value)]));
        let other = found.into_iter().find(|(_, found)| *found == rule);
        assert_eq!(other, None, "{value}");
    }
    for value in bad {
        // An oemid that is wrong stands alone, since keys are there once.
        let entries = [(258, "1a00010000"), (key, *value)];
        let entries = if key == 258 { &entries[1..] } else { &entries };
        let found = findings(&set(entries));
        assert!(found.iter().any(|(_, found)| *found == rule), "{value}: {found:?}");
    }
}
