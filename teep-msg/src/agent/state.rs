//! The state of a session as bytes: [version, stage, suite, tam, token, challenge, items, asked,
//! flags].

use cose_ext::cbor::{Array, Reader, Writer};

use super::{AgentConfig, AgentSession, Challenge, Stage, UpdateOutcome};
use crate::{
    DataItems, Error, ErrorCode, Misuse, Numbering, Suite, Token,
    decode::{read_bytes, read_uint},
    state::{maybe, optional},
};

const VERSION: u64 = 1;

impl AgentSession {
    /// Writes the state: a device that restarts while it works on an Update goes on with it. It
    /// holds the token, so it is to be kept as that is.
    ///
    /// # Errors
    ///
    /// If the buffer is too short; 768 bytes always suffice.
    pub fn write_state<'o>(&self, out: &'o mut [u8]) -> Result<&'o [u8], Error> {
        let (stage, code) = match self.stage {
            Stage::Idle => (0, 0),
            Stage::Appraising => (1, 0),
            Stage::ResponseDue => (2, 0),
            Stage::AwaitingUpdate => (3, 0),
            Stage::Updating => (4, 0),
            Stage::ReportDue(UpdateOutcome::Done) => (5, 0),
            Stage::ReportDue(UpdateOutcome::Failed(code)) => (6, code.to_wire(Numbering::Iana)),
            Stage::ErrorDue(code) => (7, code.to_wire(Numbering::Iana)),
        };
        let mut writer = Writer::new(out);
        writer.array(9).int(VERSION).array(2).int(i64::from(stage)).int(code);
        optional(&mut writer, self.suite, |writer, suite| {
            writer.int(i64::from(suite.code()));
        });
        optional(&mut writer, self.tam, |writer, tam| {
            writer.bytes(&tam);
        });
        for token in [self.token, self.asked] {
            optional(&mut writer, token, |writer, token| {
                writer.bytes(token.as_bytes());
            });
        }
        writer.bytes(self.challenge.as_bytes()).int(self.items.bits()).array(2);
        writer.bool(self.answered_strangers).bool(self.may_be_unsolicited);
        let written = writer.finish()?;
        Ok(written)
    }

    /// Reads a state that [`write_state`](Self::write_state) wrote under an equal configuration.
    ///
    /// # Errors
    ///
    /// `Misuse` for other bytes.
    pub fn read_state(config: AgentConfig, state: &[u8]) -> Result<Self, Error> {
        read(config, state).ok_or(Error::misuse(Misuse::State))
    }
}

fn read(config: AgentConfig, state: &[u8]) -> Option<AgentSession> {
    let item = cose_ext::Profile::DETERMINISTIC.item(state, 0).ok()?;
    let [version, stage, suite, tam, token, asked, challenge, items, flags] =
        Array::new(&item).ok()?.exactly().ok()?;
    if read_uint(&version)? != VERSION {
        return None;
    }
    let [number, code] = Array::new(&stage).ok()?.exactly().ok()?;
    let code = || ErrorCode::from_wire(read_uint(&code)?, Numbering::Iana);
    let mut session = AgentSession::new(config);
    session.stage = match read_uint(&number)? {
        0 => Stage::Idle,
        1 => Stage::Appraising,
        2 => Stage::ResponseDue,
        3 => Stage::AwaitingUpdate,
        4 => Stage::Updating,
        5 => Stage::ReportDue(UpdateOutcome::Done),
        6 => Stage::ReportDue(UpdateOutcome::Failed(code()?)),
        7 => Stage::ErrorDue(code()?),
        _ => return None,
    };
    session.suite = maybe(&suite, |raw| Suite::from_code(u8::try_from(read_uint(raw)?).ok()?))?;
    session.tam = maybe(&tam, |raw| read_bytes(raw)?.try_into().ok())?;
    session.token = maybe(&token, |raw| Token::new(read_bytes(raw)?))?;
    session.asked = maybe(&asked, |raw| Token::new(read_bytes(raw)?))?;
    session.challenge = Challenge::new(read_bytes(&challenge)?);
    session.items = DataItems::from_bits(read_uint(&items)?);
    let [answered, unsolicited] = Array::new(&flags).ok()?.exactly().ok()?;
    session.answered_strangers = answered.read(Reader::bool).ok()?;
    session.may_be_unsolicited = unsolicited.read(Reader::bool).ok()?;
    Some(session)
}
