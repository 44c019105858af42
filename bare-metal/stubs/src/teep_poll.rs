//! A TAM that asks an Agent one thing, in buffers of its caller. Left out: all other messages and
//! options. Labels are those that IANA lists.

use cose_ext::{
    Context, Input, Profile, SigStructure, Sign1, Verified,
    cbor::{Array, Head, Map, Raw, Reader},
    crypto::Algorithm,
    key::KeyResolver,
};

use crate::Error;

/// What the caller of [`Tam::poll`] does next. It borrows the caller's buffer, not the machine.
#[derive(Clone, Copy, Debug)]
pub enum Output<'o> {
    /// Sign this, now or later, and answer with [`Tam::signed`].
    Sign {
        /// With a key that does this.
        algorithm: Algorithm,
        /// What is to be signed, in parts.
        tbs: SigStructure<'o>,
    },
    /// Wait for a message, and give it to [`Tam::receive`].
    Wait,
    /// The session is over.
    Done,
}

/// One session. It holds no keys, no clock and no cryptography.
#[derive(Debug)]
pub struct Tam {
    token: [u8; 16],
    state: State,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    Signing,
    Waiting,
    Done,
}

/// `{alg: ESP256}`.
const PROTECTED: &[u8] = &[0xa1, 0x01, 0x28];
/// QueryRequest up to the token: `[1, {20: `.
const BEFORE_TOKEN: &[u8] = &[0x85, 0x01, 0xa1, 0x14];
/// QueryRequest behind it: one suite, one SUIT profile, the list of trusted components is wanted.
const AFTER_TOKEN: &[u8] = b"\x81\x81\x82\x12\x28\x81\x84\x2f\x28\x38\x1c\x01\x02";

impl Tam {
    /// A session with a fresh `token`, which the caller draws.
    pub const fn new(token: [u8; 16]) -> Self {
        Self { token, state: State::Signing }
    }

    /// What to do next. A QueryRequest to be signed is built at the front of `out`; nothing is
    /// remembered of `out`, and a step that is not answered comes again.
    ///
    /// # Errors
    /// If `out` is too short.
    pub fn poll<'o>(&mut self, out: &'o mut [u8]) -> Result<Output<'o>, Error> {
        Ok(match self.state {
            State::Signing => {
                let payload = concat(out, &self.query_request(&token_head()))?;
                let tbs = SigStructure::signature1(PROTECTED, &[], payload);
                Output::Sign { algorithm: Algorithm::ESP256, tbs }
            }
            State::Waiting => Output::Wait,
            State::Done => Output::Done,
        })
    }

    /// What was to be signed has this signature: the message to be sent, at the front of `out`.
    ///
    /// # Errors
    /// If nothing was to be signed, or `out` is too short.
    pub fn signed<'o>(&mut self, signature: &[u8], out: &'o mut [u8]) -> Result<&'o [u8], Error> {
        if self.state != State::Signing {
            return Err(Error::OutOfTurn);
        }
        let token_head = token_head();
        let [a, b, c, d] = self.query_request(&token_head);
        let payload = Head::bytes([a, b, c, d].iter().map(|part| part.len()).sum());
        let (protected, end) = (Head::bytes(PROTECTED.len()), Head::bytes(signature.len()));
        let (tag, array) = (Head::tag(Sign1::TAG), Head::array(4));
        let message = concat(
            out,
            &[
                tag.as_bytes(),
                array.as_bytes(),
                protected.as_bytes(),
                PROTECTED,
                &[0xa0],
                payload.as_bytes(),
                a,
                b,
                c,
                d,
                end.as_bytes(),
                signature,
            ],
        )?;
        self.state = State::Waiting;
        Ok(message)
    }

    /// A message came. A QueryResponse of a trusted Agent with our token ends the session.
    ///
    /// # Errors
    /// If it is anything else; then nothing has changed.
    pub fn receive<'m>(
        &mut self,
        message: &'m [u8],
        agents: &dyn KeyResolver,
        context: &Context<'_>,
    ) -> Result<Verified<QueryResponse<'m>>, Error> {
        let message = Sign1::decode_tagged(message, &context.profile)?;
        let signed = message.verify(&Input::embedded(), agents, context)?;
        let response = signed.try_map_within(&context.profile, |signed, profile| {
            QueryResponse::decode(signed.payload(), profile)
        })?;
        if self.state != State::Waiting || response.value().token != self.token {
            return Err(Error::OutOfTurn);
        }
        self.state = State::Done;
        Ok(response)
    }

    fn query_request<'p>(&'p self, token_head: &'p Head) -> [&'p [u8]; 4] {
        [BEFORE_TOKEN, token_head.as_bytes(), &self.token, AFTER_TOKEN]
    }
}

/// `[2, {20: token}]`.
#[derive(Clone, Copy, Debug)]
pub struct QueryResponse<'m> {
    token: &'m [u8],
}

impl<'m> QueryResponse<'m> {
    fn decode(bytes: &'m [u8], profile: &Profile) -> Result<Self, Error> {
        let raw = Raw::decode(bytes, 0, profile.strictness, &profile.limits.cbor)?;
        let mut parts = Array::new(&raw)?.iter();
        let mut part = || parts.next().ok_or(Error::Shape);
        if part()?.read(Reader::uint)? != 2 {
            return Err(Error::Shape);
        }
        let options = Map::new(&part()?)?;
        let token = options.iter().find(|(label, _)| label.read(Reader::uint) == Ok(20));
        Ok(Self { token: token.ok_or(Error::Shape)?.1.read(Reader::bytes)? })
    }
}

const fn token_head() -> Head {
    Head::bytes(16)
}

/// `parts` at the front of `out`.
fn concat<'o>(out: &'o mut [u8], parts: &[&[u8]]) -> Result<&'o [u8], Error> {
    let mut end = 0_usize;
    for part in parts {
        let start = end;
        end = start.saturating_add(part.len());
        out.get_mut(start..end).ok_or(Error::Full)?.copy_from_slice(part);
    }
    out.get(..end).ok_or(Error::Full)
}
