//! What claims of a block and its manifest have in common.

use cose_ext::{
    Profile,
    cbor::{Array, Map, Raw, Reader},
};
use suit_manifest::{
    CommandKind, CommandSequence, Commands, Condition, Directive, Manifest, label::parameter,
};

use crate::{ClassUrn, Error, Rule, header::BlockClaims};

/// Sequences inside of each other that are looked into. A class that is checked deeper counts as
/// not checked.
const DEPTH: usize = 4;

/// Checks that the claims are those of the manifest: its sequence number, and a class that its
/// shared sequence checks.
///
/// # Errors
///
/// [`Rule::SequenceAgrees`], [`Rule::SubjectIsClass`]; those of the encoding of the sequence.
#[inline(never)]
pub(crate) fn check(
    claims: &BlockClaims<'_>,
    manifest: &Manifest<'_>,
    profile: &Profile,
) -> Result<(), Error> {
    if claims.sequence != manifest.sequence_number() {
        return Err(Error::broken(Rule::SequenceAgrees));
    }
    let shared = manifest.common().shared_sequence(profile)?;
    if shared.is_some_and(|shared| checks_class(&shared, claims.subject)) {
        Ok(())
    } else {
        Err(Error::broken(Rule::SubjectIsClass))
    }
}

/// Returns whether the sequence compares the class of the device with the class that `subject`
/// names: a condition on the class, and before it, as the last word on the parameter, this class.
///
/// # State, invariant, cost
///
/// Sequences in arguments are gone through where they stand, on a stack of [`DEPTH`] places: linear
/// in the sequence, without recursion. What cannot be read checks nothing; the processor refuses it
/// later.
fn checks_class(shared: &Raw<'_>, subject: &str) -> bool {
    let Some(root) = CommandSequence::new(shared).ok() else { return false };
    let mut stack: [Option<Sequences<'_>>; DEPTH] = [const { None }; DEPTH];
    if let Some(bottom) = stack.first_mut() {
        *bottom = Some(Sequences { commands: root.iter(), alternatives: None });
    }
    let mut top: usize = 0;
    let mut is_this_class = false;
    loop {
        let Some(Some(sequences)) = stack.get_mut(top) else { return false };
        let Some(command) = sequences.next() else {
            let Some(below) = top.checked_sub(1) else { return false };
            top = below;
            continue;
        };
        let Ok(command) = command else { return false };
        let argument = command.argument();
        match command.kind() {
            Some(CommandKind::Condition(Condition::ClassIdentifier)) if is_this_class => {
                return true;
            }
            Some(CommandKind::Directive(
                Directive::OverrideParameters | Directive::SetParameters,
            )) => {
                if let Some(class) = class_of(&argument) {
                    is_this_class = class.as_str() == subject;
                }
            }
            Some(CommandKind::Directive(directive)) => {
                let Some(inner) = Sequences::of(directive, argument) else { continue };
                let Some(next) = top.checked_add(1).filter(|next| *next < DEPTH) else {
                    return false;
                };
                if let Some(place) = stack.get_mut(next) {
                    *place = Some(inner);
                    top = next;
                }
            }
            _ => {}
        }
    }
}

/// The class identifier among the parameters that a command sets.
fn class_of(argument: &Raw<'_>) -> Option<ClassUrn> {
    let class = Map::new(argument).ok()?.find(parameter::CLASS_IDENTIFIER)?;
    let class = class.read(Reader::bytes).ok()?.try_into().ok()?;
    Some(ClassUrn::new(class))
}

/// The sequences in the argument of one command, one after the other.
#[derive(Clone)]
struct Sequences<'m> {
    commands: Commands<'m>,
    /// Those of a try-each that are left.
    alternatives: Option<cose_ext::cbor::Elements<'m>>,
}

impl<'m> Sequences<'m> {
    fn of(directive: Directive, argument: Raw<'m>) -> Option<Self> {
        match directive {
            Directive::RunSequence => {
                Some(Self { commands: commands_in(&argument)?, alternatives: None })
            }
            Directive::TryEach => {
                let mut alternatives = Array::new(&argument).ok()?.iter();
                let commands = commands_in(&alternatives.next()?)?;
                Some(Self { commands, alternatives: Some(alternatives) })
            }
            _ => None,
        }
    }

    fn next(&mut self) -> Option<Result<suit_manifest::Command<'m>, suit_manifest::Error>> {
        loop {
            if let Some(command) = self.commands.next() {
                return Some(command);
            }
            let next = self.alternatives.as_mut()?.next()?;
            self.commands = commands_in(&next)?;
        }
    }
}

/// The commands of a sequence that a byte string wraps.
fn commands_in<'m>(argument: &Raw<'m>) -> Option<Commands<'m>> {
    let profile = cose_ext::Profile::DETERMINISTIC;
    Some(CommandSequence::new(&profile.embedded(argument).ok()?).ok()?.iter())
}
