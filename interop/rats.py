"""Attestation tokens: those that were made here are opened by python-cwt, pycose and joserfc, and those make others.

    rats.py check FILE     opens the tokens in FILE
    rats.py make FILE      writes tokens to FILE
    rats.py family FOLDER  judges the family's own vectors, with nothing but cbor2 and cryptography
"""

import base64
import hashlib
import json
import pathlib
import sys
import warnings

import cbor2
import cwt
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OctKey, OKPKey
from pycose.keys import EC2Key, OKPKey as CoseOkp, SymmetricKey
from pycose.messages import CoseMessage, Mac0Message, Sign1Message
from pycose import algorithms, headers

# joserfc says of every EdDSA that RFC 9864 has another name for it.
warnings.filterwarnings("ignore", message=".*RFC 9864")

IAT = 1_700_000_000
CLAIMS = {
    1: "https://maker.example", 6: IAT, 10: b"\x07" * 16, 256: b"\x01" * 17, 258: 64242, 259: b"model",
    260: ["1.2"], 262: True, 263: 2, 266: {"TEE": {270: "trusted os"}},
}  # fmt: skip
RESULT = {
    6: IAT, 10: b"\x07" * 16, 265: "tag:ietf.org,2026:rats/ear#04",
    266: {"device": {1000: 32, 1001: {1: -33, 2: 3}}}, 1004: {0: "https://verifier.example", 1: "1"},
}  # fmt: skip
EAT_JSON = {
    "iss": "https://maker.example", "iat": IAT, "eat_nonce": "BwcHBwcHBwcHBwcHBwcHBw", "oemid": 64242,
    "oemboot": True, "dbgstat": "disabled-since-boot", "submods": {"TEE": {"swname": "trusted os"}},
}  # fmt: skip
RESULT_JSON = {
    "eat_profile": "tag:ietf.org,2026:rats/ear#04", "iat": IAT,
    "ear_verifier_id": {"developer": "https://verifier.example", "build": "1"},
    "submods": {"device": {"ear_status": "warning",
                           "ear_trustworthiness_vector": {"configuration": -33, "executables": 3}}},
}  # fmt: skip


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def jose_key(jwk):
    return {"EC": ECKey, "OKP": OKPKey, "oct": OctKey}[jwk["kty"]].import_key(jwk)


def cose_key(jwk):
    """The JWK as a key of pycose."""
    if jwk["kty"] == "oct":
        return SymmetricKey(k=unb64(jwk["k"]))
    curve = {"P-256": "P_256", "P-384": "P_384", "Ed25519": "ED25519"}[jwk["crv"]]
    if jwk["kty"] == "EC":
        return EC2Key(crv=curve, x=unb64(jwk["x"]), y=unb64(jwk["y"]), d=unb64(jwk.get("d", "")))
    return CoseOkp(crv=curve, x=unb64(jwk["x"]), d=unb64(jwk.get("d", "")))


def check(path):
    """Opens what was made here."""
    cases = json.loads(pathlib.Path(path).read_text())
    opened = 0
    for case in cases:
        key = json.loads(case["key"])
        if case["kind"] in ("jwt", "ear-jwt"):
            algorithm = {"P-256": "ES256", "P-384": "ES384", "Ed25519": "EdDSA"}[key["crv"]]
            token = jwt.decode(case["token"], jose_key(key), algorithms=[algorithm])
            assert token.claims == json.loads(case["claims"]), case["name"]
            opened += 1
            continue
        token, claims = bytes.fromhex(case["token"]), cbor2.loads(bytes.fromhex(case["claims"]))
        with_alg = dict(key)
        with_alg.setdefault("alg", {"P-256": "ES256", "P-384": "ES384", "Ed25519": "EdDSA"}.get(key.get("crv")))
        if case["kind"] != "sign1":
            found = cwt.decode(token, cwt.COSEKey.from_jwk(with_alg))
            assert found == claims, (case["name"], found)
            opened += 1
            token = token[2:]  # pycose knows no tag 61
        message = CoseMessage.decode(token)
        message.key = cose_key(key)
        good = message.verify_tag() if isinstance(message, Mac0Message) else message.verify_signature()
        assert good and cbor2.loads(message.payload) == claims, case["name"]
        opened += 1
    print(f"{opened} times a token made here was opened by python-cwt, pycose and joserfc")


