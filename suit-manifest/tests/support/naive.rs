//! A naive interpreter: recursion over sequences in memory, as draft-ietf-suit-manifest-37 6.4 and 6.5
//! describe them. No encoding, no dependencies, strict order.

use std::collections::BTreeMap;

use rand_core::Rng;

use crate::procedures::{FALSE, NIL, TRUE, array, bstr, digest, int, map, sequence, text};

pub(crate) type Commands = Vec<Command>;

#[derive(Clone, Debug)]
pub(crate) enum Command {
    Index(Index),
    Set {
        replace: bool,
        parameters: BTreeMap<i64, u8>,
    },
    TryEach {
        alternatives: Vec<Commands>,
        nil: bool,
    },
    Run(Commands),
    /// Image match, slot, content, abort; write, fetch, copy, invoke, swap.
    Other(i64),
}

#[derive(Clone, Debug)]
pub(crate) enum Index {
    One(usize),
    All,
    List(Vec<usize>),
}

const SOFT_FAILURE: i64 = 13;

/// Why a sequence ended before its end.
pub(crate) enum Stop {
    Softly,
    Hard,
}

/// A device whose components hold one byte each.
pub(crate) struct Model {
    pub(crate) contents: Vec<Option<u8>>,
    parameters: Vec<BTreeMap<i64, u8>>,
    pub(crate) log: Vec<String>,
}

impl Model {
    pub(crate) fn new(contents: Vec<Option<u8>>) -> Self {
        let parameters = vec![BTreeMap::new(); contents.len()];
        Self { contents, parameters, log: Vec::new() }
    }

    /// Runs a sequence; `soft` is the soft failure it starts with, `None` where it must not be set.
    pub(crate) fn run(
        &mut self,
        commands: &[Command],
        mut index: Index,
        mut soft: Option<bool>,
    ) -> Result<(), Stop> {
        for command in commands {
            if let Command::Index(new) = command {
                index = new.clone();
                continue;
            }
            let targets = match &index {
                Index::One(one) => vec![*one],
                Index::All => (0..self.contents.len()).collect(),
                Index::List(list) => list.clone(),
            };
            for target in targets {
                self.command(command, target, &mut soft)?;
            }
        }
        Ok(())
    }

    fn command(
        &mut self,
        command: &Command,
        target: usize,
        soft: &mut Option<bool>,
    ) -> Result<(), Stop> {
        match command {
            Command::Index(_) => Ok(()),
            Command::Set { replace, parameters } => {
                for (key, value) in parameters {
                    if *key == SOFT_FAILURE {
                        *soft.as_mut().ok_or(Stop::Hard)? = *value == 1;
                    } else if *replace {
                        self.parameters[target].insert(*key, *value);
                    } else {
                        self.parameters[target].entry(*key).or_insert(*value);
                    }
                }
                Ok(())
            }
            Command::TryEach { alternatives, nil } => {
                for alternative in alternatives {
                    match self.run(alternative, Index::One(target), Some(true)) {
                        Err(Stop::Softly) => {}
                        other => return other,
                    }
                }
                if *nil { Ok(()) } else { Err(Stop::Hard) }
            }
            Command::Run(body) => match self.run(body, Index::One(target), Some(false)) {
                Err(Stop::Softly) => Ok(()),
                other => other,
            },
            Command::Other(code) if matches!(code, 3 | 5 | 6 | 14) => {
                if self.condition(*code, target) {
                    Ok(())
                } else if *soft == Some(true) {
                    Err(Stop::Softly)
                } else {
                    Err(Stop::Hard)
                }
            }
            Command::Other(code) => self.directive(*code, target).ok_or(Stop::Hard),
        }
    }

    fn note(&mut self, what: &str, component: usize) {
        self.log.push(format!("{what} {component:02x}"));
    }

    fn condition(&mut self, code: i64, target: usize) -> bool {
        let of = |key| self.parameters[target].get(&key).copied();
        let content = self.contents[target];
        let (name, holds) = match code {
            3 => match of(3) {
                None => return false,
                Some(digest) => ("check-image", content == Some(digest)),
            },
            5 => match of(5) {
                None => return false,
                Some(slot) => ("check-slot", usize::from(slot) == target),
            },
            6 => match of(18) {
                None => return false,
                Some(expected) => ("check-content", content == Some(expected)),
            },
            _ => return false,
        };
        self.note(name, target);
        holds
    }

