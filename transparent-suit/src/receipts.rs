//! How many services logged a block (docs/transparent-suit.md 7.3).

use cose_ext::{Context, Input, Notes, Verified, header::Vds};
use merkle_proof::cose::{Receipt, SignedRoot};
use scitt_core::{
    Limits, ReceiptRules, SignedStatement, StatementEntries, TrustedService, merkle_proof,
};

use crate::{Error, ErrorKind, Rule};

/// The result of one receipt of a block: whether it counts, or why not.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ReceiptOutcome<'d> {
    /// Which block of the envelope, from zero.
    pub block: usize,
    /// Which receipt of the block, from zero.
    pub receipt: usize,
    /// Where it starts in the envelope, in bytes.
    pub offset: usize,
    /// The service and root that the device relies on if the envelope is accepted, or why the
    /// receipt does not count.
    pub outcome: Result<ReliedOn<'d>, Error>,
}

/// A service, and the root that it signed: what an attester states that it relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReliedOn<'d> {
    /// The service's name in the trust store.
    pub service: &'d str,
    /// The signed root that the receipt leads to.
    pub root: [u8; 32],
    /// The verifiable data structure of the log.
    pub vds: Vds,
    /// What was accepted in the receipt although a strict reading would refuse it.
    pub notes: Notes,
}

/// Takes what became of a receipt: its index, its offset in the block, and the outcome.
type Report<'r, 'd> = dyn FnMut(usize, usize, Result<ReliedOn<'d>, Error>) + 'r;

/// What is asked of the receipts of a block.
pub(crate) struct Asked<'d> {
    pub(crate) services: &'d [TrustedService<'d>],
    /// How many different ones.
    pub(crate) required: usize,
    pub(crate) limits: Limits,
}

/// What the receipts of one block came to.
pub(crate) struct Logged<'d> {
    pub(crate) services: usize,
    pub(crate) first: ReliedOn<'d>,
}

/// The identities that were counted, by their first place in the trust store, one bit each.
struct Counted {
    bits: u64,
}

impl Counted {
    /// Services that can be told apart.
    const MOST: usize = 64;

    /// Whether the service was not counted before.
    fn insert(&mut self, place: usize) -> bool {
        let bit = u32::try_from(place).ok().and_then(|place| 1_u64.checked_shl(place));
        let is_new = bit.is_some_and(|bit| self.bits & bit == 0);
        self.bits |= bit.unwrap_or(0);
        is_new
    }
}

/// Counts the services that logged this very statement, by their names in the trust store, and asks
/// for as many as the device requires.
///
/// # State, invariant, cost
///
/// The entry is hashed once for each entry rule. A receipt by a stranger costs its decoding, one
/// that names a trusted key a signature check. A receipt that does not count spoils none that does;
/// only a limit ends the search, since what was not looked at may be good.
///
/// # Errors
///
/// [`Rule::ReceiptsRequired`], [`Rule::ServicesCounted`]; why a receipt by a trusted service does
/// not count, if none does; a limit.
#[inline(never)]
pub(crate) fn count<'d, 'a>(
    asked: &Asked<'d>,
    statement: &SignedStatement<'a>,
    input: &Input<'a, '_>,
    context: &Context<'_>,
    report: &mut Report<'_, 'd>,
) -> Result<Logged<'d>, Error> {
    if asked.services.len() > Counted::MOST {
        return Err(Error::new(ErrorKind::TooManyServices));
    }
    let receipts = statement.message().headers().unprotected().receipts()?;
    let receipts = receipts.ok_or(Error::refused(Rule::ReceiptsRequired))?;
    // Matched where they are made: they are large.
    let mut entries = StatementEntries::new(statement, input);
    let entries = entries.as_mut().map_err(|error| Error::from(*error))?;
    let mut tally = Tally::new();
    for (index, (offset, bytes)) in receipts.iter().enumerate() {
        if index >= asked.limits.receipts {
            tally.end(index, offset, report);
            break;
        }
        let outcome = find_service(asked, entries, bytes, context);
        tally.add(index, offset, outcome, report)?;
    }
    tally.conclude(asked.required)
}

