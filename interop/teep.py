"""Judges the family's TEEP messages and sessions with nothing but cbor2, cryptography and hashlib, from the CDDL and the rules of
draft-ietf-teep-protocol in both numberings, and asks for the verdict and the facts that are stated.

usage: teep.py VECTORS...
"""

import hashlib
import json
import pathlib
import sys

import cbor2
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap

from family import Refused, reject_duplicates, url64

TYPES = {True: {1: "query-request", 2: "query-response", 3: "update", 4: "success", 5: "error"}}
TYPES[False] = {1: "query-request", 2: "query-response", 3: "update", 5: "success", 6: "error"}
ELEMENTS = {"query-request": 5, "query-response": 2, "update": 2, "success": 2, "error": 3}
NAMES = {
    1: "supported-teep-cipher-suites", 2: "challenge", 3: "versions", 4: "supported-suit-cose-profiles",
    5: "selected-version", 6: "attestation-payload", 7: "tc-list", 8: "ext-list", 9: "manifest-list", 10: "msg",
    11: "err-msg", 12: "attestation-payload-format", 13: "requested-tc-list", 14: "unneeded-manifest-list",
    15: "component-id", 16: "tc-manifest-sequence-number", 17: "have-binary", 18: "suit-reports", 19: "token",
    20: "supported-freshness-mechanisms", 21: "err-lang", 22: "err-code",
}  # fmt: skip
ALGORITHMS = {-7: "P-256", -9: "P-256", -8: "Ed25519", -19: "Ed25519"}


def name_of(label, is_new):
    """Drafts up to -25 had one label more, between 4 and 5."""
    if label <= 4 or is_new:
        return NAMES.get(label)
    return NAMES.get(label - 1) if label > 5 else "selected-teep-cipher-suite"


