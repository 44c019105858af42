"""Messages of python-cwt, of pycose, and of nothing but cbor2 and cryptography, for this project to read."""

import os
import sys

import cbor2
import cwt
from cwt import COSE, COSEKey, Recipient, Signer
from cwt.const import COSE_NAMED_ALGORITHMS_SUPPORTED
from pycose import algorithms, headers
from pycose.keys import CoseKey, SymmetricKey
from pycose.messages import EncMessage, Enc0Message, Mac0Message, MacMessage, Sign1Message, SignMessage
from pycose.messages.recipient import DirectEncryption, DirectKeyAgreement, KeyAgreementWithKeyWrap, KeyWrap
from pycose.messages.signer import CoseSignature

import plain
from cases import CONTENT, EXTERNAL, Case, Differences, conclude, store
from keys import NONCES, SYMMETRIC, agreement_pair, signing_pair

NAMES = {number: name for name, number in COSE_NAMED_ALGORITHMS_SUPPORTED.items()}
SIGNATURES = {-7: "ES256", -35: "ES384", -36: "ES512", -8: "EdDSA", -37: "PS256", -38: "PS384", -39: "PS512"}
NEW_SIGNATURES = {-9: "ESP256", -51: "ESP384", -52: "ESP512", -19: "Ed25519"}
MACS = {4: "HMAC 256-64", 5: "HMAC 256", 6: "HMAC 384", 7: "HMAC 512"}
AES_MACS = {14: "AES-MAC 128-64", 15: "AES-MAC 256-64", 25: "AES-MAC 128-128", 26: "AES-MAC 256-128"}
AEADS = {
    1: "A128GCM", 2: "A192GCM", 3: "A256GCM", 24: "ChaCha20-Poly1305",
    10: "AES-CCM-16-64-128", 11: "AES-CCM-16-64-256", 12: "AES-CCM-64-64-128", 13: "AES-CCM-64-64-256",
    30: "AES-CCM-16-128-128", 31: "AES-CCM-16-128-256", 32: "AES-CCM-64-128-128", 33: "AES-CCM-64-128-256",
}  # fmt: skip
UNAUTHENTICATED = {-65534: "A128CTR", -65533: "A192CTR", -65532: "A256CTR",
                   -65531: "A128CBC", -65530: "A192CBC", -65529: "A256CBC"}  # fmt: skip
WRAPS = {-3: "A128KW", -4: "A192KW", -5: "A256KW"}
AGREEMENTS = {
    -25: "ECDH-ES+HKDF-256", -26: "ECDH-ES+HKDF-512", -27: "ECDH-SS+HKDF-256", -28: "ECDH-SS+HKDF-512",
    -29: "ECDH-ES+A128KW", -30: "ECDH-ES+A192KW", -31: "ECDH-ES+A256KW",
    -32: "ECDH-SS+A128KW", -33: "ECDH-SS+A192KW", -34: "ECDH-SS+A256KW",
}  # fmt: skip
CURVES = {1: "P-256", 2: "P-384", 3: "P-521", 4: "X25519"}
KDF_FOR_WRAP = {-29: -3, -30: -4, -31: -5, -32: -3, -33: -4, -34: -5}

HASH_OF_CURVE = "python-cwt takes the hash of HKDF from the curve, not from the algorithm (RFC 9053 tables 14, 18, 20)"

# Made, and wrong: this project must refuse them. Patterns as in `Differences`.
CWT_WRONG = [
    ("* ECDH-?S+HKDF-512 P-256", HASH_OF_CURVE),
    ("* ECDH-?S+* P-384", HASH_OF_CURVE),
    ("* ECDH-?S+HKDF-256 P-521", HASH_OF_CURVE),
    ("* ECDH-?S+A???KW P-521", HASH_OF_CURVE),
]
PYCOSE_WRONG = []

# Not made at all.
CWT_DIFFERENCES = [
    ("* ECDH-ES+HKDF-* X25519", "python-cwt makes no ephemeral key on X25519"),
    ("mac * ECDH-?S+A???KW *", "python-cwt takes a MAC whose key is wrapped for encryption"),
]
PYCOSE_DIFFERENCES = [
    ("* HMAC 384*", "pycose takes keys of 16, 24 or 32 bytes, whatever the hash"),
    ("* HMAC 512*", "pycose takes keys of 16, 24 or 32 bytes, whatever the hash"),
    ("* ChaCha20-Poly1305*", "pycose has no ChaCha20/Poly1305"),
    ("encrypt * X25519", "pycose agrees on keys on P-256, P-384 and P-521 only"),
    ("mac HMAC 256, *A???KW*", "pycose asks HMAC for a length of key that it does not have"),
    ("mac HMAC 256, *+HKDF-*", "pycose asks HMAC for a length of key that it does not have"),
]


