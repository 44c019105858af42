//! Author, thief, partner, office, broker, two services, device and auditor, as they are: every state that they can reach,
//! where anybody may do what is his to do at any time. Signatures are stand-ins that nobody forges.
//!
//! - The author signs two releases. The thief may steal the author's key, and signs malware with it. The partner is a maker
//!   of other devices whom the services know too; it signs malware, and so does the office, which signs whatever is
//!   laid before it, with a key that has another role.
//! - Services register what their rules let in, whoever submits it, and give receipts to everybody.
//! - The broker keeps every block and every receipt, makes the other signature that verifies, and hands the device envelopes
//!   of all of that: receipts of one block in another, one receipt twice, receipts of one service at two sizes, two blocks
//!   in either order, blocks of other manifests, none at all.
//!
//! What is installed was signed by a firmware key, and the same block was logged by as many services as the device asks for;
//! numbers do not go back; and what the author did not make is alarming wherever it had to be logged. Then each
//! wall is taken away, one at a time, and has to be missed.

#[path = "model/cast.rs"]
mod cast;
#[path = "model/stand_in.rs"]
mod stand_in;

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
    time::Instant,
};

use cast::{
    BLOCKS, Cast, FIRST, FLIPPED, OFFICES, PARTNERS, REQUIRED, SECOND, Service, THIEFS,
    is_by_firmware_key, manifest_of,
};
use testkit::explore::{Model, explore};

/// Which wall is taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Without {
    Nothing,
    /// Receipts of any block over the digest count.
    SameBlock,
    /// Receipts are counted, and not services.
    Identities,
    /// One trust store for all roles.
    Roles,
    /// The envelope says how many receipts there are to be.
    LocalConfiguration,
    /// The device forgets the number of what it has.
    StoredNumber,
    /// The author's monitor does not know the author's releases.
    KnownReleases,
}

/// The entries of a log, in order.
type Entries = Vec<u8>;

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct State {
    /// The blocks that were made, one bit each.
    made: u8,
    is_stolen: bool,
    logs: [Entries; 2],
    /// The block that the device accepted last.
    installed: Option<u8>,
}

impl State {
    const fn has(&self, block: u8) -> bool {
        self.made & (1 << block) != 0
    }
}

#[derive(Clone, Debug)]
enum Action {
    Steal,
    Make(u8),
    Submit { service: usize, block: u8 },
    Deliver(Rc<Delivery>),
}

/// A receipt by its service, what was in the log, and of which entry it is.
type ReceiptId = (usize, Entries, usize);

/// An envelope that the broker puts together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Delivery {
    manifest: usize,
    blocks: Vec<(u8, Vec<ReceiptId>)>,
}

/// What was computed before.
type Known<K, V> = RefCell<HashMap<K, V>>;

/// A delivery for each block that can be had accepted.
type Acceptable = Rc<[(u8, Rc<Delivery>)]>;

struct World {
    cast: Cast,
    services: Known<(usize, Entries), Option<Rc<Service>>>,
    receipts: Known<ReceiptId, Rc<[u8]>>,
    /// Which block of an envelope is accepted by a device that has this number, or nothing yet.
    verdicts: Known<(Rc<Delivery>, Option<u64>), Option<u8>>,
    /// Of what was made and logged, one way to have each block accepted.
    acceptable: Known<(u8, [Entries; 2]), Acceptable>,
    alarms: Known<Entries, bool>,
    delivered: Cell<usize>,
}

impl World {
    fn new(without: Without) -> Self {
        Self {
            cast: Cast::new(without),
            services: RefCell::default(),
            receipts: RefCell::default(),
            verdicts: RefCell::default(),
            acceptable: RefCell::default(),
            alarms: RefCell::default(),
            delivered: Cell::new(0),
        }
    }

    /// The service whose log has these entries; `None` if it does not take the last of them.
    fn service(&self, place: usize, entries: &[u8]) -> Option<Rc<Service>> {
        let key = (place, entries.to_vec());
        if let Some(known) = self.services.borrow().get(&key) {
            return known.clone();
        }
        let service = match entries.split_last() {
            None => Some(Rc::new(Cast::new_service(place))),
            Some((last, before)) => {
                let before = self.service(place, before).unwrap();
                self.cast.submit(&before, *last).map(Rc::new)
            }
        };
        self.services.borrow_mut().insert(key, service.clone());
        service
    }