def make(path):
    """Writes tokens of others, and some that nobody may accept."""
    cases = []

    def add(name, kind, token, key, claims, wrong=None):
        public = key if key["kty"] == "oct" else {k: v for k, v in key.items() if k != "d"}
        case = dict(name=name, kind=kind, token=token, key=json.dumps(public), claims=claims, wrong=wrong)
        cases.append(case)

    secret = {"kty": "oct", "alg": "HS256", "k": b64(b"a secret that two programs share")}
    keys = {
        "ES256": ECKey.generate_key("P-256").as_dict(private=True),
        "ES384": ECKey.generate_key("P-384").as_dict(private=True),
        "EdDSA": OKPKey.generate_key("Ed25519").as_dict(private=True),
    }
    for key in keys.values():
        key.pop("kid", None)
    for name, key in [*keys.items(), ("HS256", secret)]:
        # python-cwt.
        cose = cwt.COSEKey.from_jwk({**key, "alg": name})
        for what, kind, claims in (("EAT", "cwt", CLAIMS), ("EAR", "ear-cwt", RESULT)):
            token = cwt.encode(claims, cose)
            payload = cbor2.loads(token).value[2]
            add(f"python-cwt: {what}, {name}", kind, token.hex(), key, payload.hex())
        # pycose.
        alg = {"ES256": algorithms.Es256, "ES384": algorithms.Es384, "EdDSA": algorithms.EdDSA,
               "HS256": algorithms.HMAC256}[name]  # fmt: skip
        payload = cbor2.dumps(CLAIMS, canonical=True)
        form = Mac0Message if name == "HS256" else Sign1Message
        message = form(phdr={headers.Algorithm: alg}, payload=payload)
        message.key = cose_key(key)
        token = message.encode()
        kind = "cwt" if name == "HS256" else "sign1"
        token = b"\xd8\x3d" + token if kind == "cwt" else token
        add(f"pycose: EAT, {name}", kind, token.hex(), key, payload.hex())
        changed = token[:-1] + bytes([token[-1] ^ 1])
        add(f"pycose: EAT, {name}, changed", kind, changed.hex(), key, payload.hex(), "one bit is another")
        # joserfc.
        for what, kind, claims in (("EAT", "jwt", EAT_JSON), ("EAR", "ear-jwt", RESULT_JSON)):
            token = jwt.encode({"alg": name}, claims, jose_key(key), algorithms=[name])
            add(f"joserfc: {what}, {name}", kind, token, key, json.dumps(claims))
        header, payload, signature = token.split(".")
        none = b64(b'{"alg":"none"}')
        add(f"joserfc: EAR, none for {name}", "ear-jwt", f"{none}.{payload}.", key, "{}", "nobody signed it")
        other = b64(json.dumps({**RESULT_JSON, "iat": 1}).encode())
        wrong = "the payload is another"
        add(f"joserfc: EAR, {name}, changed", "ear-jwt", f"{header}.{other}.{signature}", key, "{}", wrong)
    # The public key, taken for a secret.
    confused = OctKey.import_key(json.dumps({k: v for k, v in keys["ES256"].items() if k != "d"}).encode())
    token = jws.serialize_compact({"alg": "HS256"}, json.dumps(EAT_JSON).encode(), confused, algorithms=["HS256"])
    add("joserfc: EAT, the public key as a secret", "jwt", token, keys["ES256"], "{}", "nobody signed it")
    pathlib.Path(path).write_text(json.dumps(cases))
    wrong = sum(case["wrong"] is not None for case in cases)
    print(f"{len(cases)} tokens made by others, {wrong} of them wrong")


