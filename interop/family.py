"""Judges the family's own vectors with nothing but cbor2, cryptography, hashlib and hmac, and asks for the verdict that is stated.

usage: family.py VECTORS
"""

import base64
import hashlib
import hmac
import json
import pathlib
import sys

import cbor2
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, keywrap
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

import published

CURVES = {"P-256": (ec.SECP256R1(), 32), "P-384": (ec.SECP384R1(), 48), "P-521": (ec.SECP521R1(), 66)}
ECDSA = {-7: ("P-256", hashes.SHA256()), -35: ("P-384", hashes.SHA384()), -36: ("P-521", hashes.SHA512())}
PSS = {-37: hashes.SHA256(), -38: hashes.SHA384(), -39: hashes.SHA512()}
RS256 = -257
HMAC = {4: ("sha256", 8), 5: ("sha256", 32), 6: ("sha384", 48), 7: ("sha512", 64)}


class Refused(Exception):
    """What makes an input invalid."""


class Differs(Exception):
    """A fact is another than stated."""


def url64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def reject_duplicates(encoded):
    """Walks one item and refuses a map that has an equal key twice: cbor2 alone would keep the last."""
    item, end = walk(encoded, 0)
    if end != len(encoded):
        raise Refused("something follows the item")
    return item


def walk(data, at):
    if at >= len(data):
        raise Refused("the input ends early")
    first = data[at]
    major, info = first >> 5, first & 31
    at += 1
    if info < 24:
        argument = info
    elif info < 28:
        size = 1 << (info - 24)
        if at + size > len(data):
            raise Refused("the input ends early")
        argument = int.from_bytes(data[at : at + size], "big")
        at += size
    else:
        raise Refused("a head that is not used here")
    if major in (2, 3):
        end = at + argument
        if end > len(data):
            raise Refused("the input ends early")
        content = data[at:end]
        return (content if major == 2 else content.decode()), end
    if major == 0:
        return argument, at
    if major == 1:
        return -1 - argument, at
    if major == 4:
        items = []
        for _ in range(argument):
            item, at = walk(data, at)
            items.append(item)
        return items, at
    if major == 5:
        found = {}
        for _ in range(argument):
            key, at = walk(data, at)
            value, at = walk(data, at)
            if key in found:
                raise Refused(f"the key {key} stands twice")
            found[key] = value
        return found, at
    if major == 6:
        content, at = walk(data, at)
        return cbor2.CBORTag(argument, content), at
    return {20: False, 21: True, 22: None}[info], at


def message(encoded, tag, elements):
    item = reject_duplicates(encoded)
    if tag is None:
        if not isinstance(item, list) or len(item) != elements:
            raise Refused("a tag, or another number of elements")
        return item
    if not isinstance(item, cbor2.CBORTag) or item.tag != tag:
        raise Refused("another tag")
    if not isinstance(item.value, list) or len(item.value) != elements:
        raise Refused("another structure")
    return item.value


def buckets(layer):
    protected = reject_duplicates(layer[0]) if layer[0] else {}
    unprotected = layer[1]
    if protected.keys() & unprotected.keys():
        raise Refused("a label in both buckets")
    if 2 in unprotected:
        raise Refused("crit is not protected")
    if 2 in protected:
        critical = protected[2]
        if not critical or any(label not in protected for label in critical):
            raise Refused("crit is empty, or names what is not there")
        if any(label not in (1, 2, 3, 4) for label in critical):
            raise Refused("crit names what is not processed")
    return protected, (layer[0] if protected else b"")


def public(jwk):
    if jwk["kty"] == "RSA":
        n, e = (int.from_bytes(url64(jwk[name]), "big") for name in "ne")
        return rsa.RSAPublicNumbers(e, n).public_key()
    if jwk["kty"] == "OKP":
        return ed25519.Ed25519PublicKey.from_public_bytes(url64(jwk["x"]))
    curve, _ = CURVES[jwk["crv"]]
    x, y = (int.from_bytes(url64(jwk[name]), "big") for name in "xy")
    return ec.EllipticCurvePublicNumbers(x, y, curve).public_key()