class Key:
    def __init__(self, path):
        self.jwk = json.loads(path.read_text())
        self.name = path.name.removesuffix(".jwk.json")
        self.x = url64(self.jwk["x"])
        if self.jwk["crv"] == "Ed25519":
            self.public = ed25519.Ed25519PublicKey.from_public_bytes(self.x)
            cose = {1: 1, -1: 6, -2: self.x}
        else:
            y = url64(self.jwk["y"])
            numbers = (int.from_bytes(part, "big") for part in (self.x, y))
            self.public = ec.EllipticCurvePublicNumbers(*numbers, ec.SECP256R1()).public_key()
            cose = {1: 2, -1: 1, -2: self.x, -3: y}
        self.thumbprint = hashlib.sha256(cbor2.dumps(cose, canonical=True)).digest()

    def verifies(self, alg, message, signature):
        if ALGORITHMS.get(alg) != self.jwk["crv"] or len(signature) != 64:
            return False
        try:
            if self.jwk["crv"] == "Ed25519":
                self.public.verify(signature, message)
            else:
                r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
                self.public.verify(utils.encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
            return True
        except InvalidSignature:
            return False

    def private(self):
        return ec.derive_private_key(int.from_bytes(url64(self.jwk["d"]), "big"), ec.SECP256R1())


def is_bytes(value, least, most):
    return isinstance(value, bytes) and least <= len(value) <= most


def is_text(value, most):
    return isinstance(value, str) and 1 <= len(value.encode()) <= most


def is_uint(value, most=2**64 - 1):
    return type(value) is int and 0 <= value <= most


def is_list(value, each):
    return isinstance(value, list) and value != [] and all(each(one) for one in value)


def is_component(value):
    return isinstance(value, list) and all(isinstance(one, bytes) for one in value)


def is_suite(value):
    return is_list(value, lambda it: isinstance(it, list) and len(it) == 2 and all(type(n) is int for n in it))


def is_profile(value):
    return isinstance(value, list) and len(value) in (2, 4) and all(type(n) is int for n in value)


def is_wrapped(value):
    if not isinstance(value, bytes):
        return False
    reject_duplicates(value)
    return True


def is_wanted(value, is_new):
    if not isinstance(value, dict):
        return False
    named = {name_of(label, is_new): one for label, one in value.items()}
    number, binary = named.get("tc-manifest-sequence-number"), named.get("have-binary")
    return (
        is_component(named.get("component-id"))
        and (number is None or is_uint(number))
        and (binary is None or isinstance(binary, bool))
    )


BOUNDS = {
    "supported-teep-cipher-suites": lambda v, n: is_list(v, is_suite),
    "challenge": lambda v, n: is_bytes(v, 8, 512),
    "versions": lambda v, n: is_list(v, lambda it: is_uint(it, 2**32 - 1)),
    "supported-suit-cose-profiles": lambda v, n: is_list(v, is_profile),
    "selected-version": lambda v, n: is_uint(v, 2**32 - 1),
    "attestation-payload": lambda v, n: isinstance(v, bytes),
    "tc-list": lambda v, n: is_list(v, lambda it: isinstance(it, dict) and is_component(it.get(0))),
    "ext-list": lambda v, n: is_list(v, lambda it: is_uint(it, 2**32 - 1)),
    "manifest-list": lambda v, n: is_list(v, is_wrapped),
    "msg": lambda v, n: is_text(v, 128),
    "err-msg": lambda v, n: is_text(v, 128),
    "attestation-payload-format": lambda v, n: isinstance(v, str),
    "requested-tc-list": lambda v, n: is_list(v, lambda it: is_wanted(it, n)),
    "unneeded-manifest-list": lambda v, n: is_list(v, is_component),
    "suit-reports": lambda v, n: is_list(v, is_wrapped),
    "token": lambda v, n: is_bytes(v, 8, 64),
    "supported-freshness-mechanisms": lambda v, n: is_list(v, is_uint),
    "err-lang": lambda v, n: is_text(v, 35),
    "err-code": lambda v, n: is_uint(v) and v != 0,
}


class Message:
    """A message that keeps the CDDL; else Refused."""

    def __init__(self, encoded, is_new):
        reject_duplicates(encoded)
        item = cbor2.loads(encoded)
        if not isinstance(item, list) or len(item) < 2 or type(item[0]) is not int:
            raise Refused("no message")
        self.type_number = item[0]
        self.kind = TYPES[is_new].get(item[0])
        if self.kind is None:
            raise Refused("no such message")
        if len(item) != ELEMENTS[self.kind]:
            raise Refused("another number of elements")
        if not isinstance(item[1], dict) or not all(is_uint(label) for label in item[1]):
            raise Refused("options that are no map")
        self.options = {}
        for label, value in item[1].items():
            name = name_of(label, is_new)
            if name in BOUNDS and not BOUNDS[name](value, is_new):
                raise Refused(f"{name} is out of bounds")
            self.options[name or str(label)] = value
        self.rest = item[2:]
        if self.kind == "query-request":
            suites, profiles, items = self.rest
            if not (is_list(suites, is_suite) and is_list(profiles, is_profile) and is_uint(items)):
                raise Refused("a request without its lists")
        if self.kind == "error" and not (is_uint(self.rest[0]) and self.rest[0] != 0):
            raise Refused("an error code of 0")
        self.encoded = encoded

    def facts(self):
        facts = {"message": self.kind, "type_number": self.type_number, "options": shaped(self.options)}
        facts["payload_sha256"] = hashlib.sha256(self.encoded).hexdigest()
        if self.kind == "query-request":
            facts["supported-teep-cipher-suites"], facts["supported-suit-cose-profiles"] = self.rest[:2]
            facts["data-item-requested"] = self.rest[2]
        if self.kind == "error":
            facts["err-code"] = self.rest[0]
        return facts

    def departures(self, context):
        """The rules that this message breaks in an exchange where the receiver knows `context`."""
        found, has = [], self.options.__contains__
        if self.kind == "query-request":
            asks = bool(self.rest[2] & 1)
            if asks and has("token"):
                found.append("token-with-attestation-bit")
            if not asks and not has("token"):
                found.append("token-missing")
            if not asks and has("challenge"):
                found.append("challenge-without-attestation-bit")
            if not asks and has("supported-freshness-mechanisms"):
                found.append("freshness-mechanisms-without-attestation-bit")
        token = self.options.get("token")
        if self.kind == "query-response" and "request_token" in context:
            due = bytes.fromhex(context["request_token"])
            if token is None:
                found.append("token-missing-in-response")
            elif token != due:
                found.append("token-mismatch")
        if self.kind in ("success", "error") and "update_token" in context:
            due = bytes.fromhex(context["update_token"])
            if token is not None and token != due:
                found.append("token-mismatch")
            for report in self.options.get("suit-reports", []):
                if cbor2.loads(report).get(2) != due:
                    found.append("suit-report-nonce-mismatch")
        if self.kind == "error":
            wanted = {
                3: "supported-freshness-mechanisms", 4: "versions", 5: "supported-teep-cipher-suites",
                8: "supported-suit-cose-profiles",
            }  # fmt: skip
            name = wanted.get(self.rest[0])
            if name and not has(name):
                found.append(f"{name}-missing")
        return found


def shaped(value):
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list):
        return [shaped(one) for one in value]
    if isinstance(value, dict):
        return {str(key): shaped(one) for key, one in value.items()}
    return value


