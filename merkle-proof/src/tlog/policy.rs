//! Which checkpoints are to be believed (C2SP tlog-policy).

use alloc::vec::Vec;

use super::{Checkpoint, Cosignature, Error, KeyKind, Note, NoteCrypto, VerifierKey};
use crate::Rule;

/// The most logs, and the most witnesses and groups together: the specification asks for 32 of
/// each.
const MOST: usize = 256;

/// Logs, witnesses and the quorum of them that makes a checkpoint valid, as a policy file states
/// them.
#[derive(Clone, Debug)]
pub struct Policy<'p> {
    logs: Vec<Party<'p>>,
    members: Vec<Member<'p>>,
    quorum: Quorum,
}

/// A log or a witness of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Party<'p> {
    key: VerifierKey<'p>,
    url: Option<&'p [u8]>,
}

#[derive(Clone, Debug)]
struct Member<'p> {
    name: &'p [u8],
    is: Is<'p>,
    /// It counts for one group, or for the quorum of one.
    taken: bool,
}

#[derive(Clone, Debug)]
enum Is<'p> {
    Witness(Party<'p>),
    /// A group that is met when this many of its members are.
    Group(usize, Vec<usize>),
}

#[derive(Clone, Copy, Debug)]
enum Quorum {
    None,
    Of(usize),
}

impl<'p> Party<'p> {
    /// Returns its key.
    #[must_use]
    pub const fn key(&self) -> &VerifierKey<'p> {
        &self.key
    }

    /// Returns the address that the policy gives, or `None`.
    #[must_use]
    pub const fn url(&self) -> Option<&'p [u8]> {
        self.url
    }
}

impl<'p> Policy<'p> {
    /// Reads a policy file.
    ///
    /// # Errors
    ///
    /// [`Rule::PolicyForm`], also for more than 256 logs, or witnesses and groups; those of
    /// [`VerifierKey::parse`].
    pub fn parse(file: &'p [u8], crypto: &dyn NoteCrypto) -> Result<Self, Error> {
        let malformed = Error::malformed(Rule::PolicyForm);
        let allowed = |byte: &u8| matches!(byte, b'\t' | b'\n' | 0x20..=0x7e | 0x80..);
        if !file.iter().all(allowed) {
            return Err(malformed);
        }
        let (mut logs, mut members, mut quorum) = (Vec::new(), Vec::new(), None);
        for line in file.split(|byte| *byte == b'\n') {
            let space = |byte: &u8| matches!(byte, b' ' | b'\t');
            let mut items = line.split(space).filter(|item| !item.is_empty());
            match items.next() {
                None => continue,
                Some([b'#', ..]) => continue,
                Some(b"log") => {
                    let log = party(&mut items, &[], crypto)?;
                    no_second(logs.iter(), &log)?;
                    logs.push(log);
                }
                Some(b"witness") => {
                    let name = new_name(&members, items.next())?;
                    let witness = party(&mut items, &WITNESSES, crypto)?;
                    let known = members.iter().filter_map(|member: &Member<'_>| match &member.is {
                        Is::Witness(party) => Some(party),
                        Is::Group(..) => None,
                    });
                    no_second(known, &witness)?;
                    members.push(Member { name, is: Is::Witness(witness), taken: false });
                }
                Some(b"group") => {
                    let name = new_name(&members, items.next())?;
                    let threshold = items.next().ok_or(malformed)?;
                    let mut of = Vec::new();
                    for item in items.by_ref() {
                        of.push(take(&mut members, item)?);
                    }
                    let threshold = match threshold {
                        b"any" => 1,
                        b"all" => of.len(),
                        number => number_of(number).ok_or(malformed)?,
                    };
                    if threshold == 0 || threshold > of.len() {
                        return Err(malformed);
                    }
                    members.push(Member { name, is: Is::Group(threshold, of), taken: false });
                }
                Some(b"quorum") => {
                    let of = match items.next().ok_or(malformed)? {
                        b"none" => Quorum::None,
                        name => Quorum::Of(place(&members, name)?),
                    };
                    if quorum.replace(of).is_some() {
                        return Err(malformed);
                    }
                }
                Some(_) => return Err(malformed),
            }
            if items.next().is_some() || logs.len() > MOST || members.len() > MOST {
                return Err(malformed);
            }
        }
        Ok(Self { logs, members, quorum: quorum.ok_or(malformed)? })
    }

    /// Returns the logs.
    #[must_use]
    pub fn logs(&self) -> &[Party<'p>] {
        &self.logs
    }

    /// Returns the witnesses, with the names that the policy gives them.
    pub fn witnesses(&self) -> impl Iterator<Item = (&'p [u8], &Party<'p>)> {
        self.members.iter().filter_map(|member| match &member.is {
            Is::Witness(party) => Some((member.name, party)),
            Is::Group(..) => None,
        })
    }

    /// Returns the checkpoint of a note that one of the policy's logs signed and its quorum
    /// cosigned.
    ///
    /// # Errors
    ///
    /// [`Rule::NoteKnownKey`] and the other rules of [`Note::verify`]; [`Rule::CheckpointForm`];
    /// [`Rule::CheckpointOrigin`]; [`Rule::Cosignature`]; [`Rule::PolicyQuorum`].
    pub fn verify<'n>(
        &self,
        note: &Note<'n>,
        crypto: &dyn NoteCrypto,
    ) -> Result<Checkpoint<'n>, Error> {
        let keys: Vec<_> = self.logs.iter().map(|log| log.key).collect();
        self.verify_of(note, &keys, crypto)
    }

    /// Returns the checkpoint of a note that one of `logs` signed, whatever logs the policy lists,
    /// and its quorum cosigned.
    ///
    /// # Errors
    ///
    /// Those of [`verify`](Self::verify).
    pub fn verify_of<'n>(
        &self,
        note: &Note<'n>,
        logs: &[VerifierKey<'_>],
        crypto: &dyn NoteCrypto,
    ) -> Result<Checkpoint<'n>, Error> {
        let checkpoint = Checkpoint::parse(note.verify(logs, crypto)?)?;
        let signed = |key: &&VerifierKey<'_>| note.signatures().any(|line| line.is_of(key));
        let named = |key: &VerifierKey<'_>| key.name() == checkpoint.origin();
        if !logs.iter().filter(signed).any(named) {
            return Err(Error::Verification { rule: Rule::CheckpointOrigin });
        }
        // In their order, so that a group's members are settled before it.
        let mut settled: Vec<bool> = Vec::with_capacity(self.members.len());
        for member in &self.members {
            settled.push(match &member.is {
                Is::Witness(party) => Cosignature::verify(note, &party.key, crypto)?.is_some(),
                Is::Group(threshold, of) => {
                    of.iter().filter(|place| settled.get(**place) == Some(&true)).count()
                        >= *threshold
                }
            });
        }
        match self.quorum {
            Quorum::None => Ok(checkpoint),
            Quorum::Of(place) if settled.get(place) == Some(&true) => Ok(checkpoint),
            Quorum::Of(_) => Err(Error::Verification { rule: Rule::PolicyQuorum }),
        }
    }
}

