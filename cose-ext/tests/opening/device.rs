//! A key in a device that unwraps others: who uses what it unwraps is told by the device.

use cose_ext::crypto::{
    Algorithm, InvalidKey, KeyOperations, KeyProfile, KeyWrap, Secret, SecretKey, SecretProvider,
};
use cose_ext::encrypt::EncryptBuilder;
use cose_ext::error::Error;
use cose_ext::key::HeldSecret;
use cose_ext::recipient::RecipientBuilder;
use cose_ext::recipient::Sealer;
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::{Encrypt, Input, Profile};
use testkit::rng::seeded;

use crate::keys::{KEY_16, OWN, context, symmetric};

/// Unwraps keys, and does nothing else.
struct Device {
    key: SecretKey<'static>,
    provider: Option<&'static dyn SecretProvider>,
}

impl Secret for Device {
    fn profile(&self) -> KeyProfile {
        self.key.profile()
    }

    fn operations(&self) -> KeyOperations {
        self.key.operations()
    }

    fn provider(&self) -> Option<&dyn SecretProvider> {
        self.provider.map(|provider| provider as &dyn SecretProvider)
    }

    fn with_key_wrap(&self, then: &mut dyn FnMut(&dyn KeyWrap)) -> Result<(), InvalidKey> {
        self.key.with_key_wrap(then)
    }
}

fn open(provider: Option<&'static dyn SecretProvider>) -> Result<Vec<u8>, Error> {
    let key = symmetric(&KEY_16);
    let recipient = RecipientBuilder::key_wrap(Algorithm::A128KW, &key);
    let bytes = EncryptBuilder::new()
        .iv(&[5; 12])
        .encrypt(
            Algorithm::A128GCM,
            b"plaintext",
            &[recipient],
            &mut Sealer::new(&RustCrypto, &mut seeded(7)),
        )
        .unwrap();
    let device = Device { key, provider };
    let held = HeldSecret::device(&device, OWN);
    let message = Encrypt::decode(&bytes, &Profile::LENIENT)?;
    let mut buffer = [0; 64];
    let opened = message.decrypt(Input::embedded(), &held, &context(), &mut buffer)?;
    Ok(opened.danger_unattributed().payload().to_vec())
}

#[test]
fn a_device_says_who_uses_the_keys_that_it_unwraps() {
    assert_eq!(open(Some(&RustCrypto)).as_deref(), Ok(&b"plaintext"[..]));
    let refusal = open(None).unwrap_err();
    assert!(format!("{refusal:?}").contains("Unsupported"), "{refusal:?}");
}