/// What the receipts came to so far. Its functions are not inlined: what they copy is then not on
/// the stack while a signature is checked.
struct Tally<'d> {
    counted: Counted,
    services: usize,
    first: Option<ReliedOn<'d>>,
    reason: Error,
}

impl<'d> Tally<'d> {
    const fn new() -> Self {
        let reason = Error::refused(Rule::ReceiptsRequired);
        Self { counted: Counted { bits: 0 }, services: 0, first: None, reason }
    }

    #[inline(never)]
    fn add(
        &mut self,
        index: usize,
        offset: usize,
        outcome: Result<(usize, ReliedOn<'d>), Error>,
        report: &mut Report<'_, 'd>,
    ) -> Result<(), Error> {
        let outcome = outcome.map_err(|error| error.within(offset));
        report(index, offset, outcome.map(|(_, relied_on)| relied_on));
        match outcome {
            Ok((place, relied_on)) => {
                if self.counted.insert(place) {
                    self.services = self.services.saturating_add(1);
                }
                self.first.get_or_insert(relied_on);
            }
            Err(error) if error.is_limit() => return Err(error),
            Err(error) => self.reason = self.reason.more_specific(error),
        }
        Ok(())
    }

    /// There are more receipts than are looked at.
    #[inline(never)]
    fn end(&mut self, index: usize, offset: usize, report: &mut Report<'_, 'd>) {
        let error = Error::from(scitt_core::ErrorKind::TooManyReceipts);
        report(index, offset, Err(error));
        self.reason = error;
    }

    #[inline(never)]
    fn conclude(self, required: usize) -> Result<Logged<'d>, Error> {
        match self.first {
            Some(first) if self.services >= required => {
                Ok(Logged { services: self.services, first })
            }
            Some(_) if !self.reason.is_limit() => Err(Error::refused(Rule::ServicesCounted)),
            _ => Err(self.reason),
        }
    }
}

/// The service that a receipt counts for, with the first place of its name.
#[inline(never)]
fn find_service<'d, 'a>(
    asked: &Asked<'d>,
    entries: &mut StatementEntries<'a>,
    bytes: &'a [u8],
    context: &Context<'_>,
) -> Result<(usize, ReliedOn<'d>), Error> {
    let receipt = Receipt::decode(bytes, &context.profile);
    let receipt = receipt.as_ref().map_err(|error| scitt_core::Error::from(*error))?;
    let mut reason = Error::from(scitt_core::ErrorKind::Refused(scitt_core::Rule::ReceiptTrusted));
    for service in asked.services {
        let mut root = None;
        let rules = &ReceiptRules::DEFAULT;
        let outcome = service.with_root(entries, receipt, rules, context, &mut |signed| {
            root = Some(relied_on(service.name, signed));
        });
        match (outcome, root) {
            (Ok(()), Some(root)) => return Ok((first_of(asked.services, service.name), root)),
            (Ok(()), None) => {}
            (Err(error), _) => reason = more_specific(reason, error)?,
        }
    }
    Err(reason)
}

#[inline(never)]
fn relied_on<'d>(service: &'d str, root: &Verified<SignedRoot<'_>>) -> ReliedOn<'d> {
    let (vds, notes) = (root.value().vds(), root.by().notes());
    ReliedOn { service, root: *root.value().hash(), vds, notes }
}

/// The more specific of two reasons; a limit ends the search.
#[inline(never)]
fn more_specific(reason: Error, error: scitt_core::Error) -> Result<Error, Error> {
    let error = Error::from(error);
    if error.is_limit() { Err(error) } else { Ok(reason.more_specific(error)) }
}

fn first_of(services: &[TrustedService<'_>], name: &str) -> usize {
    services.iter().position(|service| service.name == name).unwrap_or_default()
}
