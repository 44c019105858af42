//! Records that a secret of the device seals.

use cose_ext::{
    Context, Input, Verified,
    cbor::{Array, Raw, Reader, Writer},
    crypto::{Algorithm, Secret},
    key::{HeldSecret, Identity, SecretStore},
    mac0::{Draft, Mac0},
};

use crate::{
    Error, Rule,
    error::{Breaks, Fact},
};

/// By what records are sealed.
const ALGORITHM: Algorithm = Algorithm::HMAC_256;

/// How long the tag of a seal is.
pub(super) const TAG: usize = 32;

/// Writes a sealed message whose content is an array of `items` and its purpose, which keeps
/// messages of different purposes apart.
pub(super) fn seal<'o>(
    out: &'o mut [u8],
    purpose: &str,
    items: usize,
    secret: &dyn Secret,
    write: impl FnOnce(&mut Writer<'_>),
) -> Result<&'o [u8], cose_ext::Error> {
    let draft = Draft::write(out, ALGORITHM, 0, |_| {}).room_for(TAG);
    let draft = draft.payload(|writer| {
        writer.array(items.saturating_add(1)).text(purpose);
        write(writer);
    })?;
    draft.authenticate(secret)
}

/// Opens a sealed message. Nothing of its content is read before the seal is checked.
pub(super) fn open<'a>(
    message: &'a [u8],
    secret: &dyn Secret,
    context: &Context<'_>,
) -> Result<Verified<Array<'a>>, Error> {
    let held = [HeldSecret::device(secret, Identity::new([0; 32]))];
    let secrets = SecretStore::new(&held);
    let message = Mac0::decode(message, &context.profile)?;
    let signed = message.verify(&Input::embedded(), &secrets, context)?;
    let item = signed.try_map_within(&context.profile, |signed, profile| {
        signed.payload_item(profile).map_err(Error::from)
    })?;
    item.try_map(|item: Raw<'_>| Array::new(&item).breaks(Rule::StoreSealed))
}

/// The items of a content that has this purpose.
pub(super) fn items<'a, const ITEMS: usize>(
    content: &Array<'a>,
    purpose: &str,
) -> Result<[Raw<'a>; ITEMS], Error> {
    let broken = Error::malformed(Rule::StoreSealed, Fact::Count(content.len()), content.offset());
    let mut elements = content.iter();
    let first = elements.next().ok_or(broken)?;
    if first.read(Reader::text).breaks(Rule::StoreSealed)? != purpose {
        return Err(broken);
    }
    let mut items = [first; ITEMS];
    for item in &mut items {
        *item = elements.next().ok_or(broken)?;
    }
    if elements.next().is_some() { Err(broken) } else { Ok(items) }
}
