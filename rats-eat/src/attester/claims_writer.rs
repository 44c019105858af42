//! Claims sets, written in deterministic encoding (RFC 8949 4.2.1).

use cose_ext::{
    Digest,
    cbor::{Int, Writer},
    cwt::ClaimKey,
};

use crate::{Error, ErrorKind, Rule, version_scheme::VersionScheme};

/// Writes the claims of one set, each once, in the order of deterministic encoding: keys from 0 up,
/// then negative ones from -1 down, then text.
///
/// # State, invariant, cost
///
/// The number of claims, the greatest key so far, and whether all came in order: a claim out of
/// order is written, and the set refused at the end. What a claim holds is the caller's affair;
/// `Claims::validate`, of the feature `verifier`, tells.
#[derive(Debug)]
pub struct ClaimsWriter<'w, 'o> {
    writer: &'w mut Writer<'o>,
    count: usize,
    last: Option<Rank>,
    is_ordered: bool,
}

/// The place of an integer key in deterministic order: unsigned before negative, small before
/// great.
type Rank = (bool, u64);

impl<'w, 'o> ClaimsWriter<'w, 'o> {
    const fn new(writer: &'w mut Writer<'o>) -> Self {
        Self { writer, count: 0, last: None, is_ordered: true }
    }

    /// Writes the claim `key`, whose value `value` writes: one item.
    pub fn claim(&mut self, key: ClaimKey<'_>, value: impl FnOnce(&mut Writer<'o>)) -> &mut Self {
        match key.to_i64().map(Int::new) {
            Some(key) => {
                let rank = (key.is_negative(), key.argument());
                self.is_ordered &= self.last.is_none_or(|last| last < rank);
                self.last = Some(rank);
                self.writer.int(key);
            }
            // Keys that are text, or integers beyond 64 bits, are written by nobody who registered
            // one.
            None => self.is_ordered = false,
        }
        self.count = self.count.saturating_add(1);
        value(self.writer);
        self
    }

    /// Writes a claim that is a text.
    pub fn text(&mut self, key: ClaimKey<'_>, value: &str) -> &mut Self {
        self.claim(key, |writer| _ = writer.text(value))
    }

    /// Writes a claim that is a byte string: a nonce, a `ueid`, a boot seed.
    pub fn bytes(&mut self, key: ClaimKey<'_>, value: &[u8]) -> &mut Self {
        self.claim(key, |writer| _ = writer.bytes(value))
    }

    /// Writes a claim that is an integer: a date, an enterprise number.
    pub fn int(&mut self, key: ClaimKey<'_>, value: i64) -> &mut Self {
        self.claim(key, |writer| _ = writer.int(value))
    }

    /// Writes a claim that is an unsigned integer.
    pub fn uint(&mut self, key: ClaimKey<'_>, value: u64) -> &mut Self {
        self.claim(key, |writer| _ = writer.int(value))
    }

    /// Writes a claim that is true or false.
    pub fn bool(&mut self, key: ClaimKey<'_>, value: bool) -> &mut Self {
        self.claim(key, |writer| _ = writer.bool(value))
    }

    /// Writes `hwversion` or `swversion`.
    pub fn version(
        &mut self,
        key: ClaimKey<'_>,
        version: &str,
        scheme: Option<VersionScheme<'_>>,
    ) -> &mut Self {
        self.claim(key, |writer| {
            writer.array(if scheme.is_some() { 2 } else { 1 }).text(version);
            match scheme {
                Some(VersionScheme::Number(number)) => _ = writer.int(number),
                Some(VersionScheme::Name(name)) => _ = writer.text(name),
                None => {}
            }
        })
    }

    /// Writes `submods`; `parts` is called twice, once to count.
    pub fn submodules(&mut self, parts: &dyn Fn(&mut SubmodulesWriter<'_, '_>)) -> &mut Self {
        let mut is_ordered = true;
        self.claim(ClaimKey::SUBMODS, |writer| {
            let mut nothing = Writer::new(&mut []);
            let mut counter = SubmodulesWriter::new(&mut nothing);
            parts(&mut counter);
            writer.map(counter.count);
            let mut parts_writer = SubmodulesWriter::new(writer);
            parts(&mut parts_writer);
            is_ordered = parts_writer.is_ordered && parts_writer.count > 0;
        });
        self.is_ordered &= is_ordered;
        self
    }
}

/// Writes submodules, each under a name of its own. Names go in the order of deterministic
/// encoding: short ones first.
#[derive(Debug)]
pub struct SubmodulesWriter<'w, 'o> {
    writer: &'w mut Writer<'o>,
    count: usize,
    is_ordered: bool,
}

impl<'w, 'o> SubmodulesWriter<'w, 'o> {
    const fn new(writer: &'w mut Writer<'o>) -> Self {
        Self { writer, count: 0, is_ordered: true }
    }

    /// Which names came before is not kept, so their order is the caller's affair, as that of the
    /// keys of [`Writer::map`] is.
    fn name(&mut self, name: &str) {
        self.count = self.count.saturating_add(1);
        self.writer.text(name);
    }

    /// Writes a claims set; `claims` is called twice, once to count.
    pub fn claims(&mut self, name: &str, claims: &dyn Fn(&mut ClaimsWriter<'_, '_>)) -> &mut Self {
        self.name(name);
        self.is_ordered &= write_claims(self.writer, claims).is_ok();
        self
    }

    /// Writes a token with its tag: one of another attester.
    pub fn token(&mut self, name: &str, token: &[u8]) -> &mut Self {
        self.name(name);
        self.writer.bytes(token);
        self
    }

    /// Writes a token or a claims set in JSON: a JSON array of its type, `JWT`, `BUNDLE`, `CBOR` or
    /// `UJCS`, and itself (RFC 9711 4.2.18.2).
    pub fn json(&mut self, name: &str, selector: &str) -> &mut Self {
        self.name(name);
        self.writer.text(selector);
        self
    }

    /// Writes the digest of a claims set that travels elsewhere.
    pub fn digest(&mut self, name: &str, digest: &Digest<'_>) -> &mut Self {
        self.name(name);
        self.writer.array(2).int(digest.algorithm().value()).bytes(digest.value());
        self
    }
}

/// Writes a claims set; `claims` is called twice, once to count.
///
/// # Errors
///
/// [`Rule::ClaimOrder`] if the claims do not come in the order of deterministic encoding, each
/// once, or there is a `submods` without a submodule.
pub fn write_claims(
    writer: &mut Writer<'_>,
    claims: &dyn Fn(&mut ClaimsWriter<'_, '_>),
) -> Result<(), Error> {
    let mut nothing = Writer::new(&mut []);
    let mut counter = ClaimsWriter::new(&mut nothing);
    claims(&mut counter);
    writer.map(counter.count);
    let mut set = ClaimsWriter::new(writer);
    claims(&mut set);
    if set.is_ordered { Ok(()) } else { Err(Error::new(ErrorKind::Refused(Rule::ClaimOrder))) }
}
