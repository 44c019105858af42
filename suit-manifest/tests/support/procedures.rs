//! Manifests with sequences, signed by a fixed key, and their run on a device in memory.

#![allow(dead_code)] // Each test file uses its part.

use suit_manifest::{
    AuthenticationPolicy, Authority, Envelope, Error, Failure, Limits, Procedure, Processor,
    Readings, RunError, Stored, Target,
    cose_ext::{
        Content, Context, Trust,
        crypto::{Algorithm, Signer},
        key::{TrustStore, TrustedKey},
        rustcrypto::{P256SigningKey, RustCrypto},
        sign1::Sign1Builder,
    },
    run,
};

use crate::device::Device;

/// Two components and four sequences: what the tests of limits need.
pub(crate) const COMPONENTS: usize = 4;
pub(crate) const DEPTH: usize = 4;

fn head(major: u8, argument: usize) -> Vec<u8> {
    let major = major << 5;
    match argument {
        0..24 => vec![major | argument as u8],
        24..256 => vec![major | 24, argument as u8],
        _ => [&[major | 25][..], &(argument as u16).to_be_bytes()].concat(),
    }
}

pub(crate) fn int(value: i64) -> Vec<u8> {
    if value < 0 { head(1, (-1 - value) as usize) } else { head(0, value as usize) }
}

pub(crate) fn bstr(content: &[u8]) -> Vec<u8> {
    [head(2, content.len()), content.to_vec()].concat()
}

pub(crate) fn text(content: &str) -> Vec<u8> {
    [head(3, content.len()), content.as_bytes().to_vec()].concat()
}

pub(crate) fn array(elements: &[Vec<u8>]) -> Vec<u8> {
    [head(4, elements.len()), elements.concat()].concat()
}

pub(crate) fn map(entries: &[(i64, Vec<u8>)]) -> Vec<u8> {
    let entries: Vec<_> = entries.iter().map(|(key, value)| [int(*key), value.clone()]).collect();
    [head(5, entries.len()), entries.concat().concat()].concat()
}

pub(crate) const TRUE: [u8; 1] = [0xf5];
pub(crate) const FALSE: [u8; 1] = [0xf4];
pub(crate) const NIL: [u8; 1] = [0xf6];

/// A command sequence, not wrapped.
pub(crate) fn sequence(commands: &[(i64, Vec<u8>)]) -> Vec<u8> {
    let parts: Vec<_> =
        commands.iter().map(|(code, argument)| [int(*code), argument.clone()]).collect();
    [head(4, commands.len() * 2), parts.concat().concat()].concat()
}

/// The argument of a try-each.
pub(crate) fn alternatives(sequences: &[&[(i64, Vec<u8>)]]) -> Vec<u8> {
    array(&sequences.iter().map(|commands| bstr(&sequence(commands))).collect::<Vec<_>>())
}

/// override-parameters with some parameters.
pub(crate) fn set(parameters: &[(i64, Vec<u8>)]) -> (i64, Vec<u8>) {
    (20, map(parameters))
}

pub(crate) fn sha256(parts: &[&[u8]]) -> Vec<u8> {
    Context::new(&RustCrypto).hash(Algorithm::SHA256, parts).unwrap().as_ref().to_vec()
}

/// A digest, wrapped as the parameter is.
pub(crate) fn digest(content: &[u8]) -> Vec<u8> {
    bstr(&array(&[int(-16), bstr(&sha256(&[content]))]))
}

