"""Judges transparent SUIT envelopes with cbor2, cryptography and hashlib alone, in the order of docs/transparent-suit.md 7.

usage: transparent.py VECTORS... DOCUMENT.md...

Of a document the examples are checked: that digest, block, receipt and entry are those of the envelope, that the receipt
leads from the entry to the root that was signed, and that both signatures verify.
"""

import hashlib
import json
import pathlib
import re
import sys

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils

from family import url64


def key_of(path):
    jwk = json.loads(path.read_text())
    if jwk["kty"] == "OKP":
        return ed25519.Ed25519PublicKey.from_public_bytes(url64(jwk["x"]))
    x, y = (int.from_bytes(url64(jwk[part]), "big") for part in "xy")
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def verifies(key, alg, protected, payload, signature):
    message = cbor2.dumps(["Signature1", protected, b"", payload])
    try:
        if isinstance(key, ed25519.Ed25519PublicKey):
            if alg not in (-8, -19):
                return False
            key.verify(signature, message)
        else:
            if alg not in (-7, -9) or len(signature) != 64:
                return False
            r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
            key.verify(utils.encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
        return True
    except InvalidSignature:
        return False


def sign1(encoded):
    item = cbor2.loads(encoded)
    if not isinstance(item, cbor2.CBORTag) or item.tag != 18:
        return None
    protected, unprotected, payload, signature = item.value
    return protected, cbor2.loads(protected) if protected else {}, unprotected, payload, signature


def fold(leaf, size, index, path):
    """RFC 9162 2.1.3.2."""
    if index >= size:
        return None
    fn, sn, root = index, size - 1, leaf
    for node in path:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            root = hashlib.sha256(b"\x01" + node + root).digest()
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            root = hashlib.sha256(b"\x01" + root + node).digest()
        fn, sn = fn >> 1, sn >> 1
    return root if sn == 0 else None


def counted(block, payload, device, keys):
    protected, _, unprotected, _, signature = block
    entry = b"\xd2\x84" + cbor2.dumps(protected) + b"\xa0" + cbor2.dumps(payload) + cbor2.dumps(signature)
    leaf = hashlib.sha256(b"\x00" + entry).digest()
    services = set()
    for encoded in unprotected.get(394, []):
        receipt = sign1(encoded)
        if receipt is None:
            continue
        head, header, proofs, attached, receipt_signature = receipt
        for service in device["services"]:
            is_his = (header.get(1), header.get(395)) == (service["alg"], service["vds"])
            if not is_his or header.get(15, {}).get(1) != service["iss"] or attached is not None:
                continue
            for proof in proofs.get(396, {}).get(-1, []):
                root = fold(leaf, *cbor2.loads(proof))
                if root and verifies(keys(service["key"]), header[1], head, root, receipt_signature):
                    services.add(service["name"])
    return len(services)


def classes_of(manifest):
    """The class of the first parameters, if there is a condition on the class: what the manifests of these files have."""
    shared = cbor2.loads(cbor2.loads(manifest[3])[4])
    pairs = list(zip(shared[::2], shared[1::2]))
    parameters = next(argument for command, argument in pairs if command == 20)
    identifier = parameters[2].hex()
    urn = "urn:uuid:" + "-".join(identifier[a:b] for a, b in ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32)))
    return [urn] if any(command == 2 for command, _ in pairs) else []


def step_of(block, others, payload, envelope, device, keys):
    manifest_item = cbor2.dumps(envelope[3])
    algorithm, digest = cbor2.loads(payload)
    if block is None or algorithm != -16 or hashlib.sha256(manifest_item).digest() != digest:
        return 1
    protected, header, _, attached, signature = block
    if attached is not None or header.get(16) != device["typ"] or header.get(3) != 60 or header.get(1) in (None, -7, -8):
        return 1
    if header.get(2, [16]) != [16] or {258, 259, 260} & set(header) or not isinstance(header.get(4), bytes):
        return 1
    signer = next((name for name in device["firmware_keys"] if verifies(keys(name), header[1], protected, payload, signature)), None)
    if signer is None:
        return 1
    for other in others:
        if device["receipts_required"] and other is not None and (other[0], other[4]) != (protected, signature):
            if other[1].get(1) == header[1] and verifies(keys(signer), header[1], other[0], payload, other[4]):
                return 1
    claims, manifest = header.get(15, {}), cbor2.loads(envelope[3])
    number = claims.get("suit-sequence")
    issuer = device["issuer_of_key"][pathlib.Path(signer).name.removesuffix(".jwk.json")]
    if type(number) is not int or number != manifest[2] or claims.get(1) != issuer:
        return 2
    if claims.get(2) not in device["classes"] or claims[2] not in classes_of(manifest):
        return 2
    if device["receipts_required"] and counted(block, payload, device, keys) < device["k"]:
        return 3
    stored = device.get("stored_sequence")
    if stored is not None and number <= stored:
        if number < stored or device.get("stored_digest") != digest.hex():
            return 4
    return None