def check_signature(jwk, algorithm, signed, signature):
    key = public(jwk)
    try:
        if algorithm in ECDSA and jwk["kty"] == "EC":
            curve, function = ECDSA[algorithm]
            size = CURVES[curve][1]
            if jwk["crv"] != curve or len(signature) != 2 * size:
                raise Refused("another curve, or a signature of another length")
            r, s = (int.from_bytes(half, "big") for half in (signature[:size], signature[size:]))
            key.verify(utils.encode_dss_signature(r, s), signed, ec.ECDSA(function))
        elif algorithm in PSS and jwk["kty"] == "RSA":
            function = PSS[algorithm]
            scheme = padding.PSS(padding.MGF1(function), salt_length=function.digest_size)
            key.verify(signature, signed, scheme, function)
        elif algorithm == RS256 and jwk["kty"] == "RSA":
            key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        elif algorithm == -8 and jwk["kty"] == "OKP":
            key.verify(signature, signed)
        else:
            raise Refused(f"algorithm {algorithm} with such a key")
    except InvalidSignature as error:
        raise Refused("the signature is wrong") from error


def sign1(folder, case):
    file = json.loads((folder / case["file"]).read_text())
    layer = message(bytes.fromhex(file["output"]["cbor"]), case["facts"].get("tag", 18), 4)
    protected, signed_protected = buckets(layer)
    sign0 = file["input"]["sign0"]
    payload = layer[2]
    if file["input"].get("detached"):
        if payload is not None:
            raise Refused("not detached")
        payload = bytes.fromhex(file["input"]["plaintext_hex"])
    signed = cbor2.dumps(["Signature1", signed_protected, bytes.fromhex(sign0["external"]), payload])
    stated = file["intermediates"]["ToBeSign_hex"]
    if stated and stated != signed.hex():
        raise AssertionError(f"{case['name']}: another Sig_structure")
    check_signature(sign0["key"], protected.get(1), signed, layer[3])


def sign(folder, case):
    file = json.loads((folder / case["file"]).read_text())
    layer = message(bytes.fromhex(file["output"]["cbor"]), 98, 4)
    _, body = buckets(layer)
    signers = file["input"]["sign"]["signers"]
    if len(signers) != len(layer[3]):
        raise Refused("another number of signatures")
    for signer, signature in zip(signers, layer[3]):
        protected, signed_protected = buckets(signature)
        signed = cbor2.dumps(["Signature", body, signed_protected, b"", layer[2]])
        check_signature(signer["key"], protected.get(1), signed, signature[2])


def mac0(folder, case):
    file = json.loads((folder / case["file"]).read_text())
    layer = message(bytes.fromhex(file["output"]["cbor"]), 17, 4)
    protected, body = buckets(layer)
    one = file["input"]["mac0"]
    function, length = HMAC[protected[1]]
    tagged = cbor2.dumps(["MAC0", body, bytes.fromhex(one["external"]), layer[2]])
    tag = hmac.new(url64(one["recipients"][0]["key"]["k"]), tagged, function).digest()[:length]
    if tag != layer[3]:
        raise Refused("the tag is wrong")


def agreed_secret(jwk, sent):
    """The secret of the receiver's private key and the public key that the sender brought."""
    if jwk["kty"] == "OKP":
        own = x25519.X25519PrivateKey.from_private_bytes(url64(jwk["d"]))
        return own.exchange(x25519.X25519PublicKey.from_public_bytes(sent[-2]))
    curve, _ = CURVES[jwk["crv"]]
    own = ec.derive_private_key(int.from_bytes(url64(jwk["d"]), "big"), curve)
    x, y = (int.from_bytes(sent[label], "big") for label in (-2, -3))
    return own.exchange(ec.ECDH(), ec.EllipticCurvePublicNumbers(x, y, curve).public_key(curve))