/// What a manifest is made of.
#[derive(Clone, Default)]
pub(crate) struct Made {
    pub(crate) components: usize,
    pub(crate) number: i64,
    pub(crate) dependencies: Vec<i64>,
    /// The prefix of the dependency of this index, one segment.
    pub(crate) prefixes: Vec<(i64, Vec<u8>)>,
    pub(crate) shared: Option<Vec<u8>>,
    /// Sections in the order of their keys, not wrapped.
    pub(crate) sections: Vec<(i64, Vec<u8>)>,
    pub(crate) integrated: Vec<(&'static str, Vec<u8>)>,
    /// Components with another name than their byte.
    pub(crate) names: Vec<(usize, Vec<Vec<u8>>)>,
    /// The manifest-component-id.
    pub(crate) own_name: Option<Vec<Vec<u8>>>,
    /// The byte of the component identifiers; component `i` is called `prefix + i`.
    pub(crate) first: u8,
    /// How it is read where the texts leave room.
    pub(crate) readings: Readings,
}

impl Made {
    /// A manifest with one section.
    pub(crate) fn new(components: usize, section: i64, commands: &[(i64, Vec<u8>)]) -> Self {
        Self { components, number: 1, ..Self::default() }.with(section, commands)
    }

    pub(crate) fn with(mut self, section: i64, commands: &[(i64, Vec<u8>)]) -> Self {
        self.sections.push((section, sequence(commands)));
        self.sections.sort();
        self
    }

    pub(crate) fn shared(mut self, commands: &[(i64, Vec<u8>)]) -> Self {
        self.shared = Some(sequence(commands));
        self
    }

    pub(crate) fn number(mut self, number: i64) -> Self {
        self.number = number;
        self
    }

    /// The manifest in its byte string.
    pub(crate) fn manifest(&self) -> Vec<u8> {
        let components = (0..self.components).map(|index| {
            let name = self.names.iter().find(|(at, _)| *at == index);
            match name {
                Some((_, segments)) => {
                    array(&segments.iter().map(|segment| bstr(segment)).collect::<Vec<_>>())
                }
                None => array(&[bstr(&[self.first + u8::try_from(index).unwrap()])]),
            }
        });
        let mut common = Vec::new();
        if !self.dependencies.is_empty() {
            let metadata = |index: &i64| {
                let prefixes = self.prefixes.iter().filter(|(at, _)| at == index);
                let prefixes: Vec<_> =
                    prefixes.map(|(_, prefix)| (1, array(&[bstr(prefix)]))).collect();
                (*index, map(&prefixes))
            };
            let listed: Vec<_> = self.dependencies.iter().map(metadata).collect();
            common.push((1, map(&listed)));
        }
        common.push((2, array(&components.collect::<Vec<_>>())));
        common.extend(self.shared.iter().map(|shared| (4, bstr(shared))));
        let mut members = vec![(1, int(1)), (2, int(self.number)), (3, bstr(&map(&common)))];
        members.extend(self.own_name.iter().map(|segments| {
            (5, array(&segments.iter().map(|segment| bstr(segment)).collect::<Vec<_>>()))
        }));
        members.extend(self.sections.iter().map(|(key, section)| (*key, bstr(section))));
        bstr(&map(&members))
    }

    /// The envelope, signed.
    pub(crate) fn envelope(&self) -> Vec<u8> {
        self.signed_by(&key())
    }

    pub(crate) fn signed_by(&self, key: &dyn Signer) -> Vec<u8> {
        let manifest = self.manifest();
        let digest = array(&[int(-16), bstr(&sha256(&[&manifest]))]);
        let block = Sign1Builder::new().sign(Content::Detached(&digest), key).unwrap();
        let wrapper = array(&[bstr(&digest), bstr(&block)]);
        let mut entries = [int(2), bstr(&wrapper), int(3), manifest].concat();
        for (uri, payload) in &self.integrated {
            entries.extend([text(uri), bstr(payload)].concat());
        }
        [head(5, 2 + self.integrated.len()), entries].concat()
    }

    /// The digest of the manifest, wrapped as the parameter of a dependent is.
    pub(crate) fn digest(&self) -> Vec<u8> {
        digest(&self.manifest())
    }

    /// Runs a procedure on a device, whose components are those of the manifest at least.
    pub(crate) fn run(&self, procedure: Procedure, device: &mut Device) -> Result<(), Ended> {
        self.run_within(procedure, device, Limits::DEFAULT, 4096)
    }