def symmetric(algorithm):
    return {1: 4, 3: algorithm, -1: SYMMETRIC[algorithm]}


def detach(message, at=2):
    """The message with nil in place of its content, and the content."""
    tag = cbor2.loads(message)
    body = list(tag.value)
    content, body[at] = body[at], None
    return cbor2.dumps(cbor2.CBORTag(tag.tag, body)), content


def external(data):
    return ", external data" if data else ""


def of_cwt():
    """Pairs of a name and what makes the case of that name."""
    cose = COSE.new(alg_auto_inclusion=True, kid_auto_inclusion=True)

    def encoded(key):
        """As python-cwt writes it, where it reads it without being told what for."""
        return cbor2.dumps(COSEKey.new(dict(key)).to_dict() if 3 in key and key[3] not in (-10, -11) else key)

    def sign1(algorithm, aad, apart):
        private, public = signing_pair(algorithm)
        message = cose.encode(CONTENT, COSEKey.new(private), external_aad=aad)
        case = dict(kind="sign1", algorithm=algorithm, keys=[encoded(public)], external=aad)
        if apart:
            message, case["detached"] = detach(message)
        return dict(case, message=message)

    def token(algorithm):
        private, public = signing_pair(algorithm)
        claims = {1: "https://maker.example", 2: "thing", 3: "reader", 4: 4_102_444_800, 7: b"123"}
        message = cwt.encode(claims, COSEKey.new(private))
        content = cbor2.loads(message).value[2]
        return dict(kind="cwt", algorithm=algorithm, message=message, content=content, keys=[encoded(public)])

    def sign(chosen, aad):
        pairs = [signing_pair(algorithm) for algorithm in chosen]
        signers = [
            Signer.new(cose_key=COSEKey.new(private), protected={1: algorithm}, unprotected={4: public[2]})
            for algorithm, (private, public) in zip(chosen, pairs)
        ]
        message = COSE.new().encode(CONTENT, signers=signers, external_aad=aad)
        keys = [encoded(public) for _, public in pairs]
        return dict(kind="sign", algorithm=chosen[0], message=message, keys=keys, external=aad)

    def shared(kind, algorithm, aad, apart=False):
        key = symmetric(algorithm)
        message = cose.encode(
            CONTENT, COSEKey.new(dict(key)), external_aad=aad, enable_non_aead=kind == "unauthenticated0"
        )
        case = dict(kind=kind, algorithm=algorithm, keys=[encoded(key)], external=aad)
        if apart:
            message, case["detached"] = detach(message)
        return dict(case, message=message)

    def layered(kind, algorithm, recipient, key, reader, way):
        message = COSE.new().encode(CONTENT, key, protected={1: algorithm}, recipients=[recipient])
        return dict(kind=kind, algorithm=algorithm, recipient=way, message=message, keys=[encoded(reader)])

    def direct(kind, algorithm):
        key = symmetric(algorithm)
        return layered(kind, algorithm, Recipient.new(unprotected={1: -6}), COSEKey.new(dict(key)), key, -6)

    def wrapped(kind, algorithm, way):
        kek = symmetric(way)
        recipient = Recipient.new(unprotected={1: way}, sender_key=COSEKey.new(dict(kek)))
        key = COSEKey.from_symmetric_key(os.urandom(len(SYMMETRIC[algorithm])), alg=algorithm)
        return layered(kind, algorithm, recipient, key, kek, way)

    def derived(kind, algorithm, way):
        context = {"alg": NAMES[algorithm]}
        recipient = Recipient.new(protected={1: way}, unprotected={-20: os.urandom(16)}, context=context)
        key = COSEKey.from_symmetric_key(SYMMETRIC[way])
        return layered(kind, algorithm, recipient, key, symmetric(way), way)

    def agreed(kind, algorithm, way, curve):
        private, public = agreement_pair(curve)
        sender = agreement_pair(curve)[0]
        context = {"alg": NAMES[KDF_FOR_WRAP.get(way, algorithm)]}
        recipient = Recipient.new(
            protected={1: way},
            unprotected={-22: os.urandom(16)} if AGREEMENTS[way].startswith("ECDH-SS") else {},
            sender_key=COSEKey.new({**sender, 3: way}) if AGREEMENTS[way].startswith("ECDH-SS") else None,
            recipient_key=COSEKey.new({**public, 3: way}),
            context=context,
        )
        key = None
        if way in KDF_FOR_WRAP:
            key = COSEKey.from_symmetric_key(os.urandom(len(SYMMETRIC[algorithm])), alg=algorithm)
        return layered(kind, algorithm, recipient, key, private, way)

    for algorithm, name in {**SIGNATURES, **NEW_SIGNATURES}.items():
        for aad in (b"", EXTERNAL):
            yield f"sign1 {name}{external(aad)}", lambda: sign1(algorithm, aad, False)
    yield "sign1 ES256, detached", lambda: sign1(-7, b"", True)
    yield "cwt ES256", lambda: token(-7)
    yield "cwt EdDSA", lambda: token(-8)
    yield "sign ES256, ES384, ES512, EdDSA", lambda: sign([-7, -35, -36, -8], b"")
    yield "sign ES256, EdDSA, external data", lambda: sign([-7, -8], EXTERNAL)
    for algorithm, name in MACS.items():
        for aad in (b"", EXTERNAL):
            yield f"mac0 {name}{external(aad)}", lambda: shared("mac0", algorithm, aad)
        yield f"mac {name}, direct", lambda: direct("mac", algorithm)
    yield "mac0 HMAC 256, detached", lambda: shared("mac0", 5, b"", True)
    for algorithm, name in AEADS.items():
        for aad in (b"", EXTERNAL):
            yield f"encrypt0 {name}{external(aad)}", lambda: shared("encrypt0", algorithm, aad)
        yield f"encrypt {name}, direct", lambda: direct("encrypt", algorithm)
    yield "encrypt0 A128GCM, detached", lambda: shared("encrypt0", 1, b"", True)
    for algorithm, name in UNAUTHENTICATED.items():
        yield f"unauthenticated0 {name}", lambda: shared("unauthenticated0", algorithm, b"")
    for kind, algorithm in (("encrypt", 1), ("encrypt", 24), ("mac", 5)):
        name = {**AEADS, **MACS}[algorithm]
        for way in WRAPS:
            yield f"{kind} {name}, {WRAPS[way]}", lambda: wrapped(kind, algorithm, way)
        for way in (-10, -11):
            what = {-10: "direct+HKDF-SHA-256", -11: "direct+HKDF-SHA-512"}[way]
            yield f"{kind} {name}, {what}", lambda: derived(kind, algorithm, way)
        for way in AGREEMENTS:
            for curve in CURVES:
                if curve == 4 and way in KDF_FOR_WRAP:
                    continue  # python-cwt wraps no keys on X25519; check.py has the difference
                yield (
                    f"{kind} {name}, {AGREEMENTS[way]} {CURVES[curve]}",
                    lambda: agreed(kind, algorithm, way, curve),
                )


