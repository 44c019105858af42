//! The six messages as they are read here and as coset reads them, in a form that can be compared.

use cose_ext::coset::IntoCosetError;
use cose_ext::header::Headers;
use cose_ext::{Encrypt, Encrypt0, Error, Input, Mac, Mac0, Profile, Recipient, Sign, Sign1};
use coset::{
    CborSerializable, CoseError, CoseRecipient, EncryptionContext, Header, MacContext,
    ProtectedHeader, TaggedCborSerializable, enc_structure_data, mac_structure_data,
};

/// The kinds of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sign1,
    Sign,
    Mac0,
    Mac,
    Encrypt0,
    Encrypt,
}

/// A message of coset.
#[derive(Clone, Debug, PartialEq)]
pub enum Theirs {
    Sign1(coset::CoseSign1),
    Sign(coset::CoseSign),
    Mac0(coset::CoseMac0),
    Mac(coset::CoseMac),
    Encrypt0(coset::CoseEncrypt0),
    Encrypt(coset::CoseEncrypt),
}

/// What both sides say of a message.
#[derive(Debug, PartialEq, Eq)]
pub struct Reading {
    pub is_tagged: bool,
    /// Payload or ciphertext.
    pub content: Option<Vec<u8>>,
    /// The body, then signatures or recipients, outer ones first.
    pub layers: Vec<Layer>,
}

/// What both sides say of one layer.
#[derive(Debug, PartialEq, Eq)]
pub struct Layer {
    /// Protected and unprotected.
    pub key_ids: [Vec<u8>; 2],
    pub are_empty: [bool; 2],
    /// Signature, tag or encrypted key.
    pub tail: Option<Vec<u8>>,
}

/// A Sig_structure, MAC_structure or Enc_structure.
#[derive(Debug, PartialEq, Eq)]
pub struct Structure {
    pub bytes: Vec<u8>,
    /// A protected bucket in it came as an empty map in a byte string: RFC 9052 4.4 makes it `h''`, coset hashes it as
    /// it came.
    pub has_wrapped_empty_map: bool,
}

/// A message that is read here.
pub struct Ours {
    pub reading: Reading,
    pub structures: Vec<Structure>,
    pub converted: Result<Theirs, IntoCosetError>,
}

/// Externally supplied data that structures are compared with.
const EXTERNAL: [&[u8]; 2] = [b"", b"external"];
/// The payload of messages that have none.
const DETACHED: &[u8] = b"payload";

impl Kind {
    pub const ALL: [Self; 6] =
        [Self::Sign1, Self::Sign, Self::Mac0, Self::Mac, Self::Encrypt0, Self::Encrypt];

    /// Reads it here.
    pub fn ours(self, bytes: &[u8]) -> Result<Ours, Error> {
        let profile = &Profile::LENIENT;
        match self {
            Self::Sign1 => Sign1::decode(bytes, profile).map(|message| sign1(&message)),
            Self::Sign => Sign::decode(bytes, profile).map(|message| sign(&message)),
            Self::Mac0 => Mac0::decode(bytes, profile).map(|message| mac0(&message)),
            Self::Mac => Mac::decode(bytes, profile).map(|message| mac(&message)),
            Self::Encrypt0 => Encrypt0::decode(bytes, profile).map(|message| encrypt0(&message)),
            Self::Encrypt => Encrypt::decode(bytes, profile).map(|message| encrypt(&message)),
        }
    }

    /// Has coset read it, with a tag or without.
    pub fn theirs(self, bytes: &[u8]) -> Result<(Theirs, bool), CoseError> {
        fn read<T: TaggedCborSerializable + CborSerializable>(
            bytes: &[u8],
            wrap: fn(T) -> Theirs,
        ) -> Result<(Theirs, bool), CoseError> {
            if bytes.first().is_some_and(|head| head >> 5 == 6) {
                T::from_tagged_slice(bytes).map(|message| (wrap(message), true))
            } else {
                T::from_slice(bytes).map(|message| (wrap(message), false))
            }
        }
        match self {
            Self::Sign1 => read(bytes, Theirs::Sign1),
            Self::Sign => read(bytes, Theirs::Sign),
            Self::Mac0 => read(bytes, Theirs::Mac0),
            Self::Mac => read(bytes, Theirs::Mac),
            Self::Encrypt0 => read(bytes, Theirs::Encrypt0),
            Self::Encrypt => read(bytes, Theirs::Encrypt),
        }
    }
}

fn input(content: Option<&[u8]>, external: &'static [u8]) -> Input<'static, 'static> {
    let input = if content.is_some() { Input::embedded() } else { Input::detached(DETACHED) };
    input.with_external_aad(external)
}

fn wraps_empty_map(headers: &Headers<'_>) -> bool {
    headers.protected().is_empty() && !headers.protected().as_received().is_empty()
}

