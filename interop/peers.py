"""Runs the published vectors with libraries of others and writes a table of what each agrees with.

usage: peers.py VECTORS JUDGED OUTPUT

JUDGED has what interop/peers, a program of crates of others, prints. A case counts where the library's verdict is the stated one: a valid message is accepted with its payload, an invalid one is
refused. Nothing is read into why a library differs: its own words stand beside the case.
"""

import base64
import importlib.metadata
import json
import pathlib
import sys
import warnings

KINDS = ("cose-sign1", "cose-sign", "cose-mac0", "cose-encrypt0")
LAYERS = {"cose-sign1": "sign0", "cose-sign": "sign", "cose-mac0": "mac0", "cose-encrypt0": "encrypted"}


def url64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def number(jwk, name):
    return bytes.fromhex(jwk[name + "_hex"]) if name + "_hex" in jwk else url64(jwk[name])


def cose_key(jwk, kid):
    """The key of a file as a COSE_Key in a dictionary."""
    curves = {"P-256": 1, "P-384": 2, "P-521": 3, "X25519": 4, "X448": 5, "Ed25519": 6, "Ed448": 7}
    if jwk["kty"] == "oct":
        key = {1: 4, -1: number(jwk, "k")}
    elif jwk["kty"] in ("EC", "EC2"):
        key = {1: 2, -1: curves[jwk["crv"]], -2: number(jwk, "x"), -3: number(jwk, "y")}
    elif jwk["kty"] == "OKP":
        key = {1: 1, -1: curves[jwk["crv"]], -2: number(jwk, "x")}
    elif jwk["kty"] == "RSA":
        key = {1: 3, -1: number(jwk, "n"), -2: number(jwk, "e")}
    else:
        raise LookupError(f"no way here to hand over a key of type {jwk['kty']}")
    if kid is not None:
        key[2] = kid
    return key


class Case:
    """One file in the form of the COSE working group."""

    def __init__(self, folder, entry):
        self.name, self.kind, self.is_valid = entry["name"], entry["kind"], entry["expect"] == "valid"
        file = json.loads((folder / entry["file"]).read_text())
        if "input" not in file:
            raise LookupError("not in the form of the COSE working group")
        self.message = bytes.fromhex(file["output"]["cbor"])
        body = file["input"][LAYERS[self.kind]]
        self.external = bytes.fromhex(body.get("external", ""))
        plain = file["input"]
        stated = plain.get("plaintext_hex"), plain.get("plaintext")
        self.payload = bytes.fromhex(stated[0]) if stated[0] is not None else (stated[1] or "").encode()
        self.states_payload = stated != (None, None)
        self.detached = bool(plain.get("detached") or body.get("detached"))
        one = body.get("signers", [body])[0] if self.kind in ("cose-sign1", "cose-sign") else body["recipients"][0]
        self.external = bytes.fromhex(one["external"]) if one.get("external") else self.external
        self.jwk = one["key"]
        self.kid = None
        for where in ("unprotected", "protected"):
            kid = one.get(where, {}).get("kid")
            self.kid = kid.encode() if kid else self.kid
            kid_hex = one.get(where, {}).get("kid_hex")
            self.kid = bytes.fromhex(kid_hex) if kid_hex else self.kid


def with_cwt(case):
    from cwt import COSE, COSEKey

    key = cose_key(case.jwk, case.kid)
    algorithm = algorithm_of(case)
    if algorithm is not None:
        key[3] = algorithm
    key = COSEKey.new(key)
    kwargs = {"external_aad": case.external}
    if case.detached:
        kwargs["detached_payload"] = case.payload
    found = COSE.new().decode(case.message, key, **kwargs)
    return found if not case.detached else case.payload


def algorithm_of(case):
    """The algorithm of the layer that the key is for."""
    import cbor2

    value = cbor2.loads(case.message)
    value = value.value if hasattr(value, "value") else value
    layer = value
    if case.kind == "cose-sign":
        layer = value[3][0]
    protected = cbor2.loads(layer[0]) if layer[0] else {}
    found = protected.get(1, layer[1].get(1))
    return found


def with_pycose(case):
    from pycose.keys import CoseKey
    from pycose.messages import CoseMessage

    message = CoseMessage.decode(case.message)
    key = CoseKey.from_dict(cose_key(case.jwk, None))
    if case.kind == "cose-sign1":
        message.key, message.external_aad = key, case.external
        verified = message.verify_signature(detached_payload=case.payload) if case.detached else message.verify_signature()
        if not verified:
            raise ValueError("the signature is wrong")
    elif case.kind == "cose-sign":
        signer = message.signers[0]
        signer.key, signer.external_aad = key, case.external
        if not signer.verify_signature():
            raise ValueError("the signature is wrong")
    elif case.kind == "cose-mac0":
        message.key, message.external_aad = key, case.external
        if not message.verify_tag():
            raise ValueError("the tag is wrong")
    else:
        message.key, message.external_aad = key, case.external
        return message.decrypt()
    return case.payload if case.detached else message.payload


PEERS = (("pycose", with_pycose), ("cwt", with_cwt))


