"""Keys for one run, as COSE_Key maps: (private, public)."""

import functools
import os

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa, x25519

import plain

NONCES = {1: 12, 2: 12, 3: 12, 24: 12, 10: 13, 11: 13, 30: 13, 31: 13, 12: 7, 13: 7, 32: 7, 33: 7}
LENGTHS = {
    **{algorithm: 16 for algorithm in (1, 10, 12, 14, 25, 30, 32, -3, -65534, -65531)},
    **{algorithm: 24 for algorithm in (2, -4, -65533, -65530)},
    **{algorithm: 32 for algorithm in (3, 4, 5, 11, 13, 15, 24, 26, 31, 33, -5, -10, -11, -65532, -65529)},
    6: 48,
    7: 64,
}
SYMMETRIC = {algorithm: os.urandom(length) for algorithm, length in LENGTHS.items()}
EC = {1: (ec.SECP256R1, 32), 2: (ec.SECP384R1, 48), 3: (ec.SECP521R1, 66)}
CURVE_OF = {-7: 1, -9: 1, -35: 2, -51: 2, -36: 3, -52: 3}
RAW = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)
RAW_PRIVATE = (serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption())


def both(public, private):
    return {**public, **private}, public


def weierstrass(curve, common):
    kind, length = EC[curve]
    numbers = ec.generate_private_key(kind()).private_numbers()
    x, y, d = (n.to_bytes(length, "big") for n in (numbers.public_numbers.x, numbers.public_numbers.y, numbers.private_value))
    return both({1: 2, **common, -1: curve, -2: x, -3: y}, {-4: d})


def okp(kind, curve, common):
    key = kind.generate()
    return both({1: 1, **common, -1: curve, -2: key.public_key().public_bytes(*RAW)}, {-4: key.private_bytes(*RAW_PRIVATE)})


def agreement_pair(curve):
    """A fresh pair each time: receiver and sender are two."""
    return okp(x25519.X25519PrivateKey, 4, {}) if curve == 4 else weierstrass(curve, {})


@functools.cache
def signing_pair(algorithm):
    common = {2: str(algorithm).encode(), 3: algorithm}
    if algorithm in CURVE_OF:
        return weierstrass(CURVE_OF[algorithm], common)
    if algorithm in (-8, -19):
        return okp(ed25519.Ed25519PrivateKey, 6, common)
    if algorithm in plain.ML_DSA:
        key = plain.ML_DSA[algorithm][0].generate()
        return both({1: 7, **common, -1: key.public_key().public_bytes_raw()}, {-2: key.private_bytes_raw()})
    numbers = rsa.generate_private_key(65537, 2048).private_numbers()
    parts = (numbers.d, numbers.p, numbers.q, numbers.dmp1, numbers.dmq1, numbers.iqmp)
    bytes_of = lambda n: n.to_bytes((n.bit_length() + 7) // 8, "big")  # noqa: E731
    public = {1: 3, **common, -1: bytes_of(numbers.public_numbers.n), -2: bytes_of(numbers.public_numbers.e)}
    return both(public, {-3 - index: bytes_of(part) for index, part in enumerate(parts)})