def encrypt(folder, case):
    """A128GCM under a key that ECDH-ES with A128KW wraps (RFC 9053 5.2, 6.4.1)."""
    file = json.loads((folder / case["file"]).read_text())
    layer = message(bytes.fromhex(file["output"]["cbor"]), 96, 4)
    _, body = buckets(layer)
    (receiver,) = file["input"]["enveloped"]["recipients"]
    (recipient,) = layer[3]
    protected, bound = buckets(recipient)
    if protected[1] != -29:
        raise Refused("another recipient algorithm")
    known = {name: text.encode() for name, text in receiver["unsent"].items()}
    parties = [[known.get(f"{party}_{name}") for name in ("id", "nonce", "other")] for party in ("apu", "apv")]
    public_info = [128, bound] + ([known["pub_other"]] if "pub_other" in known else [])
    private_info = [known["priv_other"]] if "priv_other" in known else []
    context = cbor2.dumps([-3, *parties, public_info, *private_info])
    secret = agreed_secret(receiver["key"], recipient[1][-1])
    wrapping = HKDF(hashes.SHA256(), 16, recipient[1].get(-20), context).derive(secret)
    try:
        content = keywrap.aes_key_unwrap(wrapping, recipient[2])
        aad = cbor2.dumps(["Encrypt", body, b""])
        plaintext = AESGCM(content).decrypt(layer[1][5], layer[2], aad)
    except (keywrap.InvalidUnwrap, InvalidTag) as error:
        raise Refused("it does not open") from error
    if plaintext.hex() != file["input"]["plaintext_hex"]:
        raise Refused("another plaintext")


def thumbprint(folder, case):
    key = reject_duplicates((folder / case["file"]).read_bytes())
    required = [1, -1, -2, -3] if key[1] == 2 else [1, -1, -2]
    hashed = cbor2.dumps({label: key[label] for label in required})
    facts = case["facts"]
    digest = hashlib.sha256(hashed).digest()
    if hashed.hex() != facts["thumbprint_input_hex"] or digest.hex() != facts["thumbprint_sha256"]:
        raise Refused("another thumbprint")
    name = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    if facts["uri"] != f"urn:ietf:params:oauth:ckt:sha-256:{name}":
        raise Refused("another URI")


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of_inclusion(leaf, index, size, path):
    """RFC 9162 2.1.3.2, as it is written there."""
    if index >= size:
        raise Refused("no such leaf")
    fn, sn, found = index, size - 1, leaf
    for element in path:
        if sn == 0:
            raise Refused("an element too many")
        if fn & 1 or fn == sn:
            found = node(element, found)
            while not fn & 1 and fn:
                fn >>= 1
                sn >>= 1
        else:
            found = node(found, element)
        fn >>= 1
        sn >>= 1
    if sn:
        raise Refused("an element is missing")
    return found


def inclusion(folder, case):
    file = json.loads((folder / case["file"]).read_text())
    leaf, root = (base64.b64decode(file[name]) for name in ("leafHash", "root"))
    path = [base64.b64decode(element) for element in file["proof"]]
    if root_of_inclusion(leaf, file["leafIdx"], file["treeSize"], path) != root:
        raise Refused("another root")


def consistency(folder, case):
    file = json.loads((folder / case["file"]).read_text())
    old, new = (base64.b64decode(file[name]) for name in ("root1", "root2"))
    path = [base64.b64decode(element) for element in file["proof"]]
    follow(file["size1"], old, file["size2"], new, path)


def follow(first, old, second, new, path):
    """RFC 9162 2.1.4.2, as it is written there."""
    if first == second:
        if path or old != new:
            raise Refused("equal sizes have equal roots and no path")
        return
    if not path:
        raise Refused("no path")
    if first & (first - 1) == 0:
        path = [old] + path
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn >>= 1
        sn >>= 1
    fr = sr = path[0]
    for element in path[1:]:
        if sn == 0:
            raise Refused("an element too many")
        if fn & 1 or fn == sn:
            fr, sr = node(element, fr), node(element, sr)
            while not fn & 1 and fn:
                fn >>= 1
                sn >>= 1
        else:
            sr = node(sr, element)
        fn >>= 1
        sn >>= 1
    if fr != old or sr != new or sn:
        raise Refused("other roots")


