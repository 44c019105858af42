"""COSE by hand: cbor2 for the structures of RFC 9052, cryptography for signatures. No COSE library in between."""

import io

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, padding, rsa, utils

from cases import CONTENT

TAGS = {"sign1": 18, "cwt": 18, "sign": 98, "mac0": 17, "mac": 97, "encrypt0": 16, "unauthenticated0": 16, "encrypt": 96}
ECDSA = {
    -7: (ec.SECP256R1(), hashes.SHA256(), 32),
    -9: (ec.SECP256R1(), hashes.SHA256(), 32),
    -35: (ec.SECP384R1(), hashes.SHA384(), 48),
    -51: (ec.SECP384R1(), hashes.SHA384(), 48),
    -36: (ec.SECP521R1(), hashes.SHA512(), 66),
    -52: (ec.SECP521R1(), hashes.SHA512(), 66),
}
PSS = {-37: hashes.SHA256(), -38: hashes.SHA384(), -39: hashes.SHA512()}
RS256 = -257
ML_DSA = {
    -48: (mldsa.MLDSA44PrivateKey, mldsa.MLDSA44PublicKey),
    -49: (mldsa.MLDSA65PrivateKey, mldsa.MLDSA65PublicKey),
    -50: (mldsa.MLDSA87PrivateKey, mldsa.MLDSA87PublicKey),
}


def protected(encoded):
    """The map in a protected bucket."""
    return cbor2.loads(encoded) if encoded else {}


def authenticated(encoded):
    """What enters a Sig_structure: an empty map as h'' (RFC 9052 4.4)."""
    return encoded if protected(encoded) else b""


def decode(encoded):
    """One item, and nothing behind it."""
    stream = io.BytesIO(encoded)
    item = cbor2.CBORDecoder(stream).decode()
    if stream.read():
        raise ValueError("something follows")
    return item


def ordered(item):
    """The same with the keys of maps in bytewise order of their encodings (RFC 8949 4.2.1)."""
    if isinstance(item, dict):
        entries = sorted(item.items(), key=lambda entry: cbor2.dumps(entry[0]))
        return {key: ordered(value) for key, value in entries}
    if isinstance(item, (list, tuple)):
        return [ordered(element) for element in item]
    if isinstance(item, cbor2.CBORTag):
        return cbor2.CBORTag(item.tag, ordered(item.value))
    return item


def check_deterministic(encoded):
    """cbor2 writes shortest heads and definite lengths, so that one way to write the value is left."""
    item = decode(encoded)
    if cbor2.dumps(ordered(item)) != encoded:
        raise ValueError(f"not deterministic: {encoded.hex()}")
    return item


def check_layer(layer, length):
    if not isinstance(layer, list) or len(layer) not in length:
        raise ValueError(f"a layer of {layer}")
    bucket = check_deterministic(layer[0]) if layer[0] else {}
    if not isinstance(bucket, dict) or not isinstance(layer[1], dict):
        raise ValueError("buckets are maps")
    if layer[0] == b"\xa0":
        raise ValueError("an empty bucket is h'' when it is made (RFC 9052 3)")
    if bucket.keys() & layer[1].keys():
        raise ValueError("a label in both buckets")
    if not isinstance(layer[2], (bytes, type(None))):
        raise ValueError("content is bytes or nil")
    return bucket


def check_recipients(recipients):
    if not recipients:
        raise ValueError("for nobody")
    for recipient in recipients:
        check_layer(recipient, (3, 4))
        if len(recipient) == 4:
            check_recipients(recipient[3])


def check_structure(case):
    """Tag, arrays, types and encoding of a message that was made here (RFC 9052 2 to 6), and of its keys."""
    message = check_deterministic(case.message)
    if message.tag != TAGS[case.kind]:
        raise ValueError(f"tag {message.tag}")
    body = message.value
    length = {18: 4, 98: 4, 17: 4, 97: 5, 16: 3, 96: 4}[message.tag]
    bucket = check_layer(body, (length,))
    if (body[2] is None) != (case.detached is not None):
        raise ValueError("detached or not")
    if case.kind == "unauthenticated0":
        if body[0] != b"" or body[1].get(1) != case.algorithm:
            raise ValueError("RFC 9459 4: nothing is protected")
    elif case.kind != "sign" and bucket.get(1) != case.algorithm:
        raise ValueError("alg is not protected")
    if message.tag == 98:
        for signature in body[3]:
            if check_layer(signature, (3,)).get(1) is None:
                raise ValueError("alg is not protected")
    if message.tag in (18, 17, 97) and not isinstance(body[3], bytes):
        raise ValueError("signature or tag is bytes")
    if message.tag in (97, 96):
        check_recipients(body[-1])
    for key in case.keys:
        if check_deterministic(key)[1] not in (1, 2, 3, 4, 7):
            raise ValueError("kty")
    return True


