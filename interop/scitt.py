"""Statements and receipts exchanged with scitt-cose: `scitt.py check FILE` judges what was made here, `scitt.py make FILE`
makes what is judged here."""

import hashlib
import json
import sys

import cbor2
import scitt_cose
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

ISSUER, LOG, NOW = "https://maker.example", "https://log.example", 1_800_000_000
PEM = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
PRIVATE = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
CURVES = {1: ec.SECP256R1, 2: ec.SECP384R1}


def public_pem(encoded):
    """The public key of a COSE_Key."""
    key = cbor2.loads(encoded)
    if key[1] == 1:
        public = ed25519.Ed25519PublicKey.from_public_bytes(key[-2])
    else:
        point = b"\x04" + key[-2] + key[-3]
        public = ec.EllipticCurvePublicKey.from_encoded_point(CURVES[key[-1]](), point)
    return public.public_bytes(*PEM)


def check(path):
    """Reads what was made here; a case that comes out otherwise than it says is a failure."""
    with open(path) as file:
        cases = json.load(file)
    good = broken = 0
    failures = []
    for case in cases:
        statement = bytes.fromhex(case["statement"])
        issuer, log = (public_pem(bytes.fromhex(case[key])) for key in ("issuer_key", "log_key"))
        parsed = scitt_cose.parse_signed_statement(statement, public_key_pem=issuer)
        is_signed = parsed["signature_verified"] is True
        entry = hashlib.sha256(statement).hexdigest()
        receipt = scitt_cose.verify_receipt(
            bytes.fromhex(case["receipt"]), leaf_entry_hex=entry, log_public_key_pem=log
        )
        if entry != case["entry"] or (is_signed, receipt.ok) != (case["is_signed"], case["is_logged"]):
            failures.append(f"{case['name']}: signed {is_signed}, logged {receipt.ok} {receipt.errors}")
            continue
        if is_signed and (parsed["payload"].hex(), parsed["issuer"]) != (case["payload"], case["issuer"]):
            failures.append(f"{case['name']}: holds {parsed}")
            continue
        if is_signed and receipt.ok:
            good += 1
        else:
            broken += 1
    print(f"scitt-cose: {good} statements with receipts verified, {broken} refused, {len(failures)} failures")
    for failure in failures:
        print(f"  {failure}", file=sys.stderr)
    sys.exit(1 if failures or not good or not broken else 0)


def pair(algorithm):
    """A fresh key: PEM, and the public part as a COSE_Key."""
    if algorithm == "EdDSA":
        private = ed25519.Ed25519PrivateKey.generate()
        raw = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        public = {1: 1, -1: 6, -2: private.public_key().public_bytes(*raw)}
    else:
        curve, length = {"ES256": (1, 32), "ES384": (2, 48)}[algorithm]
        private = ec.generate_private_key(CURVES[curve]())
        numbers = private.public_key().public_numbers()
        x, y = (number.to_bytes(length, "big") for number in (numbers.x, numbers.y))
        public = {1: 2, -1: curve, -2: x, -3: y}
    return private.private_bytes(*PRIVATE), cbor2.dumps(public)


def of_size(issuing, logging, size, is_rfc9943):
    (issuer_pem, issuer_key), (log_pem, log_key) = pair(issuing), pair(logging)
    statements = []
    for number in range(size):
        payload = f"report {number}".encode()
        statement = scitt_cose.build_signed_statement(
            payload,
            alg=issuing,
            private_key_pem=issuer_pem,
            issuer=ISSUER,
            subject=f"part {number}",
            content_type="text/plain",
            kid=b"maker" if is_rfc9943 else None,
        )
        statements.append((payload, statement))
    entries = [hashlib.sha256(statement).hexdigest() for _, statement in statements]
    more = {"iss": LOG, "sub": "receipt", "kid": b"log", "iat": NOW} if is_rfc9943 else {}
    for index, (payload, statement) in enumerate(statements):
        receipt = scitt_cose.build_receipt(
            leaf_entry_hex=entries[index],
            leaf_index=index,
            tree_entries_hex=entries,
            alg=logging,
            log_private_key_pem=log_pem,
            **more,
        )
        yield {
            "name": f"scitt-cose: {issuing} in {logging}, {index} of {size}{'' if is_rfc9943 else ', bare'}",
            "statement": statement,
            "receipt": receipt,
            "entry": bytes.fromhex(entries[index]),
            "issuer_key": issuer_key,
            "log_key": log_key,
            "issuer": ISSUER,
            "payload": payload,
            "is_signed": True,
            "is_logged": True,
            "is_rfc9943": is_rfc9943,
        }


def broken(good, other):
    def case(what, **changes):
        return {**good, "name": f"{good['name']}, {what}", **changes}

    def flip(data, at):
        data = bytearray(data)
        data[at] ^= 1
        return bytes(data)

    at = good["statement"].index(good["payload"])
    yield case("other payload", statement=flip(good["statement"], at), is_signed=False, is_logged=False)
    yield case("other signature of the statement", statement=flip(good["statement"], -1), is_signed=False, is_logged=False)
    yield case("other signature of the receipt", receipt=flip(good["receipt"], -1), is_logged=False)
    yield case("receipt of another statement", receipt=other["receipt"], is_logged=False)
    yield case("key of another issuer", issuer_key=good["log_key"], is_signed=False)
    yield case("key of another log", log_key=good["issuer_key"], is_logged=False)


def make(path):
    algorithms = ("EdDSA", "ES256", "ES384")
    cases = []
    for issuing in algorithms:
        for logging in algorithms:
            for size in (1, 2, 3, 7, 8, 21):
                cases.extend(of_size(issuing, logging, size, True))
            cases.extend(of_size(issuing, logging, 5, False))
            good = [case for case in cases if case["name"].endswith("of 7")][-7:]
            cases.extend(broken(good[3], good[4]))
    encoded = [
        {key: value.hex() if isinstance(value, bytes) else value for key, value in case.items()} for case in cases
    ]
    with open(path, "w") as file:
        json.dump(encoded, file, indent=1)
    print(f"{len(cases)} statements with receipts made by scitt-cose {scitt_cose.__version__}")


if __name__ == "__main__":
    {"check": check, "make": make}[sys.argv[1]](sys.argv[2])