def header(encoded):
    if encoded:
        reject_duplicates(encoded)
    found = cbor2.loads(encoded) if encoded else {}
    if not isinstance(found, dict):
        raise Refused("a protected header that is no map")
    if 2 in found:
        raise Refused("critical headers that are not known")
    return found


class Signed:
    """COSE_Sign1 or COSE_Sign: its payload, and which keys sign it how."""

    def __init__(self, data):
        reject_duplicates(data)
        item = cbor2.loads(data)
        if not isinstance(item, cbor2.CBORTag) or item.tag not in (18, 98) or len(item.value) != 4:
            raise Refused("neither COSE_Sign1 nor COSE_Sign")
        self.is_sign = item.tag == 98
        self.body, self.unprotected, self.payload, last = item.value
        header(self.body)
        if not isinstance(self.payload, bytes):
            raise Refused("the payload is not here")
        if self.is_sign:
            self.signatures = [(header(p), u, p, s) for p, u, s in last]
        else:
            self.signatures = [(header(self.body), self.unprotected, self.body, last)]

    def structures(self, protected, body):
        if self.is_sign:
            return cbor2.dumps(["Signature", body, protected, b"", self.payload])
        return cbor2.dumps(["Signature1", b"" if protected == b"\xa0" else protected, b"", self.payload])

    def signers(self, keys, body):
        """For each signature the names of the keys that verify it, if the body's header signs as `body`."""
        found = []
        for protected, _, encoded, signature in self.signatures:
            message = self.structures(encoded, body)
            found.append([key.name for key in keys if key.verifies(protected.get(1), message, signature)])
        return found


def decrypted(message, other, key):
    """COSE_Encrypt for ECDH-ES+A128KW (RFC 9053 6.4), whose KDF context ends with `other`."""
    item = cbor2.loads(message)
    assert item.tag == 96
    protected, unprotected, ciphertext, recipients = item.value
    own_protected, own_unprotected, wrapped = recipients[0]
    assert cbor2.loads(own_protected)[1] == -29 and cbor2.loads(protected)[1] == 1
    ephemeral = own_unprotected[-1]
    y = ephemeral[-3]
    if isinstance(y, bool):
        point = bytes([2 + y]) + ephemeral[-2]
    else:
        point = b"\x04" + ephemeral[-2] + y
    shared = key.private().exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point))
    nobody = [None, None, None]
    info = cbor2.dumps([-3, nobody, nobody, [128, own_protected, other]])
    kek = HKDF(algorithm=hashes.SHA256(), length=16, salt=None, info=info).derive(shared)
    try:
        cek = aes_key_unwrap(kek, wrapped)
        aad = cbor2.dumps(["Encrypt", protected, b""])
        return AESGCM(cek).decrypt(unprotected[5], ciphertext, aad)
    except (InvalidUnwrap, InvalidTag):
        return None


