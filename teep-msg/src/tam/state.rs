//! The state of a session as bytes: [version, suite, agent, stage, handle, used, rounds, updates,
//! ordered].

use cose_ext::cbor::{Array, Raw, Reader, Writer};

use super::{Outstanding, PendingUpdate, Stage, TamConfig, TamSession};
use crate::{
    Error, ErrorCode, Misuse, Numbering, Suite, Token,
    decode::read_bytes,
    state::{maybe, optional},
};

const VERSION: u64 = 1;

impl TamSession {
    /// Writes the state: whoever reads it under an equal configuration goes on with the session. It
    /// holds tokens, so it is to be kept as they are.
    ///
    /// # Errors
    ///
    /// If the buffer is too short; 1024 bytes always suffice.
    pub fn write_state<'o>(&self, out: &'o mut [u8]) -> Result<&'o [u8], Error> {
        let mut writer = Writer::new(out);
        writer.array(9).int(VERSION);
        optional(&mut writer, self.suite, |writer, suite| {
            writer.int(i64::from(suite.code()));
        });
        optional(&mut writer, self.agent, |writer, agent| {
            writer.bytes(&agent);
        });
        let (stage, code) = match self.stage {
            Stage::New => (0, 0),
            Stage::RequestDue => (1, 0),
            Stage::RequestOut => (2, 0),
            Stage::Appraising => (3, 0),
            Stage::Deciding => (4, 0),
            Stage::UpdateDue => (5, 0),
            Stage::RefusalDue(code) => (6, code.to_wire(Numbering::Iana)),
            Stage::UpdatesOut => (7, 0),
            Stage::Done => (8, 0),
        };
        writer.array(2).int(i64::from(stage)).int(code);
        optional(&mut writer, self.request, |writer, request| {
            writer.array(2).int(request.sent_at);
            optional(writer, request.handle, |writer, handle| {
                writer.bytes(handle.as_bytes());
            });
        });
        optional(&mut writer, self.drawn, |writer, drawn| {
            writer.bytes(drawn.as_bytes());
        });
        writer.array(3);
        writer.int(i64::from(self.rounds)).bool(self.attest).bool(self.refused_once);
        writer.array(self.updates.iter().flatten().count());
        for update in self.updates.iter().flatten() {
            writer.array(3).int(update.sent_at).bytes(update.token.as_bytes());
            writer.array(update.manifests.iter().flatten().count());
            for digest in update.manifests.iter().flatten() {
                writer.bytes(digest);
            }
        }
        writer.array(self.ordered.iter().flatten().count());
        for digest in self.ordered.iter().flatten() {
            writer.bytes(digest);
        }
        let written = writer.finish()?;
        Ok(written)
    }

    /// Reads a state that [`write_state`](Self::write_state) wrote under an equal configuration.
    ///
    /// # Errors
    ///
    /// `Misuse` for other bytes.
    pub fn read_state(config: TamConfig, state: &[u8]) -> Result<Self, Error> {
        read(config, state).ok_or(Error::misuse(Misuse::State))
    }
}

fn read(config: TamConfig, state: &[u8]) -> Option<TamSession> {
    let item = cose_ext::Profile::DETERMINISTIC.item(state, 0).ok()?;
    let [version, suite, agent, stage, request, drawn, counts, updates, ordered] =
        Array::new(&item).ok()?.exactly().ok()?;
    if uint(&version)? != VERSION {
        return None;
    }
    let mut session = TamSession::new(config);
    session.suite = maybe(&suite, |raw| Suite::from_code(u8::try_from(uint(raw)?).ok()?))?;
    session.agent = maybe(&agent, |raw| read_bytes(raw)?.try_into().ok())?;
    let [number, code] = Array::new(&stage).ok()?.exactly().ok()?;
    session.stage = match uint(&number)? {
        0 => Stage::New,
        1 => Stage::RequestDue,
        2 => Stage::RequestOut,
        3 => Stage::Appraising,
        4 => Stage::Deciding,
        5 => Stage::UpdateDue,
        6 => Stage::RefusalDue(ErrorCode::from_wire(uint(&code)?, Numbering::Iana)?),
        7 => Stage::UpdatesOut,
        8 => Stage::Done,
        _ => return None,
    };
    session.request = maybe(&request, |raw| {
        let [sent_at, handle] = Array::new(raw).ok()?.exactly().ok()?;
        let handle = maybe(&handle, |raw| Token::new(read_bytes(raw)?))?;
        Some(Outstanding { handle, sent_at: uint(&sent_at)? })
    })?;
    session.drawn = maybe(&drawn, |raw| Token::new(read_bytes(raw)?))?;
    let [rounds, attest, refused_once] = Array::new(&counts).ok()?.exactly().ok()?;
    session.rounds = u8::try_from(uint(&rounds)?).ok()?;
    session.attest = attest.read(Reader::bool).ok()?;
    session.refused_once = refused_once.read(Reader::bool).ok()?;
    let updates = Array::new(&updates).ok()?;
    if updates.len() > session.updates.len() {
        return None;
    }
    for (slot, update) in session.updates.iter_mut().zip(updates) {
        let [sent_at, token, digests] = Array::new(&update).ok()?.exactly().ok()?;
        let token = Token::new(read_bytes(&token)?)?;
        let mut pending = PendingUpdate { token, sent_at: uint(&sent_at)?, manifests: [None; 4] };
        read_digests(&digests, &mut pending.manifests)?;
        *slot = Some(pending);
    }
    read_digests(&ordered, &mut session.ordered)?;
    Some(session)
}

fn read_digests(raw: &Raw<'_>, digests: &mut [Option<[u8; 32]>; 4]) -> Option<()> {
    for (slot, digest) in digests.iter_mut().zip(Array::new(raw).ok()?) {
        *slot = Some(read_bytes(&digest)?.try_into().ok()?);
    }
    Some(())
}

fn uint(raw: &Raw<'_>) -> Option<u64> {
    crate::decode::read_uint(raw)
}
