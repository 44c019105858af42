//! What statements are about, and what they name.

use alloc::string::{String, ToString};

use arbitrary::{Arbitrary, Error, Result, Unstructured};
use cose_ext::{arbitrary::text, cwt::ClaimKey, header::ContentType};

use crate::{OwnedClaimKey, OwnedContentType, Purl, Subject};

/// The longest part of a name.
const LENGTH: usize = 24;

/// Issuers, whose keys may be certified, as they are URIs.
const ISSUERS: [&str; 4] = [
    "https://vendor.example",
    "https://auditor.example/team",
    "did:web:builds.example",
    "urn:uuid:00000000-0000-0000-0000-000000000001",
];

pub(super) fn issuer(u: &mut Unstructured<'_>) -> Result<&'static str> {
    Ok(u.choose(&ISSUERS)?)
}

/// A word: text without spaces and control characters, not empty.
fn word(u: &mut Unstructured<'_>) -> Result<String> {
    let is_bad = |char: &char| char.is_whitespace() || char.is_control();
    let word: String = text(u, LENGTH)?.chars().filter(|char| !is_bad(char)).collect();
    Ok(if word.is_empty() { "w".to_string() } else { word })
}

/// Of the types that people use, with a name and mostly a version.
impl<'a> Arbitrary<'a> for Purl {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        const TYPES: [&str; 8] =
            ["cargo", "npm", "pypi", "deb", "rpm", "maven", "github", "generic"];
        let kind = *u.choose(&TYPES)?;
        let (name, namespace, version) = (word(u)?, word(u)?, word(u)?);
        let namespace = if u.arbitrary()? { Some(namespace.as_str()) } else { None };
        let version = if u.ratio(3u8, 4u8)? { Some(version.as_str()) } else { None };
        // A name of which nothing is left once slashes are gone is none.
        Self::of(kind, namespace, &name, version)
            .or_else(|_| Self::of(kind, None, "name", version))
            .map_err(|_| Error::IncorrectFormat)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (6, Some(78))
    }
}

impl<'a> Arbitrary<'a> for Subject {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let subject = if u.arbitrary()? {
            Self::from_purl(&Purl::arbitrary(u)?.to_string())
        } else {
            Self::from_identifier(&word(u)?)
        };
        subject.map_err(|_| Error::IncorrectFormat)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (2, Some(79))
    }
}

impl<'a> Arbitrary<'a> for OwnedContentType {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        ContentType::arbitrary(u).map(Self::from)
    }

    fn size_hint(depth: usize) -> (usize, Option<usize>) {
        ContentType::size_hint(depth)
    }
}

/// Registered claims mostly.
impl<'a> Arbitrary<'a> for OwnedClaimKey {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let key = ClaimKey::arbitrary(u)?;
        Ok(match key.to_i64() {
            Some(number) => Self::Int(number),
            None => Self::Text(word(u)?),
        })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, Some(84))
    }
}

/// In the notation of VERS, with or without its scheme.
#[cfg(feature = "sbom")]
impl<'a> Arbitrary<'a> for crate::VersionRange {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        const SCHEMES: [&str; 7] =
            ["", "vers:npm/", "vers:cargo/", "vers:pypi/", "vers:deb/", "vers:rpm/", "vers:maven/"];
        const SIGNS: [&str; 6] = ["=", "!=", "<", "<=", ">", ">="];
        let mut range = u.choose(&SCHEMES)?.to_string();
        for place in 0..u.int_in_range(1..=4u8)? {
            if place > 0 {
                range.push('|');
            }
            range.push_str(u.choose(&SIGNS)?);
            let numbers: [u8; 3] = u.arbitrary()?;
            let [major, minor, patch] = numbers.map(|number| number >> 4);
            range.push_str(&alloc::format!("{major}.{minor}.{patch}"));
            if u.ratio(1u8, 4u8)? {
                range.push_str("-rc.1");
            }
        }
        if u.ratio(1u8, 16u8)? {
            return Ok(Self::ANY);
        }
        Self::parse(&range).map_err(|_| Error::IncorrectFormat)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (8, Some(27))
    }
}

#[cfg(feature = "x509")]
impl cose_ext::arbitrary::View for crate::DidX509<'static> {
    type Of<'b> = crate::DidX509<'b>;
    type Error = crate::Error;

    fn decode(bytes: &[u8]) -> core::result::Result<crate::DidX509<'_>, crate::Error> {
        let malformed = |_| crate::Error::broken(crate::Rule::DidX509Form, 0);
        crate::DidX509::parse(core::str::from_utf8(bytes).map_err(malformed)?)
    }

    fn encode(u: &mut Unstructured<'_>) -> Result<alloc::vec::Vec<u8>> {
        const POLICIES: [&str; 5] = [
            "eku:1.3.6.1.5.5.7.3.3",
            "subject:C:US:O:Vendor",
            "san:dns:builds.example",
            "san:email:team%40vendor.example",
            "fulcio-issuer:token.example",
        ];
        const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let (hash, len) = *u.choose(&[("sha256", 43), ("sha384", 64), ("sha512", 86)])?;
        let mut did = alloc::format!("did:x509:0:{hash}:");
        for _ in 0..len {
            did.push(char::from(*u.choose(LETTERS)?));
        }
        for _ in 0..u.int_in_range(1..=3u8)? {
            did.push_str("::");
            did.push_str(u.choose(&POLICIES)?);
        }
        Ok(did.into_bytes())
    }
}