def judge(case, folder):
    device = case["facts"]["device"]
    cache = {}
    keys = lambda name: cache.setdefault(name, key_of(folder / name))
    data = (folder / case["file"]).read_bytes()
    envelope = cbor2.loads(data)
    assert envelope.tag == 107
    envelope = envelope.value
    wrapper = cbor2.loads(envelope[2])
    payload, blocks = wrapper[0], [sign1(block) for block in wrapper[1:]]
    steps = []
    for place, block in enumerate(blocks):
        others = blocks[:place] + blocks[place + 1 :]
        steps.append(step_of(block, others, payload, envelope, device, keys))
        if steps[-1] is None:
            break
    step = None if None in steps else max(steps, default=1)
    verdict = case["facts"]["verdict"]
    return (step, "accept" if step is None else "refuse") == (verdict["step"], verdict["update"])


# The public keys of RFC 6979 A.2.5, which signs the block, and of RFC 8032 7.1 (test 1), which signs the receipt.
AUTHOR = (
    0x60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6,
    0x7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299,
)
SERVICE = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"


def examples(text):
    """What is wrong with the examples between the two marks."""
    shown = text.split("<!-- examples:")[1].split("<!-- end of examples -->")[0]
    # Lines of hex without anything around them: the entry with its leaf hash, and the envelope.
    listings = [block for block in re.findall(r"```\n([0-9a-f\n]+)```", shown)]
    (*entry, leaf), envelope_lines = listings[0].split(), listings[1].split()
    entry, leaf, data = bytes.fromhex("".join(entry)), bytes.fromhex(leaf), bytes.fromhex("".join(envelope_lines))
    envelope = cbor2.loads(data)
    payload, encoded = cbor2.loads(envelope.value[2])
    algorithm, digest = cbor2.loads(payload)
    protected, header, unprotected, attached, signature = sign1(encoded)
    (receipt,) = unprotected[394]
    head, receipt_header, proofs, receipt_payload, receipt_signature = sign1(receipt)
    (proof,) = proofs[396][-1]
    root = fold(leaf, *cbor2.loads(proof))
    author = ec.EllipticCurvePublicNumbers(*AUTHOR, ec.SECP256R1()).public_key()
    service = ed25519.Ed25519PublicKey.from_public_bytes(bytes.fromhex(SERVICE))
    manifest = cbor2.loads(envelope.value[3])
    made = b"\xd2\x84" + cbor2.dumps(protected) + b"\xa0" + cbor2.dumps(payload) + cbor2.dumps(signature)
    # The notation shows byte strings as h'..': each long one has to be one of the envelope.
    strings = re.findall(r"h'([0-9a-f]{64,})'", shown)
    claims = {
        "the digest is that of the manifest": algorithm == -16
        and hashlib.sha256(cbor2.dumps(envelope.value[3])).digest() == digest,
        "payloads are detached": attached is None and receipt_payload is None,
        "the claims are those of the manifest": header[15]["suit-sequence"] == manifest[2]
        and header[15][2] in classes_of(manifest),
        "the author signed the block": verifies(author, header[1], protected, payload, signature),
        "the entry is the one of the block": made == entry,
        "the leaf is that of the entry": hashlib.sha256(b"\x00" + entry).digest() == leaf,
        "the service signed the root": root is not None
        and verifies(service, receipt_header[1], head, root, receipt_signature),
        "the notation shows the same bytes": len(strings) >= 4 and all(bytes.fromhex(one) in data for one in strings),
    }
    return [claim for claim, holds in claims.items() if not holds]


def main(arguments):
    wrong, documents, total = [], [], 0
    paths = [pathlib.Path(argument) for argument in arguments]
    for document in (path for path in paths if path.suffix == ".md"):
        found = examples(document.read_text())
        print(f"{document}: {f'not so: {found}' if found else 'its examples verify'}")
        documents += found
    for folder in (path for path in paths if path.suffix != ".md"):
        for case in json.loads((folder / "cases.json").read_text())["cases"]:
            total += 1
            if not judge(case, folder):
                wrong.append(case["name"])
    print(f"transparent SUIT: {total} envelopes, {len(wrong)} judged otherwise {wrong or ''}")
    return 1 if wrong or documents or not total else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
