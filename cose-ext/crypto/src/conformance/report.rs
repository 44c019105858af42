//! The result of a run of the suite.

use core::fmt;

use crate::{
    Algorithm, HashValue, InvalidKey, KeyMaterial, KeyProfile, Provider, PublicKey, SecretError,
    VerifyError, YCoordinate,
};

/// What a run of the suite came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many cases were tried.
    pub cases: usize,
    /// How many of them failed.
    pub failures: usize,
    /// How many algorithms of the suite the provider does.
    pub algorithms: usize,
}

impl Report {
    /// Returns whether at least one case was run and none failed.
    #[must_use]
    pub const fn is_ok(&self) -> bool {
        self.cases > 0 && self.failures == 0
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cases, failures, algorithms } = self;
        write!(f, "{cases} cases of {algorithms} algorithms, {failures} failed")
    }
}

/// One case that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// The algorithm in question; 0 for what concerns none.
    pub algorithm: Algorithm,
    /// What should be so.
    pub case: &'static str,
    /// Which one of several: a byte, a length, a place to split.
    pub at: usize,
    /// What was found instead.
    pub found: Found,
}

/// What a provider answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Found {
    /// A verdict on a signature.
    Verdict(Result<(), VerifyError>),
    /// A verdict on a key.
    Key(Result<(), InvalidKey>),
    /// How a verifier or a secret key describes itself.
    Profile(KeyProfile),
    /// A digest; `None` when there was none.
    Digest(Option<HashValue>),
    /// The algorithm that a hash function says it is.
    Algorithm(Algorithm),
    /// A tag.
    Tag(Result<HashValue, SecretError>),
    /// How many bytes a secret key made, or why none.
    Made(Result<usize, SecretError>),
    /// How many bytes a secret key opened, or why none.
    Opened(Result<usize, VerifyError>),
    /// How often something was called.
    Calls(usize),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({}), found {:?}", self.algorithm, self.case, self.at, self.found)
    }
}

/// Counts the cases of a run and hands on those that fail.
pub(super) struct Run<'r> {
    pub(super) report: Report,
    pub(super) failed: &'r mut dyn FnMut(&Failure),
}

impl Run<'_> {
    pub(super) fn check(
        &mut self,
        algorithm: Algorithm,
        case: &'static str,
        at: usize,
        holds: bool,
        found: Found,
    ) {
        self.report.cases = self.report.cases.saturating_add(1);
        if !holds {
            self.report.failures = self.report.failures.saturating_add(1);
            (self.failed)(&Failure { algorithm, case, at, found });
        }
    }

    /// A required algorithm that no case tries would look as if it had passed.
    pub(super) fn knows(&mut self, required: &[Algorithm], knows: impl Fn(Algorithm) -> bool) {
        for algorithm in required {
            let name = "the suite knows what is required";
            self.check(*algorithm, name, 0, knows(*algorithm), Found::Algorithm(*algorithm));
        }
    }

    pub(super) fn verdict_is(
        &mut self,
        algorithm: Algorithm,
        case: &'static str,
        at: usize,
        verdict: Result<(), VerifyError>,
        expected: Result<(), VerifyError>,
    ) {
        self.check(algorithm, case, at, verdict == expected, Found::Verdict(verdict));
    }

    pub(super) fn profile_is(
        &mut self,
        algorithm: Algorithm,
        profile: KeyProfile,
        expected: KeyProfile,
    ) {
        let name = "the profile is that of the key";
        self.check(algorithm, name, 0, profile == expected, Found::Profile(profile));
    }

    /// `key` is refused for this reason, and nothing is done with it. A provider that takes no
    /// compressed point, as a PSA Crypto service does not, calls every such key unsupported.
    pub(super) fn key_is(
        &mut self,
        algorithm: Algorithm,
        case: &'static str,
        at: usize,
        provider: &dyn Provider,
        key: &PublicKey<'_>,
        expected: InvalidKey,
    ) {
        let mut calls = 0_usize;
        let parsed = provider.with_verifier(key, &mut |_| calls = calls.saturating_add(1));
        let is_compressed =
            matches!(key.material, KeyMaterial::Ec2 { y: YCoordinate::Sign(_), .. });
        let takes_none = is_compressed && parsed == Err(InvalidKey::Unsupported);
        let holds = (parsed == Err(expected) || takes_none) && calls == 0;
        self.check(algorithm, case, at, holds, Found::Key(parsed));
    }
}