    fn receipt(&self, id: &ReceiptId) -> Rc<[u8]> {
        if let Some(known) = self.receipts.borrow().get(id) {
            return Rc::clone(known);
        }
        let (place, entries, entry) = id;
        let service = self.service(*place, entries).unwrap();
        let receipt = Cast::receipt(&service, *place, *entry);
        self.receipts.borrow_mut().insert(id.clone(), Rc::clone(&receipt));
        receipt
    }

    fn bytes(&self, delivery: &Delivery) -> Vec<u8> {
        let blocks: Vec<_> = delivery
            .blocks
            .iter()
            .map(|(block, receipts)| (*block, receipts.iter().map(|id| self.receipt(id)).collect()))
            .collect();
        self.cast.envelope(delivery.manifest, &blocks)
    }

    /// Which block of the envelope a device accepts that has this number.
    fn verdict(&self, delivery: &Rc<Delivery>, stored: Option<u64>) -> Option<u8> {
        let key = (Rc::clone(delivery), stored);
        if let Some(known) = self.verdicts.borrow().get(&key) {
            return *known;
        }
        self.delivered.set(self.delivered.get() + 1);
        let place = self.cast.accepts(&self.bytes(delivery), stored);
        let verdict = place.map(|place| delivery.blocks[place].0);
        self.verdicts.borrow_mut().insert(key, verdict);
        verdict
    }

    /// One delivery for each block that can be had accepted.
    fn acceptable(&self, state: &State) -> Acceptable {
        let key = (state.made, state.logs.clone());
        if let Some(known) = self.acceptable.borrow().get(&key) {
            return Rc::clone(known);
        }
        let mut found: Vec<(u8, Rc<Delivery>)> = Vec::new();
        for delivery in deliveries(state) {
            let delivery = Rc::new(delivery);
            if let Some(block) = self.verdict(&delivery, None)
                && found.iter().all(|(known, _)| *known != block)
            {
                found.push((block, delivery));
            }
        }
        let found: Acceptable = found.into();
        self.acceptable.borrow_mut().insert(key, Rc::clone(&found));
        found
    }

    fn is_alarmed(&self, entries: &[u8]) -> bool {
        let mut alarms = self.alarms.borrow_mut();
        *alarms.entry(entries.to_vec()).or_insert_with(|| self.cast.is_alarmed(entries))
    }

    /// What must be so of a block that the device has just accepted.
    fn check(&self, state: &State, block: u8) -> Result<(), String> {
        if !is_by_firmware_key(block) {
            return Err("what no firmware key signed was installed".into());
        }
        let logs = state.logs.iter().filter(|log| log.contains(&block));
        let count = logs.clone().count();
        if count < REQUIRED {
            return Err(format!("a block was installed that {count} services logged"));
        }
        let number = |block: &u8| manifest_of(*block);
        if state.installed.as_ref().map(number) > Some(number(&block)) {
            return Err("an older release was installed".into());
        }
        if block == THIEFS && !logs.clone().all(|log| self.is_alarmed(log)) {
            return Err("malware was installed, and nobody was alarmed".into());
        }
        Ok(())
    }
}

/// The envelopes that the broker can make of what there is.
fn deliveries(state: &State) -> Vec<Delivery> {
    let mut made = Vec::new();
    let blocks: Vec<u8> = BLOCKS.into_iter().filter(|block| state.has(*block)).collect();
    let own = |block: u8| -> Vec<ReceiptId> {
        let logs = state.logs.iter().enumerate();
        logs.filter_map(|(service, log)| {
            let entry = log.iter().position(|entry| *entry == block)?;
            Some((service, log.clone(), entry))
        })
        .collect()
    };
    // Receipts of entries about a manifest as they are now, of the first service as they were first, too; and one of
    // another manifest.
    let receipts_of = |manifest: usize| {
        let mut receipts: Vec<ReceiptId> = Vec::new();
        let mut of_others = None;
        for (service, log) in state.logs.iter().enumerate() {
            for (entry, block) in log.iter().enumerate() {
                let receipt = (service, log.clone(), entry);
                if manifest_of(*block) != manifest {
                    of_others = Some(receipt);
                    continue;
                }
                receipts.push(receipt);
                if service == 0 && entry + 1 < log.len() {
                    receipts.push((service, log[..=entry].to_vec(), entry));
                }
            }
        }
        receipts.extend(of_others);
        receipts
    };
    for &block in &blocks {
        let manifest = manifest_of(block);
        let receipts = receipts_of(manifest);
        let mut deliver = |blocks| made.push(Delivery { manifest, blocks });
        deliver(vec![(block, vec![])]);
        for (place, one) in receipts.iter().enumerate() {
            deliver(vec![(block, vec![one.clone()])]);
            // Two of one service only where they are about one entry: the same again, or another size.
            let seconds = receipts[place..].iter();
            for other in seconds.filter(|other| other.0 != one.0 || other.2 == one.2) {
                deliver(vec![(block, vec![one.clone(), other.clone()])]);
            }
        }
        for &other in blocks.iter().filter(|other| **other != block) {
            deliver(vec![(block, vec![]), (other, own(other))]);
            deliver(vec![(other, own(other)), (block, vec![])]);
            deliver(vec![(block, own(block)), (other, own(other))]);
            deliver(vec![(other, own(other))]);
        }
    }
    made
}