    fn directive(&mut self, code: i64, target: usize) -> Option<()> {
        let of = |key| self.parameters[target].get(&key).copied();
        match code {
            18 => {
                let content = of(18)?;
                self.note("write", target);
                self.contents[target] = Some(content);
            }
            21 => {
                let payload = of(21)?;
                self.note("fetch", target);
                // The network has payloads 0 and 1.
                self.contents[target] = Some(Some(payload).filter(|payload| *payload < 2)?);
            }
            22 | 31 => {
                let source = usize::from(of(22)?);
                let content = self.contents[source]?;
                self.note(if code == 22 { "copy" } else { "swap" }, source);
                if code == 31 {
                    self.contents[source] = self.contents[target];
                }
                self.contents[target] = Some(content);
            }
            _ => self.note("invoke", target),
        }
        Some(())
    }
}

impl Command {
    pub(crate) fn encode(&self) -> (i64, Vec<u8>) {
        match self {
            Self::Index(Index::One(one)) => (12, number(*one)),
            Self::Index(Index::All) => (12, TRUE.to_vec()),
            Self::Index(Index::List(list)) => {
                (12, array(&list.iter().map(|one| number(*one)).collect::<Vec<_>>()))
            }
            Self::Set { replace, parameters } => {
                let values = parameters.iter().map(|(key, value)| (*key, encode(*key, *value)));
                (if *replace { 20 } else { 19 }, map(&values.collect::<Vec<_>>()))
            }
            Self::TryEach { alternatives, nil } => {
                let mut all: Vec<_> =
                    alternatives.iter().map(|commands| bstr(&encoded(commands))).collect();
                all.extend(nil.then(|| NIL.to_vec()));
                (15, array(&all))
            }
            Self::Run(body) => (32, bstr(&encoded(body))),
            Self::Other(code) => (*code, int(0)),
        }
    }
}

fn number(value: usize) -> Vec<u8> {
    int(i64::try_from(value).unwrap())
}

pub(crate) fn encoded(commands: &[Command]) -> Vec<u8> {
    sequence(&commands.iter().map(Command::encode).collect::<Vec<_>>())
}

fn encode(key: i64, value: u8) -> Vec<u8> {
    match key {
        3 => digest(&[value]),
        SOFT_FAILURE => if value == 1 { TRUE } else { FALSE }.to_vec(),
        18 => bstr(&[value]),
        21 => text(&uri(value)),
        _ => int(value.into()),
    }
}

pub(crate) fn uri(payload: u8) -> String {
    format!("http://example.com/{payload}")
}

/// Random commands about `components` components, with sequences `depth` deep in each other.
pub(crate) fn random(rng: &mut dyn Rng, components: usize, depth: usize) -> Commands {
    let len = below(rng, 5);
    (0..len).map(|_| random_command(rng, components, depth)).collect()
}

fn below(rng: &mut dyn Rng, limit: usize) -> usize {
    usize::try_from(rng.next_u32()).unwrap() % limit
}

pub(crate) fn random_index(rng: &mut dyn Rng, components: usize) -> Command {
    Command::Index(match below(rng, 4) {
        0 => Index::All,
        1 => Index::List((0..=below(rng, 3)).map(|_| below(rng, components)).collect()),
        _ => Index::One(below(rng, components)),
    })
}

fn random_command(rng: &mut dyn Rng, components: usize, depth: usize) -> Command {
    match below(rng, 12) {
        0 => random_index(rng, components),
        1..=4 => {
            let mut parameters = BTreeMap::new();
            for _ in 0..=below(rng, 4) {
                let key = [3, 5, SOFT_FAILURE, 18, 18, 21, 22][below(rng, 7)];
                let limit = match key {
                    22 => components,
                    SOFT_FAILURE => 2,
                    _ => 3,
                };
                parameters.insert(key, u8::try_from(below(rng, limit)).unwrap());
            }
            Command::Set { replace: below(rng, 3) > 0, parameters }
        }
        5 | 6 if depth > 0 => {
            let alternatives =
                (0..2 + below(rng, 2)).map(|_| random(rng, components, depth - 1)).collect();
            Command::TryEach { alternatives, nil: below(rng, 3) == 0 }
        }
        7 if depth > 0 => Command::Run(random(rng, components, depth - 1)),
        _ => Command::Other([3, 5, 6, 14, 18, 18, 21, 22, 23, 31][below(rng, 10)]),
    }
}
