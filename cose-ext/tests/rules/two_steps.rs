//! Signing by a key that lives elsewhere: prepare, ask, attach.

use std::sync::mpsc;
use std::thread;

use cose_ext::Content;
use cose_ext::crypto::{Algorithm, BufferTooShort, SignError, Signer};
use cose_ext::error::Error;
use cose_ext::sign1::Sign1Builder;
use cose_ext::{Input, Rule};

use crate::expect::breaks;
use crate::messages::{issuer, sig_structure, stranger, verify, verify_with};

/// A signer behind a channel, as an HSM or a service is behind a wire.
fn remote() -> (mpsc::Sender<Vec<u8>>, mpsc::Receiver<Vec<u8>>, thread::JoinHandle<()>) {
    let (ask, asked) = mpsc::channel::<Vec<u8>>();
    let (answer, answered) = mpsc::channel();
    let signer = thread::spawn(move || {
        let key = issuer();
        for to_be_signed in asked {
            let mut signature = vec![0; key.signature_len()];
            let len = key.sign(&[&to_be_signed], &mut signature).unwrap();
            signature.truncate(len);
            answer.send(signature).unwrap();
        }
    });
    (ask, answered, signer)
}

#[test]
fn c20_a_remote_signer_makes_the_same_message() {
    let (ask, answered, signer) = remote();
    for (content, input) in [
        (Content::Embedded(&b"payload"[..]), Input::embedded()),
        (Content::Detached(b"payload"), Input::detached(b"payload")),
    ] {
        let builder = Sign1Builder::new().key_id(b"1");
        let prepared =
            builder.clone().external_aad(b"aad").prepare(Algorithm::ES256, content).unwrap();
        assert_eq!(prepared.algorithm(), Algorithm::ES256);
        let to_be_signed = prepared.structure().parts().concat();
        assert_eq!(
            to_be_signed,
            sig_structure(&[0xa2, 1, 0x26, 4, 0x41, b'1'], b"aad", b"payload")
        );
        ask.send(to_be_signed).unwrap();
        let message = prepared.attach(&answered.recv().unwrap());
        assert!(verify_with(&message, &input.with_external_aad(b"aad")).is_ok());
        // The signers here are deterministic, so one step makes the very same message.
        assert_eq!(message, builder.external_aad(b"aad").sign(content, &issuer()).unwrap());
    }
    drop(ask);
    signer.join().unwrap();
}

#[test]
fn c20_what_was_prepared_can_wait_in_another_thread() {
    let prepared = Sign1Builder::new().prepare(Algorithm::ES256, Content::Embedded(b"x")).unwrap();
    let message = thread::spawn(move || {
        let mut signature = [0; 64];
        issuer().sign(&prepared.structure().parts(), &mut signature).unwrap();
        prepared.attach(&signature)
    });
    assert!(verify(&message.join().unwrap()).is_ok());
}

#[test]
fn c20_attach_believes_nobody() {
    let prepared = Sign1Builder::new().prepare(Algorithm::ES256, Content::Embedded(b"x")).unwrap();
    let mut foreign = [0; 64];
    stranger().sign(&prepared.structure().parts(), &mut foreign).unwrap();
    breaks(Rule::Signature, verify(&prepared.clone().attach(&foreign)));
    breaks(Rule::Signature, verify(&prepared.attach(b"")));
}

/// A signer that is out of order, or wants more room than it announced.
struct Broken(Result<usize, SignError>);

impl Signer for Broken {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ES256
    }

    fn signature_len(&self) -> usize {
        8
    }

    fn sign(&self, _: &[&[u8]], signature: &mut [u8]) -> Result<usize, SignError> {
        assert_eq!(signature.len(), 8);
        self.0
    }
}

#[test]
fn a_signer_that_refuses_is_passed_on() {
    let sign = |signer: &dyn Signer| Sign1Builder::new().sign(Content::Embedded(b"x"), signer);
    for error in [SignError::Device, SignError::BufferTooShort(BufferTooShort { needed: 64 })] {
        assert_eq!(sign(&Broken(Err(error))), Err(Error::from(error)));
    }
    // A shorter signature than announced is taken as it is, a longer one is cut to the room that was given.
    assert!(sign(&Broken(Ok(4))).unwrap().ends_with(&[0x44, 0, 0, 0, 0]));
    assert!(
        sign(&Broken(Ok(9)))
            .is_ok_and(|message| message.ends_with(&[0x48, 0, 0, 0, 0, 0, 0, 0, 0]))
    );
    assert_eq!(
        issuer().sign(&[b"x"], &mut [0; 63]),
        Err(SignError::BufferTooShort(BufferTooShort { needed: 64 }))
    );
}

#[test]
fn c20_what_was_prepared_may_be_signed_by_a_key_at_hand() {
    let prepared =
        || Sign1Builder::new().prepare(Algorithm::ES256, Content::Embedded(b"payload")).unwrap();
    let signed = prepared().sign(&issuer()).unwrap();
    let at_once = Sign1Builder::new().sign(Content::Embedded(b"payload"), &issuer()).unwrap();
    assert_eq!(signed, at_once);
    let other = cose_ext::error::Misuse::OtherAlgorithm {
        header: Algorithm::ES256,
        signer: Algorithm::EDDSA,
    };
    let refused = prepared().sign(&crate::messages::edwards()).map_err(|error| error.kind());
    assert_eq!(refused, Err(other.into()));
}