impl Model for World {
    type State = State;
    type Key = State;
    type Action = Action;

    fn start(&self) -> State {
        State::default()
    }

    fn key(&self, state: &State) -> State {
        state.clone()
    }

    fn actions(&self, state: &State) -> Vec<Action> {
        let mut actions = Vec::new();
        if !state.is_stolen {
            actions.push(Action::Steal);
        }
        for block in BLOCKS.into_iter().filter(|block| !state.has(*block)) {
            let may = match block {
                FIRST | PARTNERS | OFFICES => true,
                SECOND => state.has(FIRST),
                FLIPPED => state.has(SECOND),
                _ => state.is_stolen,
            };
            if may {
                actions.push(Action::Make(block));
            }
        }
        for block in BLOCKS.into_iter().filter(|block| state.has(*block)) {
            actions.extend([0, 1].map(|service| Action::Submit { service, block }));
        }
        let acceptable = self.acceptable(state);
        actions.extend(acceptable.iter().map(|(_, delivery)| Action::Deliver(Rc::clone(delivery))));
        actions
    }

    fn next(&self, state: &State, action: &Action) -> Result<State, String> {
        let mut next = state.clone();
        match action {
            Action::Steal => next.is_stolen = true,
            Action::Make(block) => next.made |= 1 << block,
            Action::Submit { service, block } => {
                let log = &mut next.logs[*service];
                log.push(*block);
                if self.service(*service, log).is_none() {
                    log.pop();
                }
            }
            Action::Deliver(delivery) => {
                let stored = state.installed.map(|block| manifest_of(block) as u64 + 1);
                if let Some(block) = self.verdict(delivery, stored) {
                    self.check(state, block)?;
                    next.installed = Some(block);
                }
            }
        }
        Ok(next)
    }
}

/// More than the model has: it is exhausted, or the walk fails.
const MOST: usize = 400_000;

fn attack(without: Without) -> String {
    let world = World::new(without);
    let explored = explore(&world, MOST);
    let (way, broken) = explored.broken.expect("the wall is not missed");
    println!("{without:?}: {broken}, after {} states: {way:?}", explored.states);
    broken
}

#[test]
fn what_is_installed_was_signed_and_the_same_block_logged_by_two_services() {
    let begun = Instant::now();
    let world = World::new(Without::Nothing);
    let explored = explore(&world, MOST);
    println!(
        "{} states, {} steps, {} envelopes, {:?}",
        explored.states,
        explored.steps,
        world.delivered.get(),
        begun.elapsed()
    );
    assert!(explored.broken.is_none(), "{:?}", explored.broken);
    assert!(explored.states > 1000);
    // Each of the blocks that may be installed is, the thief's among them.
    for block in BLOCKS {
        let accepted = world.acceptable.borrow();
        let is_accepted = accepted.values().any(|found| found.iter().any(|(it, _)| *it == block));
        assert_eq!(is_accepted, is_by_firmware_key(block), "block {block}");
    }
}

#[test]
fn receipts_of_another_block_are_missed() {
    // One of the services logged another block.
    assert_eq!(attack(Without::SameBlock), "a block was installed that 1 services logged");
}

#[test]
fn receipts_that_are_counted_twice_are_missed() {
    assert_eq!(attack(Without::Identities), "a block was installed that 1 services logged");
}

#[test]
fn keys_of_other_roles_are_missed() {
    assert_eq!(attack(Without::Roles), "what no firmware key signed was installed");
}

#[test]
fn an_envelope_that_says_how_many_receipts_it_needs_is_missed() {
    let broken = attack(Without::LocalConfiguration);
    assert_eq!(broken, "a block was installed that 0 services logged");
}

#[test]
fn a_device_that_forgets_its_number_is_missed() {
    assert_eq!(attack(Without::StoredNumber), "an older release was installed");
}

#[test]
fn a_monitor_that_does_not_know_the_releases_is_missed() {
    let broken = attack(Without::KnownReleases);
    assert_eq!(broken, "malware was installed, and nobody was alarmed");
}