fn layer(headers: &Headers<'_>, tail: Option<&[u8]>) -> Layer {
    let key_id = |bucket: &cose_ext::header::Bucket<'_>| {
        bucket.key_id().ok().flatten().unwrap_or_default().to_vec()
    };
    let (protected, unprotected) = (headers.protected(), headers.unprotected());
    Layer {
        key_ids: [key_id(protected), key_id(unprotected)],
        are_empty: [protected.is_empty(), unprotected.is_empty()],
        tail: tail.map(<[u8]>::to_vec),
    }
}

fn recipient_layers(recipient: &Recipient<'_>, layers: &mut Vec<Layer>) {
    layers.push(layer(recipient.headers(), recipient.ciphertext()));
    for inner in recipient.recipients().into_iter().flat_map(|inner| inner.iter()) {
        recipient_layers(&inner, layers);
    }
}

fn sign1(message: &Sign1<'_>) -> Ours {
    let content = message.danger_unverified_payload();
    let structures = EXTERNAL.map(|external| Structure {
        bytes: message
            .to_be_signed(&input(content, external), &Profile::LENIENT)
            .unwrap()
            .parts()
            .concat(),
        has_wrapped_empty_map: wraps_empty_map(message.headers()),
    });
    Ours {
        reading: Reading {
            is_tagged: message.is_tagged(),
            content: content.map(<[u8]>::to_vec),
            layers: vec![layer(message.headers(), Some(message.signature()))],
        },
        structures: structures.into(),
        converted: message.try_into().map(Theirs::Sign1),
    }
}

fn sign(message: &Sign<'_>) -> Ours {
    let content = message.danger_unverified_payload();
    let mut layers = vec![layer(message.headers(), None)];
    let mut structures = Vec::new();
    for signature in message.signatures().iter() {
        layers.push(layer(signature.headers(), Some(signature.signature())));
        structures.extend(EXTERNAL.map(|external| {
            let structure = message
                .to_be_signed(&signature, &input(content, external), &Profile::LENIENT)
                .unwrap();
            Structure {
                bytes: structure.parts().concat(),
                has_wrapped_empty_map: wraps_empty_map(message.headers())
                    || wraps_empty_map(signature.headers()),
            }
        }));
    }
    Ours {
        reading: Reading {
            is_tagged: message.is_tagged(),
            content: content.map(<[u8]>::to_vec),
            layers,
        },
        structures,
        converted: message.try_into().map(Theirs::Sign),
    }
}

fn mac0(message: &Mac0<'_>) -> Ours {
    let content = message.danger_unverified_payload();
    let structures = EXTERNAL.map(|external| Structure {
        bytes: message
            .to_be_maced(&input(content, external), &Profile::LENIENT)
            .unwrap()
            .parts()
            .concat(),
        has_wrapped_empty_map: wraps_empty_map(message.headers()),
    });
    Ours {
        reading: Reading {
            is_tagged: message.is_tagged(),
            content: content.map(<[u8]>::to_vec),
            layers: vec![layer(message.headers(), Some(message.tag()))],
        },
        structures: structures.into(),
        converted: message.try_into().map(Theirs::Mac0),
    }
}

fn mac(message: &Mac<'_>) -> Ours {
    let content = message.danger_unverified_payload();
    let mut layers = vec![layer(message.headers(), Some(message.tag()))];
    message.recipients().iter().for_each(|recipient| recipient_layers(&recipient, &mut layers));
    let structures = EXTERNAL.map(|external| Structure {
        bytes: message
            .to_be_maced(&input(content, external), &Profile::LENIENT)
            .unwrap()
            .parts()
            .concat(),
        has_wrapped_empty_map: wraps_empty_map(message.headers()),
    });
    Ours {
        reading: Reading {
            is_tagged: message.is_tagged(),
            content: content.map(<[u8]>::to_vec),
            layers,
        },
        structures: structures.into(),
        converted: message.try_into().map(Theirs::Mac),
    }
}

fn encrypt0(message: &Encrypt0<'_>) -> Ours {
    let structures = EXTERNAL.map(|external| Structure {
        bytes: message
            .enc_structure(input(None, external).supplied(), &Profile::LENIENT)
            .parts()
            .concat(),
        has_wrapped_empty_map: wraps_empty_map(message.headers()),
    });
    Ours {
        reading: Reading {
            is_tagged: message.is_tagged(),
            content: message.ciphertext().map(<[u8]>::to_vec),
            layers: vec![layer(message.headers(), None)],
        },
        structures: structures.into(),
        converted: message.try_into().map(Theirs::Encrypt0),
    }
}

fn encrypt(message: &Encrypt<'_>) -> Ours {
    let mut layers = vec![layer(message.headers(), None)];
    message.recipients().iter().for_each(|recipient| recipient_layers(&recipient, &mut layers));
    let structures = EXTERNAL.map(|external| Structure {
        bytes: message
            .enc_structure(input(None, external).supplied(), &Profile::LENIENT)
            .parts()
            .concat(),
        has_wrapped_empty_map: wraps_empty_map(message.headers()),
    });
    Ours {
        reading: Reading {
            is_tagged: message.is_tagged(),
            content: message.ciphertext().map(<[u8]>::to_vec),
            layers,
        },
        structures: structures.into(),
        converted: message.try_into().map(Theirs::Encrypt),
    }
}