def peak_of_inclusion(found, index, path):
    """draft-bryce-cose-receipts-mmr-profile, included_root: a node commits to its own position."""

    def height(index):
        position = index + 1
        while position & (position + 1):
            position -= (1 << (position.bit_length() - 1)) - 1
        return position.bit_length() - 1

    at = height(index)
    for sibling in path:
        if height(index + 1) > at:
            index += 1
            found = hashlib.sha256((index + 1).to_bytes(8, "big") + sibling + found).digest()
        else:
            index += 2 << at
            found = hashlib.sha256((index + 1).to_bytes(8, "big") + found + sibling).digest()
        at += 1
    return found


def receipt(folder, case):
    layer = message((folder / case["file"]).read_bytes(), 18, 4)
    protected, signed_protected = buckets(layer)
    if protected.get(395) not in (1, 3) or layer[2] is not None:
        raise Refused("another structure, or a payload")
    entry = bytes.fromhex(case["facts"]["entry_hex"])
    (proof,) = layer[1][396][-1]
    if protected[395] == 1:
        size, index, path = reject_duplicates(proof)
        root = root_of_inclusion(hashlib.sha256(b"\x00" + entry).digest(), index, size, path)
    else:
        index, path = reject_duplicates(proof)
        root = peak_of_inclusion(hashlib.sha256(entry).digest(), index, path)
    key = json.loads((folder / case["keys"][0]).read_text())
    signed = cbor2.dumps(["Signature1", signed_protected, b"", root])
    check_signature(key, protected.get(1), signed, layer[3])


def head(encoded, key):
    """Size and root of an RFC 9162 log, under one signature."""
    layer = message(encoded, 18, 4)
    protected, signed_protected = buckets(layer)
    claims = protected.get(15)
    if protected.get(395) != 1 or not isinstance(claims, dict) or claims.get(2) != "scitt.tree-head.v1":
        raise Refused("another structure, or another subject")
    signed = cbor2.dumps(["Signature1", signed_protected, b"", layer[2]])
    check_signature(key, protected.get(1), signed, layer[3])
    try:
        content = reject_duplicates(layer[2])
    except (ValueError, IndexError) as error:
        raise Refused("no CBOR") from error
    if not isinstance(content, list) or len(content) != 2:
        raise Refused("no size and root")
    size, root = content
    if type(size) is not int or size < 0 or not isinstance(root, bytes) or len(root) != 32:
        raise Refused("no size, or no root")
    if size == 0 and root != hashlib.sha256().digest():
        raise Refused("another root of no entries")
    return size, root


def log_key(folder, case):
    return json.loads((folder / case["keys"][0]).read_text())


def signed_head(folder, case):
    size, root = head((folder / case["file"]).read_bytes(), log_key(folder, case))
    stated = case["facts"]
    if stated and (stated["size"], stated["root"]) != (size, root.hex()):
        raise Refused("other facts")


def fork_proof(folder, case):
    """Two heads of one service, and a path from another root of the older size to the newer root."""
    version, older, newer, other_root, path = reject_duplicates((folder / case["file"]).read_bytes())
    key = log_key(folder, case)
    if version != 1 or older[0] != 1 or newer[0] != 1:
        raise Refused("another form")
    (size1, root1), (size2, root2) = head(older[1], key), head(newer[1], key)
    if size1 == size2:
        if root1 == root2:
            raise Refused("one head")
    elif size1 > size2 or other_root == root1:
        raise Refused("no contradiction")
    else:
        follow(size1, other_root, size2, root2, path)
    stated = case["facts"]
    if stated and (stated["older_root"], stated["newer_root"]) != (root1.hex(), root2.hex()):
        raise Refused("other facts")