def judged(data, case, keys):
    """What this program says of a case: its facts, or Refused."""
    is_new = case["facts"]["numbering"].startswith("iana")
    facts = {"length": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    if case["kind"] == "teep-message":
        message = Message(data, is_new)
        return {**facts, **message.facts()}
    signed = Signed(data)
    # h'a0' signs as h'' (RFC 9052 4.4), and as it was received under a switch that the case names.
    stated = case["facts"].get("signed_body_protected")
    body = b"" if signed.body == b"\xa0" and stated != "a0" else signed.body
    by = signed.signers(keys, body)
    names = [name for names in by for name in names]
    if not names:
        raise Refused("nobody who is known signed it")
    message = Message(signed.payload, is_new)
    if signed.is_sign and message.kind != "query-request":
        raise Refused("COSE_Sign around another message than the first")
    facts |= {"cose": "COSE_Sign" if signed.is_sign else "COSE_Sign1", "verifies_with": names}
    facts["payload"] = message.facts()
    if signed.is_sign:
        facts["body_protected_hex"] = signed.body.hex()
        shown = zip(signed.signatures, by)
        facts["signers"] = [
            {"protected": shaped(p), "unprotected": shaped(u), "verifies_with": who} for (p, u, _, _), who in shown
        ]
    else:
        facts["protected"], facts["unprotected"] = shaped(header(signed.body)), shaped(signed.unprotected)
    departures = message.departures(case["facts"].get("context", {}))
    encrypted = case["facts"].get("encrypted")
    if encrypted:
        payload = message.options["attestation-payload"]
        recipient = next(key for key in keys if key.name == encrypted["recipient"])
        plaintext = decrypted(payload, encrypted["supp_pub_other"].encode(), recipient)
        assert hashlib.sha256(plaintext).hexdigest() == encrypted["plaintext_sha256"]
        if decrypted(payload, b"EAT Encryption", recipient) is None:
            departures.append("eat-encryption-context")
    if len(departures) > 1:
        raise Refused(f"more than one rule is broken: {departures}")
    facts["strict_violation"] = departures[0] if departures else None
    return facts


def agrees(found, stated):
    """Whether all that is stated, and that this program tells too, is the same."""
    if isinstance(found, dict) and isinstance(stated, dict):
        return all(agrees(found[key], stated[key]) for key in found if key in stated)
    if isinstance(found, list) and isinstance(stated, list):
        return len(found) == len(stated) and all(map(agrees, found, stated))
    return found == stated


def message_case(case, folder):
    keys = [Key(folder / path) for path in case["keys"]]
    data = (folder / case["file"]).read_bytes()
    try:
        found = judged(data, case, keys)
    except (Refused, UnicodeDecodeError, cbor2.CBORError) as refused:
        return case["expect"] == "invalid" or f"refused: {refused}"
    if case["expect"] == "invalid":
        return "taken"
    stated = case["facts"]
    if found.get("strict_violation") != stated.get("strict_violation"):
        return f"breaks {found['strict_violation']}"
    return agrees(found, stated) or f"{found} is not {stated}"


class Exchange:
    """A small model of both sides: what each makes of a step."""

    def __init__(self, script, case, folder):
        self.is_new = script["numbering"].startswith("iana")
        self.keys = {path: Key(folder / path) for path in case["keys"]}
        self.by_name = {key.name: key for key in self.keys.values()}
        self.random = [bytes.fromhex(one["hex"]) for one in script["randomness"]["tam"]]
        self.tam_keys = [self.keys[path] for path in script["agent"]["tam_keys"]]
        self.agent_keys = [self.keys[path] for path in script["tam"]["agent_keys"]]
        self.verifier_keys = [self.keys[path] for path in script["tam"]["verifier_keys"]]
        self.folder = folder
        self.challenge = self.token = self.manifests = None
        self.agent_challenge = self.agent_waits = self.evidence = None
        self.seen, self.shown = set(), set()

    def open(self, data, keys):
        signed = Signed(data)
        if not any(signed.signers(keys, signed.body)):
            raise Refused("nobody who is known signed it")
        return Message(signed.payload, self.is_new)

    def claims(self, token, keys):
        signed = Signed(token)
        if not any(signed.signers(keys, signed.body)):
            raise Refused("nobody who is known signed it")
        return cbor2.loads(signed.payload)

    def signed_by(self, step, data):
        """Every key of the step signs the message, the payload within or a manifest within."""
        found = set()

        def look(data):
            try:
                signed = Signed(data)
            except (Refused, cbor2.CBORError, TypeError, ValueError):
                return None
            for names in signed.signers(self.by_name.values(), signed.body):
                found.update(names)
            return signed

        signed = look(data)
        try:
            message = Message(signed.payload, self.is_new)
        except Refused:
            message = None
        for envelope in message.options.get("manifest-list", []) if message else []:
            wrapper = cbor2.loads(cbor2.loads(envelope)[2])
            for block in wrapper[1:]:
                protected, _, _, signature = cbor2.loads(block).value
                signs = cbor2.dumps(["Signature1", protected, b"", wrapper[0]])
                alg = header(protected)[1]
                found.update(key.name for key in self.by_name.values() if key.verifies(alg, signs, signature))
        return found == set(step["signed_by"])

    def digests(self, message):
        envelopes = message.options.get("manifest-list", [])
        found = []
        for envelope in envelopes:
            members = cbor2.loads(envelope)
            algorithm, digest = cbor2.loads(cbor2.loads(members[2])[0])
            assert algorithm == -16 and hashlib.sha256(cbor2.dumps(members[3])).digest() == digest
            found.append(digest)
        return found

    def draw(self):
        return self.random.pop(0)

    def step(self, step):
        """The action that is due, and the type of the answer."""
        if step["message"] == "process-connect":
            self.challenge = self.draw()
            return "answer", "query-request"
        data = (self.folder / step["file"]).read_bytes()
        if not self.signed_by(step, data):
            raise Refused("other keys sign it")
        if step["via"] == "withheld":
            return None
        return getattr(self, "at_" + step["to"])(step, data)

    def at_agent(self, step, data):
        message = self.open(data, self.tam_keys)
        if message.kind == "query-request":
            if step["via"] == "direct" and message.options["challenge"] != self.challenge:
                raise Refused("another challenge than the one that was drawn")
            self.agent_challenge, self.agent_waits = message.options["challenge"], True
            return "answer", "query-response"
        if message.kind != "update" or not self.agent_waits or message.encoded in self.seen:
            return "answer", "error"
        if message.options["token"] != self.token:
            raise Refused("another token than the one that was drawn")
        self.seen.add(message.encoded)
        self.agent_waits, self.manifests = False, self.digests(message)
        return "answer", "success"

    def at_verifier(self, step, data):
        if data != self.evidence:
            raise Refused("other Evidence than came")
        return "accept", None

    def at_tam(self, step, data):
        if step["message"] == "attestation-result":
            claims = self.claims(data, self.verifier_keys)
            confirms = claims[8][3] == self.agent_keys[0].thumbprint
            if claims[10] != self.challenge or not confirms or not 2 <= claims[1000] <= 31:
                raise Refused("a result that attests nobody")
            self.challenge, self.token = None, self.draw()
            return "answer", "update"
        message = self.open(data, self.agent_keys)
        if message.kind == "query-response":
            evidence = message.options["attestation-payload"]
            nonce = self.claims(evidence, self.by_name.values())[10]
            if nonce != self.challenge:
                return "drop", None
            self.evidence = evidence
            return "accept", None
        if message.kind == "success" and message.options["token"] == self.token:
            for report in map(cbor2.loads, message.options["suit-reports"]):
                if report[2] != self.token or report[99][1][1] not in self.manifests:
                    raise Refused("a report about something else")
            self.token = None
            return "accept", None
        return "drop", None


def session_case(case, folder):
    script = json.loads((folder / case["file"]).read_text())
    exchange = Exchange(script, case, folder)
    for step in script["steps"]:
        try:
            due = exchange.step(step)
        except Refused as refused:
            return f"step {step['n']}: {refused}"
        if due is None:
            continue
        receiver = step["receiver"]
        allowed = [receiver, *receiver.get("alternatives", [])]
        if not any((one["action"], one.get("answer")) == due for one in allowed):
            return f"step {step['n']}: {due}, where {receiver} is stated"
    return True


def main(folders):
    wrong, counts = [], {}
    for folder in map(pathlib.Path, folders):
        for case in json.loads((folder / "cases.json").read_text())["cases"]:
            verdict = (session_case if case["kind"] == "session" else message_case)(case, folder)
            counts[case["kind"]] = counts.get(case["kind"], 0) + 1
            if verdict is not True:
                wrong.append(f"{case['name']}: {verdict}")
    print(f"TEEP: {counts}, {len(wrong)} judged otherwise")
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return 1 if wrong or not counts else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