fn their_layer(protected: &ProtectedHeader, unprotected: &Header, tail: Option<&Vec<u8>>) -> Layer {
    Layer {
        key_ids: [protected.header.key_id.clone(), unprotected.key_id.clone()],
        are_empty: [protected.is_empty(), unprotected.is_empty()],
        tail: tail.cloned(),
    }
}

fn their_recipients(recipients: &[CoseRecipient], layers: &mut Vec<Layer>) {
    for recipient in recipients {
        let CoseRecipient { protected, unprotected, ciphertext, recipients } = recipient;
        layers.push(their_layer(protected, unprotected, ciphertext.as_ref()));
        their_recipients(recipients, layers);
    }
}

impl Theirs {
    /// What coset says of the message.
    pub fn reading(&self, is_tagged: bool) -> Reading {
        let (content, layers) = match self {
            Self::Sign1(m) => {
                (&m.payload, vec![their_layer(&m.protected, &m.unprotected, Some(&m.signature))])
            }
            Self::Sign(m) => {
                let mut layers = vec![their_layer(&m.protected, &m.unprotected, None)];
                layers.extend(
                    m.signatures
                        .iter()
                        .map(|s| their_layer(&s.protected, &s.unprotected, Some(&s.signature))),
                );
                (&m.payload, layers)
            }
            Self::Mac0(m) => {
                (&m.payload, vec![their_layer(&m.protected, &m.unprotected, Some(&m.tag))])
            }
            Self::Mac(m) => {
                let mut layers = vec![their_layer(&m.protected, &m.unprotected, Some(&m.tag))];
                their_recipients(&m.recipients, &mut layers);
                (&m.payload, layers)
            }
            Self::Encrypt0(m) => {
                (&m.ciphertext, vec![their_layer(&m.protected, &m.unprotected, None)])
            }
            Self::Encrypt(m) => {
                let mut layers = vec![their_layer(&m.protected, &m.unprotected, None)];
                their_recipients(&m.recipients, &mut layers);
                (&m.ciphertext, layers)
            }
        };
        Reading { is_tagged, content: content.clone(), layers }
    }

    /// The structures that coset signs or authenticates, in the order of [`Ours::structures`].
    pub fn structures(&self) -> Vec<Vec<u8>> {
        let payload = |payload: &Option<Vec<u8>>| payload.as_deref().unwrap_or(DETACHED).to_vec();
        let mac = |context, protected: &ProtectedHeader, content: &Option<Vec<u8>>| {
            EXTERNAL
                .map(|external| {
                    mac_structure_data(context, protected.clone(), external, &payload(content))
                })
                .to_vec()
        };
        let enc = |context, protected: &ProtectedHeader| {
            EXTERNAL
                .map(|external| enc_structure_data(context, protected.clone(), external))
                .to_vec()
        };
        match self {
            Self::Sign1(m) => EXTERNAL
                .map(|external| match &m.payload {
                    Some(_) => m.tbs_data(external),
                    None => m.tbs_detached_data(DETACHED, external),
                })
                .to_vec(),
            Self::Sign(m) => m
                .signatures
                .iter()
                .flat_map(|signature| {
                    EXTERNAL.map(|external| match &m.payload {
                        Some(_) => m.tbs_data(external, signature),
                        None => m.tbs_detached_data(DETACHED, external, signature),
                    })
                })
                .collect(),
            Self::Mac0(m) => mac(MacContext::CoseMac0, &m.protected, &m.payload),
            Self::Mac(m) => mac(MacContext::CoseMac, &m.protected, &m.payload),
            Self::Encrypt0(m) => enc(EncryptionContext::CoseEncrypt0, &m.protected),
            Self::Encrypt(m) => enc(EncryptionContext::CoseEncrypt, &m.protected),
        }
    }

    /// The message as coset writes it.
    pub fn to_bytes(&self, is_tagged: bool) -> Vec<u8> {
        fn write<T: TaggedCborSerializable + CborSerializable>(
            value: T,
            is_tagged: bool,
        ) -> Vec<u8> {
            if is_tagged { value.to_tagged_vec() } else { value.to_vec() }.unwrap()
        }
        match self.clone() {
            Self::Sign1(message) => write(message, is_tagged),
            Self::Sign(message) => write(message, is_tagged),
            Self::Mac0(message) => write(message, is_tagged),
            Self::Mac(message) => write(message, is_tagged),
            Self::Encrypt0(message) => write(message, is_tagged),
            Self::Encrypt(message) => write(message, is_tagged),
        }
    }
}
