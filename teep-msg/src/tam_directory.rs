//! Which TAMs an Agent knows, and when it last met them (section 7.2).

/// The TAMs of an Agent: what it decides RequestTA, UnrequestTA and RequestPolicyCheck with.
///
/// # State, invariant, cost
///
/// One time for each URI: when a session with it was last started. A call looks at all of them.
#[derive(Clone, Debug)]
pub struct TamDirectory<'u, const TAMS: usize> {
    uris: [&'u str; TAMS],
    met_at: [Option<u64>; TAMS],
    /// How many seconds lie between two policy checks.
    period: u64,
}

impl<'u, const TAMS: usize> TamDirectory<'u, TAMS> {
    /// Knows these TAMs and has met none; policies are checked every `period` seconds.
    #[must_use]
    pub const fn new(uris: [&'u str; TAMS], period: u64) -> Self {
        Self { uris, met_at: [None; TAMS], period }
    }

    /// Answers RequestTA: the TAM to connect to. Nothing where the component is installed; a URI
    /// that the caller proposes counts only if this Agent knows it.
    pub fn request_ta(
        &mut self,
        is_installed: bool,
        proposed: Option<&str>,
        now: u64,
    ) -> Option<&'u str> {
        if is_installed {
            return None;
        }
        let index = match proposed {
            Some(proposed) => self.uris.iter().position(|uri| *uri == proposed)?,
            None => 0,
        };
        self.meet(index, now)
    }

    /// Answers UnrequestTA: the TAM to tell that a component is not needed. Nothing where it is not
    /// installed.
    pub fn unrequest_ta(
        &mut self,
        is_installed: bool,
        tam: Option<&str>,
        now: u64,
    ) -> Option<&'u str> {
        self.request_ta(!is_installed, tam, now)
    }

    /// Answers RequestPolicyCheck: one TAM that was not met for the period. The caller asks again
    /// until there is none.
    pub fn request_policy_check(&mut self, now: u64) -> Option<&'u str> {
        let period = self.period;
        let is_due = |met: &Option<u64>| met.is_none_or(|met| now.saturating_sub(met) >= period);
        let index = self.met_at.iter().position(is_due)?;
        self.meet(index, now)
    }

    /// Returns when the next policy check is due; `None` without any TAM.
    #[must_use]
    pub fn next_policy_check(&self) -> Option<u64> {
        let due = |met: &Option<u64>| met.map_or(0, |met| met.saturating_add(self.period));
        self.met_at.iter().map(due).min()
    }

    fn meet(&mut self, index: usize, now: u64) -> Option<&'u str> {
        *self.met_at.get_mut(index)? = Some(now);
        self.uris.get(index).copied()
    }
}
