//! How many sessions one Agent may have open at a TAM (section 7.1.2).

use cose_ext::cbor::{Array, Writer};

use crate::{Error, Misuse, Token, decode::read_bytes};

/// The handles of the open sessions of one Agent, the oldest first, at most `N`: a further one
/// pushes the oldest out, so that no Agent fills the store of a TAM.
///
/// A TAM keeps it in the store of its sessions, under the thumbprint of the Agent's key
/// ([`TamSession::agent`](crate::TamSession::agent)), which is known once a message of the Agent
/// counted. Requests that nobody answered belong to nobody yet: those end by their lifetime, and
/// the store bounds their number.
///
/// # State, invariant, cost
///
/// Handles stand without gaps and once each. As bytes it has at most 66 for each handle and 10
/// more.
#[derive(Clone, Debug)]
pub struct AgentSessions<const N: usize> {
    handles: [Option<Token>; N],
}

impl<const N: usize> AgentSessions<N> {
    /// Starts without any session.
    #[must_use]
    pub const fn new() -> Self {
        Self { handles: [None; N] }
    }

    /// Returns the handles, the oldest first.
    pub fn handles(&self) -> impl Iterator<Item = &[u8]> {
        self.handles.iter().flatten().map(Token::as_bytes)
    }

    /// Adds the handle of a session that waits for an answer. Returns the handle of the oldest
    /// session if there is one too many: whoever owns the store forgets that session.
    ///
    /// # Errors
    ///
    /// `Misuse` for a handle that is no token or challenge of a TAM of this crate, which have 8 to
    /// 64 bytes.
    pub fn insert(&mut self, handle: &[u8]) -> Result<Option<Token>, Error> {
        let handle = Token::new(handle).ok_or(Error::misuse(Misuse::RandomLength))?;
        self.remove(handle.as_bytes());
        if let Some(free) = self.handles.iter_mut().find(|slot| slot.is_none()) {
            *free = Some(handle);
            return Ok(None);
        }
        let pushed_out = match self.handles.as_mut_slice() {
            // Without room for any session, none stays.
            [] => Some(handle),
            full => {
                full.rotate_left(1);
                full.last_mut().and_then(|last| last.replace(handle))
            }
        };
        Ok(pushed_out)
    }

    /// Removes the handle of a session that was answered or has ended.
    pub fn remove(&mut self, handle: &[u8]) {
        let Some(index) =
            self.handles.iter().position(|slot| slot.as_ref().is_some_and(|it| it.is(handle)))
        else {
            return;
        };
        if let Some(rest) = self.handles.get_mut(index..) {
            rest.rotate_left(1);
        }
        if let Some(last) = self.handles.last_mut() {
            *last = None;
        }
    }

    /// Writes the handles as bytes. They are tokens, so the bytes are to be kept as those are.
    ///
    /// # Errors
    ///
    /// If `out` is too short.
    pub fn write_state<'o>(&self, out: &'o mut [u8]) -> Result<&'o [u8], Error> {
        let mut writer = Writer::new(out);
        writer.array(self.handles.iter().flatten().count());
        for handle in self.handles() {
            writer.bytes(handle);
        }
        let written = writer.finish()?;
        Ok(written)
    }

    /// Reads what [`write_state`](Self::write_state) wrote.
    ///
    /// # Errors
    ///
    /// `Misuse` with `State` for other bytes, and for more handles than there is room for.
    pub fn read_state(state: &[u8]) -> Result<Self, Error> {
        Self::read(state).ok_or(Error::misuse(Misuse::State))
    }

    fn read(state: &[u8]) -> Option<Self> {
        let item = cose_ext::Profile::DETERMINISTIC.item(state, 0).ok()?;
        let mut read = Self::new();
        for handle in Array::new(&item).ok()? {
            if read.insert(read_bytes(&handle)?).ok()?.is_some() {
                return None;
            }
        }
        Some(read)
    }
}

impl<const N: usize> Default for AgentSessions<N> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handles<const N: usize>(sessions: &AgentSessions<N>) -> std::vec::Vec<u8> {
        sessions.handles().map(|handle| handle[0]).collect()
    }

    #[test]
    fn the_oldest_session_goes_first_and_an_ended_one_makes_room() {
        let mut sessions = AgentSessions::<2>::new();
        assert_eq!(sessions.insert(&[1; 8]).unwrap(), None);
        assert_eq!(sessions.insert(&[2; 64]).unwrap(), None);
        assert_eq!(sessions.insert(&[3; 8]).unwrap(), Token::new(&[1; 8]));
        assert_eq!(handles(&sessions), [2, 3]);
        sessions.remove(&[2; 64]);
        sessions.remove(&[9; 8]);
        assert_eq!(sessions.insert(&[4; 8]).unwrap(), None);
        assert_eq!(sessions.insert(&[3; 8]).unwrap(), None, "it is there once");
        assert_eq!(handles(&sessions), [4, 3]);
        sessions.insert(&[5; 7]).unwrap_err();
        assert_eq!(AgentSessions::<0>::new().insert(&[1; 8]).unwrap(), Token::new(&[1; 8]));
    }

    #[test]
    fn what_was_written_is_read_and_nothing_else() {
        let mut sessions = AgentSessions::<3>::new();
        for number in 1..=3 {
            sessions.insert(&[number; 64]).unwrap();
        }
        let mut out = [0; 3 * 66 + 10];
        let state = sessions.write_state(&mut out).unwrap();
        assert_eq!(handles(&AgentSessions::<3>::read_state(state).unwrap()), [1, 2, 3]);
        AgentSessions::<2>::read_state(state).unwrap_err();
        for len in 0..state.len() {
            AgentSessions::<3>::read_state(&state[..len]).unwrap_err();
        }
    }
}