def notation(value):
    """As facts write it."""
    if isinstance(value, bytes):
        return f"h'{value.hex()}'"
    if isinstance(value, dict):
        return {str(key): notation(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [notation(inner) for inner in value]
    if isinstance(value, cbor2.CBORTag):
        return {"tag": value.tag, "value": notation(value.value)}
    return value


def is_signed(jwk, message, signature, mac):
    """Whether the key of `jwk` made the signature, or the tag."""
    if jwk["kty"] == "oct":
        computed = hmac.HMAC(unb64(jwk["k"]), hashes.SHA256())
        computed.update(mac)
        return computed.finalize() == signature
    try:
        if jwk["kty"] == "OKP":
            ed25519.Ed25519PublicKey.from_public_bytes(unb64(jwk["x"])).verify(signature, message)
        else:
            x, y = (int.from_bytes(unb64(jwk[name]), "big") for name in "xy")
            half = len(signature) // 2
            r, s = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
            curve, digest = {"P-256": (ec.SECP256R1(), hashes.SHA256()), "P-384": (ec.SECP384R1(), hashes.SHA384())}[
                jwk["crv"]
            ]
            public = ec.EllipticCurvePublicNumbers(x, y, curve).public_key()
            public.verify(encode_dss_signature(r, s), message, ec.ECDSA(digest))
        return True
    except InvalidSignature:
        return False


def opened(data, jwks):
    """Tags, body of the message, and whether one of the keys made it."""
    value, tags = cbor2.loads(data), []
    while isinstance(value, cbor2.CBORTag):
        tags.append(value.tag)
        value = value.value
    protected, _, payload, signature = value
    context = "MAC0" if 17 in tags else "Signature1"
    message = cbor2.dumps([context, protected, b"", payload])
    good = any(is_signed(jwk, message, signature, message) for jwk in jwks if (jwk["kty"] == "oct") == (17 in tags))
    return tags, cbor2.loads(protected), payload, good


def realm_jwk(key):
    """The key of a realm, a point without compression or a COSE_Key, as a JWK."""
    if key[0] == 4 and len(key) == 97:
        x, y = key[1:49], key[49:]
    else:
        x, y = (cbor2.loads(key)[number] for number in (-2, -3))
    return {"kty": "EC", "crv": "P-384", "x": b64(x), "y": b64(y)}


def judged_cca(value, jwks):
    """Of a CCA token: which layer is wrong, or none; and the challenge of the realm."""
    platform, realm = value.value[44234], value.value[44241]
    _, _, claims, good = opened(platform, jwks)
    assert good
    bound = cbor2.loads(claims)[10]
    stated = cbor2.loads(cbor2.loads(realm).value[2])
    _, _, _, good = opened(realm, [realm_jwk(stated[44237])])
    if hashlib.sha256(stated[44237]).digest() != bound:
        return "binding", stated[10]
    if not good:
        return "signature", stated[10]
    return (None if len(stated[10]) == 64 else "claims"), stated[10]


def family(folder):
    """Judges what the family publishes: what is said of each file, and its signature."""
    folder = pathlib.Path(folder)
    cases = json.loads((folder / "cases.json").read_text())["cases"]
    for case in cases:
        name, facts, data = case["name"], case["facts"], (folder / case["file"]).read_bytes()
        assert len(data) == facts["length"] and hashlib.sha256(data).hexdigest() == facts["sha256"], name
        jwks = [json.loads((folder / key).read_text()) for key in case["keys"]]
        is_valid, layer = case["expect"] == "valid", case["why"].split(":")[0]
        if case["kind"].endswith("jwt"):
            signed, signature = data.decode().rsplit(".", 1)
            good = any(is_signed(jwk, signed.encode(), unb64(signature), b"") for jwk in jwks) if signature else False
            payload = json.loads(unb64(signed.split(".")[1]))
            if "claims" in facts:
                assert payload == facts["claims"], name
            assert good == (layer != "signature"), name
        elif case["kind"] in ("eat-cwt", "psa-token", "ear-cwt"):
            tags, protected, payload, good = opened(data, jwks)
            within = "within" in case["why"]
            assert good == (layer != "signature" or within), name
            if "tags" in facts:
                assert tags == facts["tags"] and protected[1] == facts["protected"]["1"], name
            if "claims" in facts:
                assert notation(cbor2.loads(payload)) == facts["claims"], name
            if "submods" in facts:
                assert cbor2.loads(payload)[266].keys() == facts["submods"].keys(), name
        elif case["kind"] == "eat-detached-bundle-cbor":
            main, detached = cbor2.loads(data).value
            _, _, payload, good = opened(main, jwks)
            digests = {name: digest for name, (_, digest) in cbor2.loads(payload)[266].items()}
            fits = all(hashlib.sha256(part).digest() == digests.get(name) for name, part in detached.items())
            assert good and fits == is_valid, name
        elif case["kind"] == "cca-token":
            wrong, _ = judged_cca(cbor2.loads(data), jwks)
            assert wrong == (None if is_valid else layer), name
        elif case["kind"] == "parsec-key-attestation":
            wrong, challenge = judged_cca(cbor2.loads(data)["pat"], jwks)
            assert wrong is None, name
            # The first part as it was encoded: between its name and the name of the second.
            kat = data[data.index(b"\x63kat") + 4 : data.index(b"\x63pat")]
            if hashlib.sha512(kat).digest() != challenge:
                wrong = "binding"
            elif 10 not in cbor2.loads(kat).value:
                wrong = "claims"
            assert wrong == (None if is_valid else layer), name
        else:
            cbor2.loads(data)
    print(f"{len(cases)} vectors of attestation are what they say")


if __name__ == "__main__":
    {"check": check, "make": make, "family": family}[sys.argv[1]](sys.argv[2])