    pub(crate) fn run_within(
        &self,
        procedure: Procedure,
        device: &mut Device,
        limits: Limits,
        arena: usize,
    ) -> Result<(), Ended> {
        run_envelope_as(&self.envelope(), procedure, device, limits, self.readings, arena)
    }
}

/// Runs a procedure of an envelope that [`key`] signed.
pub(crate) fn run_envelope(
    bytes: &[u8],
    procedure: Procedure,
    device: &mut Device,
    limits: Limits,
    arena: usize,
) -> Result<(), Ended> {
    run_envelope_as(bytes, procedure, device, limits, Readings::default(), arena)
}

/// Runs it as [`run_envelope`] does, and reads it so where the texts leave room.
pub(crate) fn run_envelope_as(
    bytes: &[u8],
    procedure: Procedure,
    device: &mut Device,
    limits: Limits,
    readings: Readings,
    arena: usize,
) -> Result<(), Ended> {
    run_envelope_in::<COMPONENTS>(bytes, procedure, device, limits, readings, arena)
}

/// Runs a procedure of a manifest, with room for so many components.
pub(crate) fn run_with_room<const ROOM: usize>(
    made: &Made,
    procedure: Procedure,
    device: &mut Device,
) -> Result<(), Ended> {
    let (limits, readings) = (Limits::DEFAULT, made.readings);
    run_envelope_in::<ROOM>(&made.envelope(), procedure, device, limits, readings, 4096)
}

fn run_envelope_in<const ROOM: usize>(
    bytes: &[u8],
    procedure: Procedure,
    device: &mut Device,
    limits: Limits,
    readings: Readings,
    arena: usize,
) -> Result<(), Ended> {
    let context = Context::new(&RustCrypto);
    let key = key();
    let public = key.public_key();
    let trusted = [TrustedKey::new(&public, &context).unwrap()];
    let store = TrustStore::new(&trusted);
    let by = (&Trust::keys(&store), &context);
    run_trusting::<ROOM>(bytes, procedure, device, limits, readings, arena, by)
}

/// Runs a procedure of an envelope that was signed by somebody who is trusted here.
pub(crate) fn run_trusting<const ROOM: usize>(
    bytes: &[u8],
    procedure: Procedure,
    device: &mut Device,
    limits: Limits,
    readings: Readings,
    arena: usize,
    (trust, context): (&Trust<'_>, &Context<'_>),
) -> Result<(), Ended> {
    let policy = AuthenticationPolicy::ANY_BLOCK;
    let envelope = Envelope::decode(bytes, &context.profile).unwrap();
    let manifest = envelope.verify(trust, &policy, context).unwrap();
    let stored = device.number.map(|sequence_number| Stored { sequence_number, manifest: None });
    let target = Target { components: device.components.len(), stored, limits, readings };
    let mut arena = vec![0; arena];
    let mut processor = Processor::<ROOM, DEPTH>::new(
        &envelope, &manifest, procedure, &target, &mut arena, context,
    )
    .map_err(Ended::Refused)?;
    let authority = Authority { trust, policy: &policy };
    run(&mut processor, device, &authority, context).map_err(|error| match error {
        RunError::Refused(error) => Ended::Refused(error),
        RunError::Failed(failure) => Ended::Failed(failure),
        other => panic!("{other:?}"),
    })
}

/// The key that signs everything.
pub(crate) fn key() -> P256SigningKey {
    key_of(7)
}

pub(crate) fn key_of(byte: u8) -> P256SigningKey {
    P256SigningKey::from_bytes(&[byte; 32]).unwrap()
}

/// How a procedure ended that did not succeed.
#[derive(Debug)]
pub(crate) enum Ended {
    Refused(Error),
    Failed(Failure),
}

impl Ended {
    /// The rule that ended it.
    pub(crate) fn rule(&self) -> &'static str {
        match self {
            Self::Refused(error) => error.rule().map_or("none", |rule| rule.id),
            Self::Failed(failure) => failure.rule.to_ref().id,
        }
    }

    pub(crate) fn is_refused(&self) -> bool {
        matches!(self, Self::Refused(_))
    }
}