const WITNESSES: [KeyKind; 2] = [KeyKind::Ed25519Cosignature, KeyKind::MlDsa44Cosignature];

/// A key of one of these kinds, of any that sign text where there are none, and an address that
/// need not be there.
fn party<'p>(
    items: &mut impl Iterator<Item = &'p [u8]>,
    kinds: &[KeyKind],
    crypto: &dyn NoteCrypto,
) -> Result<Party<'p>, Error> {
    let malformed = Error::malformed(Rule::PolicyForm);
    let key = items.next().and_then(|key| core::str::from_utf8(key).ok()).ok_or(malformed)?;
    let key = VerifierKey::parse(key, crypto)?;
    let fits = if kinds.is_empty() { key.kind().signs_text() } else { kinds.contains(&key.kind()) };
    if fits { Ok(Party { key, url: items.next() }) } else { Err(malformed) }
}

fn no_second<'a, 'p: 'a>(
    mut known: impl Iterator<Item = &'a Party<'p>>,
    party: &Party<'_>,
) -> Result<(), Error> {
    match known.any(|known| known.key.is_key_of(&party.key)) {
        false => Ok(()),
        true => Err(Error::malformed(Rule::PolicyForm)),
    }
}

fn new_name<'p>(members: &[Member<'_>], name: Option<&'p [u8]>) -> Result<&'p [u8], Error> {
    let name = name.ok_or(Error::malformed(Rule::PolicyForm))?;
    match name != b"none" && place(members, name).is_err() {
        true => Ok(name),
        false => Err(Error::malformed(Rule::PolicyForm)),
    }
}

fn place(members: &[Member<'_>], name: &[u8]) -> Result<usize, Error> {
    let place = members.iter().position(|member| member.name == name);
    place.ok_or(Error::malformed(Rule::PolicyForm))
}

fn take(members: &mut [Member<'_>], name: &[u8]) -> Result<usize, Error> {
    let malformed = Error::malformed(Rule::PolicyForm);
    let place = place(members, name)?;
    let member = members.get_mut(place).ok_or(malformed)?;
    match core::mem::replace(&mut member.taken, true) {
        false => Ok(place),
        true => Err(malformed),
    }
}

fn number_of(digits: &[u8]) -> Option<usize> {
    let plain = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    core::str::from_utf8(digits).ok().filter(|_| plain)?.parse().ok()
}