def entry_of(layer):
    """What a log has of a statement: SHA-256 over the tagged message with an empty unprotected header."""
    protected, _, payload, signature = layer
    return hashlib.sha256(cbor2.dumps(cbor2.CBORTag(18, [protected, {}, payload, signature]))).digest()


def check_logged(encoded, entry, services):
    """The receipt leads from the entry to a root that one of the services signed."""
    layer = message(encoded, 18, 4)
    protected, signed_protected = buckets(layer)
    if layer[2] is not None:
        raise Refused("a payload")
    (proof,) = layer[1][396][-1]
    proof = reject_duplicates(proof)
    if protected.get(395) == 2:
        transaction, evidence, data_hash = proof[1]
        if data_hash != entry:
            raise Refused("another statement")
        root = hashlib.sha256(transaction + hashlib.sha256(evidence.encode()).digest() + data_hash).digest()
        for left, sibling in proof[2]:
            root = hashlib.sha256(sibling + root if left else root + sibling).digest()
    elif protected.get(395) == 1:
        size, index, path = proof
        root = root_of_inclusion(hashlib.sha256(b"\x00" + entry).digest(), index, size, path)
    else:
        raise Refused("another structure")
    signed = cbor2.dumps(["Signature1", signed_protected, b"", root])
    key = next((key for key in services if key["kid"].encode() == protected.get(4)), None)
    if key is None:
        raise Refused("no such service")
    check_signature(key, protected.get(1), signed, layer[3])


def statement(folder, case):
    """A Signed Statement, with receipts in it, with one beside it, or with none."""
    is_apart = case["kind"] == "signed-statement+receipt"
    file = case["facts"]["statement"] if is_apart else case["file"]
    layer = message((folder / file).read_bytes(), 18, 4)
    protected, signed_protected = buckets(layer)
    issuer, *services = (json.loads((folder / name).read_text()) for name in case["keys"])
    check_signature(issuer, protected.get(1), cbor2.dumps(["Signature1", signed_protected, b"", layer[2]]), layer[3])
    if 258 in protected and len(layer[2]) != {-16: 32, -43: 48, -44: 64}[protected[258]]:
        raise Refused("no digest of that hash")
    if case["kind"] == "signed-statement":
        return
    receipts = [(folder / case["file"]).read_bytes()] if is_apart else layer[1][394]
    reasons = []
    for encoded in receipts:
        try:
            return check_logged(encoded, entry_of(layer), services)
        except (Refused, KeyError) as reason:
            reasons.append(str(reason))
    raise Refused("; ".join(reasons))


SUIT_HASHES = {-16: hashlib.sha256, -43: hashlib.sha384, -44: hashlib.sha512}


def check_suit_digest(digest, member):
    """A SUIT_Digest over a byte string with its head (draft-ietf-suit-manifest 8.2, 8.5)."""
    algorithm, value = digest
    if SUIT_HASHES[algorithm](cbor2.dumps(member)).digest() != value:
        raise Refused("a digest is another")


def block(encoded, payload, keys):
    """One authentication block, detached, under any of the keys (draft-ietf-suit-manifest 8.3)."""
    item = reject_duplicates(encoded)
    layer = item.value
    protected, body = buckets(layer)
    if layer[2] is not None:
        raise Refused("a block with a payload")
    if item.tag == 17:
        function, length = HMAC[protected[1]]
        tagged = cbor2.dumps(["MAC0", body, b"", payload])
        tags = [hmac.new(url64(key["k"]), tagged, function).digest()[:length] for key in keys if key["kty"] == "oct"]
        if layer[3] not in tags:
            raise Refused("the tag is wrong")
        return
    signatures = [(None, protected, layer[3])] if item.tag == 18 else []
    if item.tag == 98:
        signatures = [(one[0], buckets(one)[0], one[2]) for one in layer[3]]
    if not signatures:
        raise Refused("another message, or nobody signed")
    for signer, header, signature in signatures:
        context = ["Signature1", body, b"", payload] if signer is None else ["Signature", body, signer, b"", payload]
        for key in keys:
            try:
                check_signature(key, header.get(1), cbor2.dumps(context), signature)
                break
            except Refused:
                continue
        else:
            raise Refused("a signature is of none of the keys")


