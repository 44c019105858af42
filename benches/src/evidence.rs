//! An attestation token's claims (RFC 9783), as a device sends them: keys out of order.

use cose_ext::{
    Profile,
    cbor::{Error, ErrorKind, Reader, Writer},
};

/// The length of [`claims`], in bytes.
pub const LEN: usize = 566;

/// Encodes all claims of a PSA token with four software components, keys in the order in which
/// devices write them: not ascending.
pub fn claims() -> Vec<u8> {
    let mut buffer = [0; LEN];
    let mut writer = Writer::new(&mut buffer);
    writer.map(10).int(268).bytes(&[0x0b; 32]).int(2396).bytes(&[0x1d; 32]);
    writer.int(2399).array(4);
    for (name, version) in [("BL", "1.2.3"), ("PRoT", "1.3"), ("ARoT", "0.9"), ("App", "4.1")] {
        writer.map(4).int(2).bytes(&[0x2e; 32]).int(4).text(version);
        writer.int(5).bytes(&[0x3f; 32]).int(1).text(name);
    }
    writer.int(2395).int(0x3000).int(10).bytes(&[0x4a; 32]).int(2400).text("verifier.org");
    writer.int(2394).int(-1).int(256).bytes(&[0x01; 33]);
    writer.int(265).text("tag:psacertified.org,2023:psa#tfm");
    writer.int(2398).text("1234567890123-12345");
    writer.finish().expect("room").to_vec()
}

/// Encodes the claims of RFC 9783 A.1, 256 bytes, in its order, which is not that of deterministic
/// encoding.
pub fn psa_claims() -> Vec<u8> {
    let mut buffer = [0; 256];
    let mut writer = Writer::new(&mut buffer);
    let instance = [&[1][..], &[2; 32]].concat();
    writer.map(8).int(256).bytes(&instance).int(2396).bytes(&[0; 32]).int(10).bytes(&[1; 32]);
    writer.int(2394).int(i32::MAX).int(2395).int(0x3000).int(265);
    writer.text("tag:psacertified.org,2023:psa#tfm").int(268).bytes(&[0; 8]).int(2399).array(1);
    writer.map(3).int(5).bytes(&[4; 32]).int(2).bytes(&[3; 32]).int(1).text("PRoT");
    writer.finish().expect("256 bytes").to_vec()
}

/// The claims, each of the type that RFC 9783 gives it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Claims<'a> {
    /// Key 268.
    pub boot_seed: Option<&'a [u8]>,
    /// Key 2396.
    pub implementation_id: Option<&'a [u8]>,
    /// Key 2399.
    pub components: [Component<'a>; 8],
    /// Key 2395.
    pub lifecycle: Option<u64>,
    /// Key 10.
    pub nonce: Option<&'a [u8]>,
    /// Key 2400.
    pub verification_service: Option<&'a str>,
    /// Key 2394.
    pub client_id: Option<i64>,
    /// Key 256.
    pub instance_id: Option<&'a [u8]>,
    /// Key 265.
    pub profile: Option<&'a str>,
    /// Key 2398.
    pub certification_reference: Option<&'a str>,
}

/// One software component.
#[derive(Clone, Copy, Debug, Default)]
pub struct Component<'a> {
    /// Key 1.
    pub name: Option<&'a str>,
    /// Key 2.
    pub measurement: Option<&'a [u8]>,
    /// Key 4.
    pub version: Option<&'a str>,
    /// Key 5.
    pub signer: Option<&'a [u8]>,
}

/// Checks all of `bytes`, then reads every claim in one pass.
///
/// # Errors
/// For claims that are no CBOR map, break its rules or have values of another type.
pub fn read(bytes: &[u8]) -> Result<Claims<'_>, Error> {
    Profile::LENIENT.item(bytes, 0)?.read(|reader| {
        let mut claims = Claims::default();
        for _ in 0..definite(reader.map()?, reader)? {
            match reader.int()?.to_i64() {
                Some(268) => claims.boot_seed = Some(reader.bytes()?),
                Some(2396) => claims.implementation_id = Some(reader.bytes()?),
                Some(2399) => {
                    let len = definite(reader.array()?, reader)?;
                    for index in 0..len {
                        let component = component(reader)?;
                        let place = usize::try_from(index).ok();
                        match place.and_then(|index| claims.components.get_mut(index)) {
                            Some(place) => *place = component,
                            None => return Err(unexpected_length(reader)),
                        }
                    }
                }
                Some(2395) => claims.lifecycle = Some(reader.uint()?),
                Some(10) => claims.nonce = Some(reader.bytes()?),
                Some(2400) => claims.verification_service = Some(reader.text()?),
                Some(2394) => claims.client_id = reader.int()?.to_i64(),
                Some(256) => claims.instance_id = Some(reader.bytes()?),
                Some(265) => claims.profile = Some(reader.text()?),
                Some(2398) => claims.certification_reference = Some(reader.text()?),
                _ => reader.skip()?,
            }
        }
        Ok(claims)
    })
}

fn component<'a>(reader: &mut Reader<'a>) -> Result<Component<'a>, Error> {
    let mut component = Component::default();
    for _ in 0..definite(reader.map()?, reader)? {
        match reader.int()?.to_i64() {
            Some(1) => component.name = Some(reader.text()?),
            Some(2) => component.measurement = Some(reader.bytes()?),
            Some(4) => component.version = Some(reader.text()?),
            Some(5) => component.signer = Some(reader.bytes()?),
            _ => reader.skip()?,
        }
    }
    Ok(component)
}

fn definite(len: Option<u64>, reader: &Reader<'_>) -> Result<u64, Error> {
    len.ok_or_else(|| unexpected_length(reader))
}

fn unexpected_length(reader: &Reader<'_>) -> Error {
    reader.error(ErrorKind::UnexpectedLength, reader.position())
}