def of_pycose():
    """Pairs of a name and what makes the case of that name."""

    def attribute(algorithm):
        return algorithms.CoseAlgorithm.from_id(algorithm)

    def key(parameters):
        return CoseKey.from_dict(dict(parameters))

    def encoded(parameters):
        """As pycose writes it."""
        return key(parameters).encode()

    def sign1(algorithm, aad, apart):
        private, public = signing_pair(algorithm)
        message = Sign1Message(
            phdr={headers.Algorithm: attribute(algorithm), headers.KID: public[2]},
            payload=None if apart else CONTENT,
            external_aad=aad,
        )
        message.key = key(private)
        made = message.encode(detached_payload=CONTENT if apart else None)
        case = dict(kind="sign1", algorithm=algorithm, keys=[encoded(public)], external=aad, message=made)
        return dict(case, detached=CONTENT if apart else None)

    def sign(chosen, aad):
        pairs = [signing_pair(algorithm) for algorithm in chosen]
        signers = [
            CoseSignature(
                phdr={headers.Algorithm: attribute(algorithm)},
                uhdr={headers.KID: public[2]},
                external_aad=aad,
                key=key(private),
            )
            for algorithm, (private, public) in zip(chosen, pairs)
        ]
        message = SignMessage(phdr={}, uhdr={}, payload=CONTENT, signers=signers)
        keys = [encoded(public) for _, public in pairs]
        return dict(kind="sign", algorithm=chosen[0], message=message.encode(), keys=keys, external=aad)

    def mac0(algorithm, aad):
        message = Mac0Message(phdr={headers.Algorithm: attribute(algorithm)}, payload=CONTENT, external_aad=aad)
        message.key = key(symmetric(algorithm))
        keys = [encoded(symmetric(algorithm))]
        return dict(kind="mac0", algorithm=algorithm, message=message.encode(), keys=keys, external=aad)

    def encrypt0(algorithm, aad):
        message = Enc0Message(
            phdr={headers.Algorithm: attribute(algorithm)},
            uhdr={headers.IV: os.urandom(NONCES[algorithm])},
            payload=CONTENT,
            external_aad=aad,
        )
        message.key = key(symmetric(algorithm))
        keys = [encoded(symmetric(algorithm))]
        return dict(kind="encrypt0", algorithm=algorithm, message=message.encode(), keys=keys, external=aad)

    def layered(kind, algorithm, recipient, content_key, reader, way):
        phdr = {headers.Algorithm: attribute(algorithm)}
        if kind == "mac":
            message = MacMessage(phdr=phdr, payload=CONTENT, recipients=[recipient])
        else:
            uhdr = {headers.IV: os.urandom(NONCES[algorithm])}
            message = EncMessage(phdr=phdr, uhdr=uhdr, payload=CONTENT, recipients=[recipient])
        message.key = content_key
        return dict(
            kind=kind, algorithm=algorithm, recipient=way, message=message.encode(), keys=[encoded(reader)]
        )

    def direct(kind, algorithm):
        recipient = DirectEncryption(uhdr={headers.Algorithm: algorithms.Direct})
        return layered(kind, algorithm, recipient, key(symmetric(algorithm)), symmetric(algorithm), -6)

    def wrapped(kind, algorithm, way):
        recipient = KeyWrap(uhdr={headers.Algorithm: attribute(way)}, payload=os.urandom(len(SYMMETRIC[algorithm])))
        recipient.key = SymmetricKey(k=SYMMETRIC[way])
        return layered(kind, algorithm, recipient, None, symmetric(way), way)

    def agreed(kind, algorithm, way, curve):
        private, public = agreement_pair(curve)
        sender, sender_public = agreement_pair(curve)
        static = AGREEMENTS[way].startswith("ECDH-SS")
        uhdr = {headers.PartyUNonce: os.urandom(16), headers.StaticKey: sender_public} if static else {}
        direct = way not in KDF_FOR_WRAP
        if direct and not static:
            # pycose makes an ephemeral key only after it needed it.
            uhdr = {headers.EphemeralKey: sender_public}
        cls = DirectKeyAgreement if direct else KeyAgreementWithKeyWrap
        recipient = cls(phdr={headers.Algorithm: attribute(way)}, uhdr=uhdr)
        if direct or static:
            recipient.key = key(sender)
        recipient.local_attrs = {headers.StaticKey: key(public)}
        return layered(kind, algorithm, recipient, None, private, way)

    for algorithm, name in SIGNATURES.items():
        for aad in (b"", EXTERNAL):
            yield f"sign1 {name}{external(aad)}", lambda: sign1(algorithm, aad, False)
        yield f"sign1 {name}, detached", lambda: sign1(algorithm, b"", True)
    yield "sign ES256, ES384, ES512, EdDSA", lambda: sign([-7, -35, -36, -8], b"")
    yield "sign ES256, EdDSA, external data", lambda: sign([-7, -8], EXTERNAL)
    for algorithm, name in {**MACS, **AES_MACS}.items():
        for aad in (b"", EXTERNAL):
            yield f"mac0 {name}{external(aad)}", lambda: mac0(algorithm, aad)
        yield f"mac {name}, direct", lambda: direct("mac", algorithm)
    for algorithm, name in AEADS.items():
        for aad in (b"", EXTERNAL):
            yield f"encrypt0 {name}{external(aad)}", lambda: encrypt0(algorithm, aad)
        yield f"encrypt {name}, direct", lambda: direct("encrypt", algorithm)
    for kind, algorithm in (("encrypt", 1), ("mac", 5)):
        name = {**AEADS, **MACS}[algorithm]
        for way in WRAPS:
            yield f"{kind} {name}, {WRAPS[way]}", lambda: wrapped(kind, algorithm, way)
        for way in AGREEMENTS:
            for curve in CURVES:
                yield (
                    f"{kind} {name}, {AGREEMENTS[way]} {CURVES[curve]}",
                    lambda: agreed(kind, algorithm, way, curve),
                )