def envelope(folder, case):
    keys = [json.loads((folder / name).read_text()) for name in case["keys"]]
    authentic((folder / case["file"]).read_bytes(), keys)


def authentic(encoded, keys):
    item = reject_duplicates(encoded)
    if not isinstance(item, cbor2.CBORTag) or item.tag != 107:
        raise Refused("another tag")
    members = item.value
    wrapper = reject_duplicates(members[2])
    check_suit_digest(reject_duplicates(wrapper[0]), members[3])
    if len(wrapper) < 2:
        raise Refused("no authentication block")
    for encoded in wrapper[1:]:
        block(encoded, wrapper[0], keys)
    manifest = reject_duplicates(members[3])
    for label in members.keys() - {2, 3}:
        if isinstance(label, str):
            continue  # a payload, for which nobody vouches here
        if not isinstance(manifest.get(label), list):
            raise Refused("a member that the manifest has no digest of")
        check_suit_digest(manifest[label], members[label])


def processing(folder, case):
    """Authentic, of the components that its platform has, and with the effects that a naive reading finds (published.py)."""
    envelope(folder, case)
    manifest = reject_duplicates(reject_duplicates((folder / case["file"]).read_bytes()).value[3])
    common = reject_duplicates(manifest[3])
    if any(index >= len(common[2]) for index in common.get(1, {})):
        raise Refused("a dependency beyond the components")
    known = {tuple(component["id"]) for component in case["facts"]["platform"]["components"]}
    for component in common[2]:
        if tuple(segment.hex() for segment in component) not in known:
            raise Refused("a component that the platform does not have")
    keys = [json.loads((folder / name).read_text()) for name in case["keys"]]

    def is_authentic(dependency):
        try:
            authentic(dependency, keys)
        except Refused:
            return False
        return True

    found = published.judge(case["facts"], (folder / case["file"]).read_bytes(), folder, is_authentic)
    for fact, value in found.items():
        if value != case["facts"][fact]:
            raise Differs(f"{fact} is {value}, stated {case['facts'][fact]}")
    if found["verdict"] != "success":
        raise Refused(found["verdict"])


KINDS = {
    "cose-sign1": sign1,
    "cose-sign": sign,
    "cose-mac0": mac0,
    "cose-encrypt": encrypt,
    "cose-key-thumbprint": thumbprint,
    "rfc9162-inclusion": inclusion,
    "rfc9162-consistency": consistency,
    "receipt-of-inclusion": receipt,
    "signed-statement": statement,
    "signed-statement+receipt": statement,
    "transparent-statement": statement,
    "signed-head": signed_head,
    "fork-proof": fork_proof,
    "envelope": envelope,
    "processing": processing,
}


def main(vectors):
    judged, wrong = 0, []
    for area in ("cose", "merkle", "scitt", "suit"):
        folder = pathlib.Path(vectors) / area
        for case in json.loads((folder / "cases.json").read_text())["cases"]:
            judge = KINDS.get(case["kind"])
            if judge is None:
                wrong.append(f"{case['name']}: nobody here judges {case['kind']}")
                continue
            judged += 1
            try:
                judge(folder, case)
                verdict, reason = "valid", "nothing was found"
            except Refused as refused:
                verdict, reason = "invalid", str(refused)
            except Differs as differs:
                verdict, reason = "another", str(differs)
            if verdict != case["expect"]:
                wrong.append(f"{case['name']}: {verdict} ({reason}), {case['expect']} is stated")
    print(f"{judged} of the family's vectors judged, {len(wrong)} otherwise than stated")
    for line in wrong:
        print(line)
    return 1 if wrong or not judged else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
