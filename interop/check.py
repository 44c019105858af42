"""Reads the messages that were made here: with python-cwt, with pycose, and with nothing but cbor2 and cryptography."""

import sys

import cbor2
import cwt
from cwt import COSE, COSEKey
from pycose import headers
from pycose.keys import CoseKey, SymmetricKey
from pycose.messages import CoseMessage

import plain
from cases import Differences, conclude, load

HASH_OF_CURVE = "python-cwt takes the hash of HKDF from the curve, not from the algorithm (RFC 9053 tables 14, 18, 20)"

CWT_DIFFERENCES = [
    ("* ML-DSA-*", "python-cwt has no ML-DSA"),
    ("mac0 AES-MAC *", "python-cwt has no AES-CBC-MAC"),
    ("* ECDH-?S + HKDF-512 P-256", HASH_OF_CURVE),
    ("* ECDH-?S + * P-384", HASH_OF_CURVE),
    ("* ECDH-?S + HKDF-256 P-521", HASH_OF_CURVE),
    ("* ECDH-?S + A???KW P-521", HASH_OF_CURVE),
    ("* ECDH-?S + A???KW X25519", "python-cwt wraps no keys on X25519"),
]

PYCOSE_DIFFERENCES = [
    ("* ML-DSA-*", "pycose has no ML-DSA"),
    ("sign1 ESP*", "pycose has no algorithms of RFC 9864"),
    ("sign1 Ed25519", "pycose has no algorithms of RFC 9864"),
    ("* HMAC 384/384*", "pycose takes keys of 16, 24 or 32 bytes, whatever the hash"),
    ("* HMAC 512/512*", "pycose takes keys of 16, 24 or 32 bytes, whatever the hash"),
    ("* ChaCha20/Poly1305*", "pycose has no ChaCha20/Poly1305"),
    ("unauthenticated0 *", "pycose has no ciphers of RFC 9459"),
    ("*, direct+HKDF-*", "pycose does not derive from a shared secret"),
    ("mac *, ECDH-?S + HKDF-* P-*", "pycose asks HMAC for a length of key that it does not have"),
    ("*, ECDH-?S + * X25519", "pycose agrees on keys on P-256, P-384 and P-521 only"),
]


def same(found, case):
    if found != case.content:
        raise ValueError(f"holds {found}")


def kdf_algorithm(case):
    """What a key is derived for: the content, or the key wrap (RFC 9053 5.2)."""
    return {-29: -3, -30: -4, -31: -5, -32: -3, -33: -4, -34: -5}.get(case.recipient, case.algorithm)


def key_bits(algorithm):
    return {-3: 128, -4: 192, -5: 256, 1: 128, 2: 192, 3: 256, 5: 256, 6: 384, 7: 512, 24: 256}[algorithm]


def with_cwt(case):
    keys = []
    for encoded in case.keys:
        key = cbor2.loads(encoded)
        if case.recipient in (-10, -11):
            keys.append(COSEKey.from_symmetric_key(key[-1]))
            continue
        if case.recipient <= -25:
            key[3] = case.recipient
        keys.append(COSEKey.new(key))
    context = None
    if case.recipient in (-10, -11) or case.recipient <= -25:
        algorithm = kdf_algorithm(case)
        protected = cbor2.loads(case.message).value[-1][0][0]
        nobody = [None, None, None]
        context = [algorithm, list(nobody), list(nobody), [key_bits(algorithm), protected]]
    if case.kind == "cwt":
        claims = cwt.decode(case.message, keys)
        if claims != cbor2.loads(case.content):
            raise ValueError(f"holds {claims}")
        return
    protected, unprotected, content = COSE.new().decode_with_headers(
        case.message,
        keys,
        context=context,
        external_aad=case.external,
        detached_payload=case.detached,
        enable_non_aead=case.kind == "unauthenticated0",
    )
    same(content, case)
    body = cbor2.loads(case.message).value
    if protected != plain.protected(body[0]) or unprotected.keys() != body[1].keys():
        raise ValueError("headers read otherwise")


def with_pycose(case):
    message = CoseMessage.decode(case.message)
    message.external_aad = case.external
    keys = [CoseKey.from_dict(cbor2.loads(key)) for key in case.keys]
    if case.kind in ("sign1", "cwt"):
        message.key = keys[0]
        if not message.verify_signature(detached_payload=case.detached):
            raise ValueError("the signature is refused")
        return same(case.detached if case.detached is not None else message.payload, case)
    if case.kind == "sign":
        for signer, key in zip(message.signers, keys, strict=True):
            signer.key, signer.external_aad = key, case.external
            if not signer.verify_signature():
                raise ValueError("a signature is refused")
        return same(message.payload, case)
    if case.detached is not None:
        message.payload = case.detached
    if case.kind == "mac0":
        message.key = keys[0]
    elif case.kind in ("encrypt0", "unauthenticated0"):
        message.key = keys[0]
        return same(message.decrypt(), case)
    elif case.recipient == -6:
        message.key = keys[0]
        if case.kind == "encrypt":
            return same(message.decrypt(message.recipients[0]), case)
    else:
        recipient = message.recipients[0]
        recipient.key = keys[0]
        if case.kind == "encrypt":
            return same(message.decrypt(recipient), case)
        algorithm = message.get_attr(headers.Algorithm)
        message.key = SymmetricKey(k=recipient.compute_cek(algorithm, "decrypt").k)
    if not message.verify_tag():
        raise ValueError("the tag is refused")
    same(message.payload, case)


def main(path):
    cases = load(path)
    readers = [
        (Differences("python-cwt", CWT_DIFFERENCES), with_cwt),
        (Differences("pycose", PYCOSE_DIFFERENCES), with_pycose),
        (Differences("cbor2: structure and deterministic encoding", []), plain.check_structure),
    ]
    for case in cases:
        for differences, read in readers:
            differences.judge(case.name, lambda: read(case))
    signatures = Differences("cbor2 and cryptography: signatures", [])
    for case in cases:
        if case.kind in ("sign1", "sign", "cwt"):
            signatures.judge(case.name, lambda: plain.verify(case))
    conclude("read", [differences for differences, _ in readers] + [signatures])


if __name__ == "__main__":
    main(sys.argv[1])
