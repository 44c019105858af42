//! Cases of hash functions (RFC 9054).

use super::{
    hex::hex,
    report::{Found, Run},
};
use crate::{Algorithm, HashFunction, HashValue, Interrupted};

/// Digests of nothing, of `abc`, and of a thousand times `a`.
pub(super) struct KnownDigests {
    pub(super) algorithm: Algorithm,
    empty: &'static [u8],
    abc: &'static [u8],
    long: &'static [u8],
}

/// The hash functions that may protect something (RFC 9054).
pub(super) const KNOWN_DIGESTS: &[KnownDigests] = &[
    KnownDigests {
        algorithm: Algorithm::SHA256,
        empty: &hex::<32>("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        abc: &hex::<32>("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        long: &hex::<32>("41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"),
    },
    KnownDigests {
        algorithm: Algorithm::SHA384,
        empty: &hex::<48>(
            "38b060a751ac96384cd9327eb1b1e36a21fdb71114be0743\
             4c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b",
        ),
        abc: &hex::<48>(
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163\
             1a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
        ),
        long: &hex::<48>(
            "f54480689c6b0b11d0303285d9a81b21a93bca6ba5a1b447\
             2765dca4da45ee328082d469c650cd3b61b16d3266ab8ced",
        ),
    },
    KnownDigests {
        algorithm: Algorithm::SHA512,
        empty: &hex::<64>(
            "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce\
             47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
        ),
        abc: &hex::<64>(
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
             2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        ),
        long: &hex::<64>(
            "67ba5535a46e3f86dbfbed8cbbaf0125c76ed549ff8b0b9e03e0c88cf90fa634\
             fa7b12b47d77b694de488ace8d9a65967dc96df599727d3292a8d9d447709c97",
        ),
    },
    KnownDigests {
        algorithm: Algorithm::SHA512_256,
        empty: &hex::<32>("c672b8d1ef56ed28ab87c3622c5114069bdd3ad7b8f9737498d0c01ecef0967a"),
        abc: &hex::<32>("53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"),
        long: &hex::<32>("40eb4a70d4d69815407a9e272f0101cd67e3d11262a4a0bfc087712749c7fb53"),
    },
    KnownDigests {
        algorithm: Algorithm::SHAKE128,
        empty: &hex::<32>("7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26"),
        abc: &hex::<32>("5881092dd818bf5cf8a3ddb793fbcba74097d5c526a6d35f97b83351940f2cc8"),
        long: &hex::<32>("c340a5d49d81d4dcf3e6fa3387202b9b67e8ab78482f9956be63d1f09b9cb436"),
    },
    KnownDigests {
        algorithm: Algorithm::SHAKE256,
        empty: &hex::<64>(
            "46b9dd2b0ba88d13233b3feb743eeb243fcd52ea62b81b82b50c27646ed5762f\
             d75dc4ddd8c0f200cb05019d67b592f6fc821c49479ab48640292eacb3b7c4be",
        ),
        abc: &hex::<64>(
            "483366601360a8771c6863080cc4114d8db44530f8f1e1ee4f94ea37e78b5739\
             d5a15bef186a5386c75744c0527e1faa9f8726e462a12a4feb06bd8801e751e4",
        ),
        long: &hex::<64>(
            "e262331ad290c96ab1c0fa045470244b415ba6696a934d60f2999b8e92aaa24e\
             e8eb039abd7af7d64fde39fa73267b02fdd3a50e1b8651b846a9bb2cc4f344c5",
        ),
    },
];

/// Everything that a hash function has to get right.
pub(super) fn function(run: &mut Run<'_>, function: &dyn HashFunction, known: &KnownDigests) {
    let named = function.algorithm();
    let algorithm = known.algorithm;
    let name = "a hash function is the one that was asked for";
    run.check(algorithm, name, 0, named == algorithm, Found::Algorithm(named));
    for (message, digest) in
        [(&b""[..], known.empty), (b"abc", known.abc), (&[b'a'; 1000], known.long)]
    {
        let mut is = |name, at, value: HashValue| {
            run.check(algorithm, name, at, value.as_ref() == digest, Found::Digest(Some(value)));
        };
        is("the known digest", message.len(), function.hash(&[message]));
        for at in 0..=message.len() {
            let (front, back) = message.split_at_checked(at).unwrap_or_default();
            is("parts split anywhere", at, function.hash(&[front, &[], back]));
        }
        for piece in [1, 7, 64, 1001] {
            let mut feed = |sink: &mut dyn FnMut(&[u8])| {
                message.chunks(piece).for_each(sink);
                Ok(())
            };
            let streamed = function.hash_stream(&mut feed).ok();
            let holds = streamed.is_some_and(|value| value.as_ref() == digest);
            run.check(algorithm, "a stream", piece, holds, Found::Digest(streamed));
        }
    }
    let value = function.hash(&[]);
    let holds = value.as_ref() == known.empty && algorithm.hash_len() == Some(value.as_ref().len());
    run.check(algorithm, "no parts at all", 0, holds, Found::Digest(Some(value)));
    let broken = function.hash_stream(&mut |sink: &mut dyn FnMut(&[u8])| {
        sink(b"a");
        Err(Interrupted)
    });
    run.check(algorithm, "an interrupted stream", 0, broken.is_err(), Found::Digest(broken.ok()));
}