def verify_one(key, algorithm, signed, signature):
    if algorithm in ECDSA:
        curve, digest, length = ECDSA[algorithm]
        if len(signature) != 2 * length:
            raise ValueError("length of the signature")
        x, y = (int.from_bytes(key[label], "big") for label in (-2, -3))
        r, s = (int.from_bytes(half, "big") for half in (signature[:length], signature[length:]))
        public = ec.EllipticCurvePublicNumbers(x, y, curve).public_key()
        public.verify(utils.encode_dss_signature(r, s), signed, ec.ECDSA(digest))
    elif algorithm in (-8, -19):
        ed25519.Ed25519PublicKey.from_public_bytes(key[-2]).verify(signature, signed)
    elif algorithm in PSS or algorithm == RS256:
        n, e = (int.from_bytes(key[label], "big") for label in (-1, -2))
        public = rsa.RSAPublicNumbers(e, n).public_key()
        if algorithm == RS256:
            return public.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        digest = PSS[algorithm]
        public.verify(signature, signed, padding.PSS(padding.MGF1(digest), digest.digest_size), digest)
    else:
        ML_DSA[algorithm][1].from_public_bytes(key[-1]).verify(signature, signed)


def sign_one(key, algorithm, to_be_signed):
    if algorithm in ECDSA:
        curve, digest, length = ECDSA[algorithm]
        private = ec.derive_private_key(int.from_bytes(key[-4], "big"), curve)
        r, s = utils.decode_dss_signature(private.sign(to_be_signed, ec.ECDSA(digest)))
        return r.to_bytes(length, "big") + s.to_bytes(length, "big")
    if algorithm in (-8, -19):
        return ed25519.Ed25519PrivateKey.from_private_bytes(key[-4]).sign(to_be_signed)
    if algorithm in ML_DSA:
        return ML_DSA[algorithm][0].from_seed_bytes(key[-2]).sign(to_be_signed)
    n, e, d, p, q, dp, dq, qinv = (int.from_bytes(key[label], "big") for label in range(-1, -9, -1))
    private = rsa.RSAPrivateNumbers(p, q, d, dp, dq, qinv, rsa.RSAPublicNumbers(e, n)).private_key()
    digest = PSS[algorithm]
    return private.sign(to_be_signed, padding.PSS(padding.MGF1(digest), digest.digest_size), digest)


def sign1(algorithm, pair):
    """A COSE_Sign1 over the usual content, as the fields of a case."""
    private, public = pair
    headers = cbor2.dumps({1: algorithm})
    signature = sign_one(private, algorithm, cbor2.dumps(["Signature1", headers, b"", CONTENT]))
    message = cbor2.dumps(cbor2.CBORTag(18, [headers, {4: public[2]}, CONTENT, signature]))
    return dict(kind="sign1", algorithm=algorithm, message=message, keys=[cbor2.dumps(public)])


def sign(chosen, body, pair_of):
    """A COSE_Sign whose protected bucket is `body`."""
    signatures, keys = [], []
    for algorithm in chosen:
        private, public = pair_of(algorithm)
        headers = cbor2.dumps({1: algorithm})
        signed = cbor2.dumps(["Signature", authenticated(body), headers, b"", CONTENT])
        signatures.append([headers, {4: public[2]}, sign_one(private, algorithm, signed)])
        keys.append(cbor2.dumps(public))
    message = cbor2.dumps(cbor2.CBORTag(98, [body, {}, CONTENT, signatures]))
    return dict(kind="sign", algorithm=chosen[0], message=message, keys=keys)


def verify(case):
    """Verifies every signature of a COSE_Sign1 or COSE_Sign (RFC 9052 4.4)."""
    body = decode(case.message).value
    payload = body[2] if case.detached is None else case.detached
    keys = [decode(key) for key in case.keys]
    outer = authenticated(body[0])
    if case.kind != "sign":
        signed = cbor2.dumps(["Signature1", outer, case.external, payload])
        return verify_one(keys[0], protected(body[0])[1], signed, body[3])
    for key, (headers, _, signature) in zip(keys, body[3], strict=True):
        signed = cbor2.dumps(["Signature", outer, authenticated(headers), case.external, payload])
        verify_one(key, protected(headers)[1], signed, signature)
    return True
