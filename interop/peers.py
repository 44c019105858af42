"""Runs the published COSE vectors with python libraries of others and writes a table of what each agrees with.

usage: peers.py VECTORS OUTPUT

A case counts where the library's verdict is the stated one: a valid message is accepted with its payload, an invalid one is
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


def main(vectors, output):
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
    lines = [
        "# What others agree with",
        "",
        "Written by `interop/peers.py`, which `./ci.sh peers` runs: the published COSE vectors with python libraries of others. A case",
        "counts where the verdict is the stated one: a valid message is accepted with its payload, an invalid one is refused. Of messages",
        "with several signers the key of the first is handed over, and bytes go through the library's own `decode`. Beside each difference stand the library's own words; what this",
        "family does with the same cases, its suite says (`cargo test -p cose-ext --all-features --test vectors`): it agrees with all but",
        "the four whose strings come in chunks, which it refuses as unsupported (docs/exceptions.json).",
        "",
        f"{len(cases)} cases; {left} of the kinds are in another form and not handed over.",
        "",
        "| library | " + " | ".join(kind.removeprefix("cose-") for kind in KINDS) + " | all |",
        "|---|" + "---|" * (len(KINDS) + 1),
    ]
    details = []
    for name, run in PEERS:
        version = importlib.metadata.version(name)
        row, agreed_in_all, differences = [], 0, []
        for kind in KINDS:
            of_kind = [case for case in cases if case.kind == kind]
            words = [(case, verdict(run, case)) for case in of_kind]
            agreed = sum(1 for _, word in words if word is None)
            agreed_in_all += agreed
            row.append(f"{agreed} of {len(of_kind)}")
            differences += [(case.name, "valid" if case.is_valid else "invalid", word) for case, word in words if word]
        lines.append(f"| {name} {version} | " + " | ".join(row) + f" | {agreed_in_all} of {len(cases)} |")
        details += ["", f"## {name} {version}", "", "| case | stated | the library |", "|---|---|---|"]
        details += [f"| `{case}` | {stated} | {word.replace('|', '/')} |" for case, stated, word in differences]
    pathlib.Path(output).write_text("\n".join(lines + details) + "\n")
    print("\n".join(lines[-len(PEERS):]))


if __name__ == "__main__":
    main(*sys.argv[1:])