def of_plain():
    """Pairs of a name and what makes the case of that name: what neither library makes."""
    for algorithm, name in {-48: "ML-DSA-44", -49: "ML-DSA-65", -50: "ML-DSA-87", **SIGNATURES, **NEW_SIGNATURES}.items():
        yield f"sign1 {name}", lambda: plain.sign1(algorithm, signing_pair(algorithm))
    # An empty bucket of the body: both forms are h'' to whoever signs (RFC 9052 4.4).
    for body in (b"", b"\xa0"):
        yield f"sign ES256, EdDSA, h'{body.hex()}'", lambda: plain.sign([-7, -8], body, signing_pair)


def main(path):
    cases, makers = [], []
    for library, make, differences, wrong in (
        ("python-cwt", of_cwt, CWT_DIFFERENCES, CWT_WRONG),
        ("pycose", of_pycose, PYCOSE_DIFFERENCES, PYCOSE_WRONG),
        ("cbor2 and cryptography", of_plain, [], []),
    ):
        made = Differences(library, differences)
        wrong = Differences(library, wrong)
        for name, attempt in make():
            case = made.judge(name, attempt)
            if case is not None:
                cases.append(Case(name=f"{library}: {name}", wrong=wrong.reason(name), **case))
        made.failures.extend(wrong.unmatched())
        makers.append(made)
    store(path, cases)
    conclude("made", makers)


if __name__ == "__main__":
    main(sys.argv[1])