def verdict(run, case):
    """None where the library agrees, else its own words."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            payload = run(case)
    except Exception as error:  # whatever a library raises is its answer
        if not case.is_valid:
            return None
        words = str(error).strip().splitlines()
        return f"{type(error).__name__}: {words[0] if words else ''}"[:90]
    if not case.is_valid:
        return "accepts it"
    return None if payload == case.payload or not case.states_payload else "gives another payload"


def scitt_cases(vectors):
    """What scitt-cose says of statements with receipts of vds 1: both have to verify."""
    import cbor2
    import scitt_cose
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519

    curves = {1: ec.SECP256R1, 2: ec.SECP384R1, 3: ec.SECP521R1}

    def pem(name):
        jwk = json.loads((folder / name).read_text())
        key = cose_key(jwk, None)
        if key[1] == 1:
            public = ed25519.Ed25519PublicKey.from_public_bytes(key[-2])
        else:
            public = ec.EllipticCurvePublicKey.from_encoded_point(curves[key[-1]](), b"\x04" + key[-2] + key[-3])
        return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)

    folder = pathlib.Path(vectors) / "scitt"
    index = json.loads((folder / "cases.json").read_text())
    library = "scitt-cose " + importlib.metadata.version("scitt-cose")
    for entry in index["cases"] if isinstance(index, dict) else index:
        if entry["kind"] != "signed-statement+receipt" or len(entry["keys"]) != 2:
            continue
        facts = entry["facts"]
        if "entry_hex" not in facts or "statement" not in facts:
            continue
        words = None
        try:
            statement = (folder / facts["statement"]).read_bytes()
            issuer, log = (pem(name) for name in entry["keys"])
            parsed = scitt_cose.parse_signed_statement(statement, public_key_pem=issuer)
            receipt = scitt_cose.verify_receipt(
                (folder / entry["file"]).read_bytes(), leaf_entry_hex=facts["entry_hex"], log_public_key_pem=log
            )
            if not (parsed["signature_verified"] is True and receipt.ok):
                words = f"signed {parsed['signature_verified']}, logged {receipt.ok} {receipt.errors}"
        except Exception as error:  # whatever a library raises is its answer
            words = f"{type(error).__name__}: {error}"
        is_valid = entry["expect"] == "valid"
        if not is_valid:
            words = None if words else "accepts it"
        yield {"library": library, "kind": entry["kind"], "case": entry["name"],
               "stated": "valid" if is_valid else "invalid", "words": words and words[:90]}


def python_cases(cases):
    for name, run in PEERS:
        library = f"{name} {importlib.metadata.version(name)}"
        for case in cases:
            yield {"library": library, "kind": case.kind, "case": case.name,
                   "stated": "valid" if case.is_valid else "invalid", "words": verdict(run, case)}


def main(vectors, judged, output):
    folder = pathlib.Path(vectors) / "cose"
    entries = json.loads((folder / "cases.json").read_text())["cases"]
    cases, left = [], 0
    for entry in entries:
        if entry["kind"] not in KINDS or not entry["file"].endswith(".json"):
            continue
        try:
            cases.append(Case(folder, entry))
        except (LookupError, ValueError):
            left += 1
    rows = list(python_cases(cases)) + [json.loads(line) for line in pathlib.Path(judged).read_text().splitlines()]
    rows += list(scitt_cases(vectors))
    libraries = sorted({row["library"] for row in rows})
    lines = [
        "# What others agree with",
        "",
        "Written by `interop/peers.py`, which `./ci.sh peers` runs: the published vectors with libraries of others, as they install from their",
        "registries. A case counts where the verdict is the stated one: a valid message is accepted (of the COSE messages in python with its",
        "payload), an invalid one is refused. Of messages with several signers the key of the first is handed over, and bytes go through the",
        "library's own `decode`; coset leaves signatures to its caller, who asks p256, p384 and ed25519-dalek here, and is not judged by other algorithms; SUIT envelopes are decoded",
        "and their block verified, no more; of statements with receipts both have to verify. Beside each difference stand the library's own",
        "words, and nothing is read into them. What this family does with the same cases its suites say (`cargo test --workspace --all-features",
        "--test vectors`); docs/exceptions.json has the few that it reads otherwise.",
        "",
        f"{left} of the COSE cases are in another form and not handed over.",
        "",
        "| library | kind | agrees |",
        "|---|---|---|",
    ]
    details = []
    for library in libraries:
        of_library = [row for row in rows if row["library"] == library]
        for kind in sorted({row["kind"] for row in of_library}):
            of_kind = [row for row in of_library if row["kind"] == kind]
            agreed = sum(1 for row in of_kind if row["words"] is None)
            lines.append(f"| {library} | {kind} | {agreed} of {len(of_kind)} |")
        differences = [row for row in of_library if row["words"] is not None]
        if differences:
            details += ["", f"## {library}", "", "| case | stated | the library |", "|---|---|---|"]
        for row in differences:
            words = " ".join(row["words"].split()).replace("|", "/")
            details.append(f"| `{row['case']}` | {row['stated']} | {words} |")
    pathlib.Path(output).write_text("\n".join(lines + details) + "\n")
    print("\n".join(lines[lines.index("|---|---|---|") + 1:]))


if __name__ == "__main__":
    main(*sys.argv[1:])
