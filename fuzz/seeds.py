"""Writes the seeds of the fuzz targets: seeds.py VECTORS CORPUS.

Every message of the published vectors, and of the family's own, goes into CORPUS/TARGET, under a name that tells its
content: a run of the fuzzer adds to the folder, and a second run of this script changes nothing. The messages of the
canaries are there without any vectors.
"""

import base64
import hashlib
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGETS = {
    "attestation_messages": ("rats",),
    "audits": ("scitt", "merkle"),
    "beside_coset": ("cose", "scitt", "suit", "teep", "rats"),
    "beside_naive_processor": ("suit",),
    "beside_naive_tree": (),
    "diag": ("cose", "scitt", "suit", "teep", "rats"),
    "documents": ("scitt", "rats", "suit"),
    "envelopes": ("suit", "teep", "transparent-suit"),
    "processing": ("suit", "teep"),
    "provisioning": ("teep",),
    "reports": ("teep", "suit"),
    "keys": ("cose", "scitt", "rats", "teep"),
    "messages": ("cose", "scitt", "suit", "teep", "rats"),
    "receipts": ("scitt", "merkle", "transparent-suit"),
    "statements": ("scitt", "transparent-suit"),
    "tiers": (),
    "tlog": ("merkle",),
    "transparency_service": (),
    "tokens": ("rats",),
    "transparent_envelopes": ("transparent-suit",),
    "x509": ("cose", "scitt"),
}
# Small documents of each kind, for targets that read documents: no vectors have them.
DOCUMENTS = (
    b'{"spdxVersion":"SPDX-2.3","documentNamespace":"urn:a","packages":[{"name":"n","versionInfo":"1","externalRefs":'
    b'[{"referenceType":"purl","referenceLocator":"pkg:deb/debian/n@1-1"}]}]}',
    b'{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[{"type":"SpdxDocument","spdxId":"urn:a"},'
    b'{"type":"software_Package","name":"n","software_packageVersion":"1","software_packageUrl":"pkg:npm/n@1.0.0"}]}',
    b'{"bomFormat":"CycloneDX","serialNumber":"urn:uuid:1","components":[{"group":"g","name":"n","version":"1",'
    b'"purl":"pkg:maven/g/n@1","components":[{"name":"m"}]}]}',
    b'{"_type":"https://in-toto.io/Statement/v1","predicateType":"https://slsa.dev/provenance/v1","subject":'
    b'[{"name":"pkg:npm/n@1.0.0"}]}',
    b'{"@context":"https://openvex.dev/ns/v0.2.0","@id":"urn:a"}',
    b'{"@context":["https://openvex.dev/ns"],"@id":"urn:a","statements":[{"vulnerability":{"name":"CVE-1","aliases":["A"],'
    b'"@id":"B"},"status":"affected","products":[{"@id":"pkg:npm/n@1","subcomponents":[{"@id":"pkg:npm/m"},"pkg:npm/o"]}]},'
    b'{"vulnerability":"CVE-2","status":"not_affected","products":["pkg:npm/n",{"identifiers":{"purl":"pkg:npm/p@1"}}]},'
    b'{"vulnerability":{"@id":"C"},"status":"fixed"},{"vulnerability":"D","status":"under_investigation"},{"status":"x"}]}',
    b'{"document":{"csaf_version":"2.0","tracking":{"id":"A-1"}}}',
    b'{"document":{"csaf_version":"2.0","tracking":{"id":"A-1"}},"product_tree":{"full_product_names":[{"product_id":"S",'
    b'"name":"s"}],"branches":[{"category":"vendor","name":"v","branches":[{"category":"product_name","name":"n","branches":'
    b'[{"category":"product_version","name":"1","product":{"product_id":"P","name":"n 1","product_identification_helper":'
    b'{"purl":"pkg:npm/n@1"}}},{"category":"product_version_range","name":"vers:npm/<1","product":{"product_id":"Q","name":'
    b'"n","product_identification_helper":{"purls":["pkg:npm/n"]}}}]}]}],"relationships":[{"product_reference":"P",'
    b'"relates_to_product_reference":"S","full_product_name":{"product_id":"SP","name":"b"}},{"product_reference":"P"}]},'
    b'"vulnerabilities":[{"cve":"CVE-1","ids":[{"text":"A"}],"product_status":{"known_affected":["P","SP","X"],"fixed":["Q"]'
    b'}},{"ids":[{"text":"B"},{"text":"C"}]},{}]}',
    b'{"version":"2.1.0","runs":[]}',
    b'{"_type":"https://in-toto.io/Statement/v1","predicateType":"urn:x","subject":[{"name":"n","digest":{"sha256":"00"}}]}',
    b'{"spdxVersion":"SPDX-2.3"}',
    b'{"@context":"https://spdx.org/rdf/3.0.1/x","@graph":[]}',
    b'{"a":1,"a":2}',
    b'{"a":[1,-2.5e3,true,false,null,"\\u00e9\\ud83d\\ude00\\n"]}',
    bytes.fromhex("a600667073" "32302d3101" "6470756d7002a2181f6441636d6518210106a110a21818622f62181aa11182a21818"
                  "63612e731563322e31a1181863622e730d65312e322e330e194000"),
    b"pkg:deb/debian/curl@7.50.3-1?arch=i386#a/b\n1:2.0~rc1-1\n>=1.0|<2.0",
    b"vers:npm/1.0.0|2.0.0\nvers:npm/>=1.0.0|!=1.5.0|<2.0.0\nvers:npm/!=3.0.0\nvers:deb/*",
    b"1.0|2.0\n>=1.0\n<1.0|>2.0\n2.0",
    b"vers:pypi/>=1.0a1|!=1.0.post1|<2!1.dev3\n1.0a1\n1.0.post1+local.1",
)
DETACHED = b'{"swname":"detached"}'


def base64url(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def attestations():
    """Claims sets, bundles, results and JWS in JSON: the published vectors have few."""
    digest = ["DIGEST", [-16, base64url(hashlib.sha256(DETACHED).digest())]]
    key = {"kty": "EC", "crv": "P-256", "x": base64url(bytes(range(32))), "y": base64url(bytes(range(32, 64)))}
    header = base64url(b'{"alg":"ES256","typ":"JWT"}')

    def jws(claims):
        return f"{header}.{base64url(json.dumps(claims).encode())}.AAAA"

    # {10: h'..', 266: {"d": [-16, digest]}} in a COSE_Sign1 under tag 61.
    claims = bytes.fromhex("a119010aa16164822f5820") + hashlib.sha256(DETACHED).digest()
    token = bytes.fromhex("d83dd28443a10126a058") + bytes([len(claims)]) + claims + bytes.fromhex("4100")
    for name, parts in (("d", {"d": digest}), ("d", {"d": digest, "e": digest}), ("f", {"d": digest}), ("d", {"d": {"iat": 1}})):
        yield [["JWT", jws({"iat": 1, "submods": parts})], {name: base64url(DETACHED)}]
    yield [["JWT", jws({"submods": {"d": digest}})], {"d": base64url(b"{}")}]
    yield [["CBOR", base64url(token)], {"d": base64url(DETACHED)}]
    for confirmed in ({"jwk": key}, {"jwk": key | {"kid": "k"}, "kid": "k"}, {"jwk": key | {"d": "AA"}}, {"jwk": 1, "other": [None, 1.5, {}]}):
        yield {"cnf": confirmed, "eat_nonce": [base64url(bytes(8)), base64url(bytes(9))]}
    for dialect, issued in (("tag:github.com,2023:veraison/ear", 1.5), ("tag:ietf.org,2026:rats/ear#03", 1), ("tag:ietf.org,2026:rats/ear#04", 1)):
        for nonce in ("AAAAAAAAAAA", ["AAAAAAAAAAA", "AAAAAAAAAAE"]):
            yield {"eat_profile": dialect, "iat": issued, "exp": 9, "eat_nonce": nonce, "ear_status": "warning",
                   "ear_verifier_id": {"developer": "d", "build": "b"}, "ear_raw_evidence": ["application/eat+cwt", "AA"],
                   "submods": {"a": {"ear_status": "affirming", "eat_nonce": nonce, "ear_appraisal_policy_ids": ["p"],
                                     "ear_trustworthiness_vector": {"hardware": 2}}}}
    yield {"unknown": None, "sub": True, "iat": 1.5, "array": [1, 2.5, "t", {}], "object": {"a": {"b": []}}}
    yield jws({"iat": 1, "cnf": {"jwk": key}})


# Where a test file in JSON has its message, in hex.
MESSAGES = (("output", "cbor"), ("sign1::sign", "expectedOutput", "cborHex"), ("sign1::verify", "taggedCOSESign1", "cborHex"))


# One claims set in two encodings, behind the length of the first; then with another value in the one.
FIRST, SECOND = (
    bytes.fromhex("a20a8401a202030461784201ff" "fb400000000000000019012cc11a00000001"),
    bytes.fromhex("bf19012cc1010a9f1801a2046178180218035f410141ffff" "f94000ffff"),
)
AGREEING = tuple(bytes([len(one)]) + one + other for one, other in ((FIRST, SECOND), (SECOND, FIRST), (FIRST, FIRST[:-1] + b"\x02")))
# What a relying party keeps: keys that it distrusts, in ascending order.
STORES = (
    bytes.fromhex("8401808080"),
    bytes.fromhex("8401808082") + b"".join(b"\x58\x20" + bytes(31) + bytes([last]) for last in (1, 2)),
)
# Tests whose texts are keys and tokens of other writers, which no vectors have.
WRITTEN_IN_TESTS = {"keys": ("cose-ext/src/key/tests/*.rs",), "x509": ("cose-ext/tests/rules/timestamps.rs",)}


def in_tests(target):
    """Hex, PEM and JSON that stand in tests."""
    found = set()
    for path in sorted(path for pattern in WRITTEN_IN_TESTS.get(target, ()) for path in ROOT.glob(pattern)):
        text = re.sub(r"\\\n\s*", "", path.read_text())
        for row in re.findall(r'(?:"[0-9a-f ]{16,}",?\s*)+', text):
            strings = re.findall(r'"([0-9a-f ]+)"', row)
            for one in [*strings, "".join(strings)]:
                digits = one.replace(" ", "")
                if len(digits) % 2 == 0:
                    found.add(bytes.fromhex(digits))
        for pem in re.findall(r"-----BEGIN [A-Z ]+-----[A-Za-z0-9+/=\s\\]*-----END [A-Z ]+-----", text):
            found.add(pem.replace("\\n", "\n").encode() + b"\n")
        found.update(one.encode() for one in re.findall(r'r#"(\{.*?\})"#', text, re.DOTALL))
    return found


def cbor(value):
    """Deterministic CBOR of numbers, strings, lists, truth, None and maps whose keys stand in order."""

    def head(major, number):
        if number < 24:
            return bytes([major << 5 | number])
        size = next(size for size in (1, 2, 4, 8) if number < 1 << 8 * size)
        return bytes([major << 5 | 23 + size.bit_length()]) + number.to_bytes(size, "big")

    match value:
        case bool():
            return b"\xf5" if value else b"\xf4"
        case None:
            return b"\xf6"
        case int():
            return head(0, value) if value >= 0 else head(1, -1 - value)
        case bytes():
            return head(2, len(value)) + value
        case str():
            return head(3, len(value.encode())) + value.encode()
        case list():
            return head(4, len(value)) + b"".join(map(cbor, value))
        case dict():
            return head(5, len(value)) + b"".join(cbor(key) + cbor(item) for key, item in value.items())


def older_envelopes():
    """Manifests of older drafts with what the published ones lack, and what can be neither converted nor run."""

    def digest(content):
        return [-16, hashlib.sha256(content).digest()]

    def envelope(members, beside=None, block=b"\xd2" + cbor([cbor({1: -7}), {}, None, bytes(64)])):
        common = cbor({2: [[b"0"]], 4: cbor([])})
        manifest = cbor({1: 1, 2: 0, 3: common} | members)
        signed = cbor(digest(cbor(manifest)))
        return cbor(dict(sorted(({2: cbor([signed, block]), 3: manifest} | (beside or {})).items())))

    def mud(count, url, *rest):
        """A MUD container, under the number that the target takes for it."""
        return {64: bytes([0xA0 | count]) + cbor(1) + b"\xd8\x20" + cbor(url) + b"".join(rest)}

    nested = cbor([14, 0])
    for _ in range(10):
        nested = cbor([32, nested])
    sequence, coswid = cbor([3, 15]), b"coswid"
    text = cbor({1: "of this manifest", 2: "of this update"})
    yield envelope({17: sequence})
    yield envelope({17: sequence, 20: sequence})
    yield envelope({17: digest(cbor(sequence))}, {17: sequence})
    yield envelope({17: digest(cbor(sequence))})
    yield envelope({7: [-16, bytes(32)], 17: sequence})
    yield envelope({14: digest(cbor(coswid)), 17: sequence})
    yield envelope({14: digest(cbor(coswid)), 17: sequence}, {14: coswid})
    yield envelope({14: digest(b"other"), 17: sequence}, {14: coswid})
    yield envelope({17: nested})
    yield envelope({17: cbor([15, [None, sequence]])})
    yield envelope({17: cbor([15, [sequence, None]])})
    yield envelope({17: cbor([20, {16: b"a", 25: b"b"}])})
    yield envelope({17: cbor([20, {3: cbor(digest(b"")), 16: b"a", 18: b"\xd8\x60\x84"}])})
    yield envelope({17: sequence, 23: text})
    yield envelope({17: sequence, 23: cbor({"en": {1: "of this manifest"}})})
    yield envelope({17: sequence, 99: 0})
    yield envelope({10: sequence})
    yield envelope({20: sequence}, {1: b""})
    yield envelope({20: nested})
    for block in (b"\xa0", b"\xd2\x80", b"\xd8\x60\x83\x40\xa0\xf6", b"\xd2" + cbor([cbor({1: -99}), {}, None, b""])):
        yield envelope({20: sequence}, block=block)
    commands = [13, 0], [30, sequence], [20, {16: b"a"}], [29, 0], [20, {4: 0}], [20, {99: 0}], [99, 0], [12, 9]
    for command in (*commands, [20, {3: cbor([-99, b""])}]):
        # One of a procedure that starts, and one of a procedure that ends.
        yield from (envelope({section: cbor(command)}) for section in (7, 24))
    key = cbor(2) + cbor(digest(b"key"))
    yield envelope(mud(2, "https://a.example", key))
    yield envelope(mud(2, "http://a.example", key))
    yield envelope(mud(1, "https://a.example"))
    yield envelope(mud(3, "https://a.example", key, cbor(3) + cbor(0)))


def der(tag, *parts):
    content = b"".join(parts)
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8 or 1, "big")
    head = length if len(content) < 0x80 else bytes([0x80 | len(length)]) + length
    return bytes([tag]) + head + content


def public_keys():
    """A key on each curve in COSE, whole and with a compressed point. No point is a true one."""
    for curve, length in ((1, 32), (2, 48), (3, 66), (8, 32), (256, 32), (257, 40), (258, 48), (259, 64)):
        for y in (b"\x09" * length, True, False):
            yield cbor({1: 2, -1: curve, -2: b"\x07" * length, -3: y})
    for curve, length in ((4, 32), (5, 56), (6, 32), (7, 57)):
        yield cbor({1: 1, -1: curve, -2: b"\x07" * length})


def private_keys():
    """Private keys of ML-DSA and RSA in PKCS#8 and PKCS#1, and each format under each label of PEM. No number is a true one."""
    found = set()
    for last, expanded in ((0x11, 2560), (0x12, 4032), (0x13, 4896)):
        algorithm = der(0x30, bytes.fromhex("0609608648016503040300")[:-1] + bytes([last]))
        seed, key = b"\x07" * 32, b"\x08" * expanded
        for form in (der(0x80, seed), der(0x30, der(4, seed), der(4, key)), der(4, key)):
            found.add(der(0x30, b"\x02\x01\x00", algorithm, der(4, form)))
    numbers = [b"\x00" + b"\x81" * 256, b"\x01\x00\x01", b"\x61" * 256] + [b"\x71" * 128] * 5
    rsa = der(0x30, b"\x02\x01\x00", *(der(2, number) for number in numbers))
    for oid in ("300d06092a864886f70d0101010500", "300b06092a864886f70d01010a"):
        found.add(der(0x30, b"\x02\x01\x00", bytes.fromhex(oid), der(4, rsa)))
    sec1 = der(0x30, b"\x02\x01\x01", der(4, b"\x11" * 32), der(0xA0, bytes.fromhex("06082a8648ce3d030107")))
    found |= {rsa, sec1}
    for content in sorted(found):
        text = base64.encodebytes(content).decode().replace("\n", "")
        rows = "\n".join(text[at : at + 64] for at in range(0, len(text), 64))
        for label in ("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "PUBLIC KEY", "CERTIFICATE"):
            found.add(f"-----BEGIN {label}-----\n{rows}\n-----END {label}-----\n".encode())
    return found


def certificates(message):
    """The certificates of a message, one after the other: elements of DER with a length of two bytes."""
    found, at = [], 0
    while (at := message.find(b"\x30\x82", at)) >= 0:
        end = at + 4 + int.from_bytes(message[at + 2 : at + 4], "big")
        is_one = end <= len(message) and message[at + 4 : at + 6] == b"\x30\x82"
        found += [message[at:end]] if is_one else []
        at = end if is_one else at + 1
    return b"".join(found)


def paths(vectors):
    """Each certificate with each root behind it."""
    folder = vectors / "cose/field-certificates"
    read = {path.name: path.read_bytes() for path in sorted(folder.glob("*.der"))}
    roots = [der for name, der in read.items() if name.startswith("root")]
    return {leaf + root for name, leaf in read.items() for root in roots if name.startswith("leaf")}


def messages(path, target):
    """The messages of one file: of a text in JSON that is no test file, the text itself."""
    if path.suffix != ".json":
        return [path.read_bytes()]
    if path.parent.name == "rats" or target == "keys":
        return [path.read_bytes()]
    try:
        parsed = json.loads(path.read_text())
    except ValueError:
        return []
    found = []
    for names in MESSAGES:
        value = parsed
        for name in names:
            value = value.get(name) if isinstance(value, dict) else None
        if isinstance(value, str):
            found.append(bytes.fromhex(value))
    return found


def files(vectors, target, areas):
    canaries = ROOT / "bare-metal/canary/fixtures"
    yield from sorted(path for path in canaries.rglob("*") if path.is_file())
    for folder in (vectors, ROOT / "vectors"):
        for area in areas:
            index = folder / area / "cases.json"
            if not index.is_file():
                continue
            for case in json.loads(index.read_text())["cases"]:
                yield folder / area / case["file"]
                if target == "keys":
                    yield from (folder / area / name for name in case["keys"])
    if target == "x509":
        yield from sorted(path for path in (vectors / "cose/field-certificates").glob("*") if path.is_file())


def steps():
    """Steps of a service: what `transparency_service` reads."""
    texts = (b"a*", b"*", b"part*", b"part 1", b"part 2", bytes(12))
    for bootstrap in (0, 1, 2, 128, 129, 130):
        for stride in range(1, 12):
            row, number = bytes([bootstrap]), stride
            for _ in range(24):
                number = (number * 5 + stride) % 97
                data = texts[number % len(texts)]
                row += bytes([number % 13]) + len(data).to_bytes(2, "big") + data
            yield row


# How many machines a target has that do what bytes choose, behind a byte that says which; None where every input chooses.
MACHINES = {
    "attestation_messages": 6,
    "audits": 4,
    "beside_naive_processor": 2,
    "beside_naive_tree": None,
    "processing": None,
    "provisioning": 3,
    "receipts": 4,
    "reports": 1,
    "statements": 2,
    "tlog": 4,
    "transparent_envelopes": 1,
}


def choices(target):
    """Rows of any choices: what targets read whose machines do what the input says."""
    machines = MACHINES[target]
    # Manifests within manifests take many choices before one leads anywhere.
    for number in range(384 if target == "processing" else 96):
        length = (16, 48, 96, 192)[number % 4]
        row = hashlib.shake_128(f"{target} {number}".encode()).digest(length)
        yield from [row] if machines is None else (bytes([machine]) + row for machine in range(machines))


def main(vectors, corpus):
    for target, areas in TARGETS.items():
        folder = pathlib.Path(corpus) / target
        folder.mkdir(parents=True, exist_ok=True)
        seeds = {seed for path in files(pathlib.Path(vectors), target, areas) for seed in messages(path, target) if len(seed) <= 65536}
        seeds |= in_tests(target)
        if target == "messages":
            seeds.update(AGREEING)
        if target == "keys":
            seeds |= private_keys() | set(public_keys())
        if target == "audits":
            seeds.update(STORES)
        if target == "x509":
            seeds |= {chain for seed in seeds if (chain := certificates(seed))} | paths(pathlib.Path(vectors))
        if target in ("envelopes", "reports"):
            seeds.update(older_envelopes())
        if target == "documents":
            seeds.update(DOCUMENTS)
        if target == "attestation_messages":
            seeds.update((seed if isinstance(seed, str) else json.dumps(seed)).encode() for seed in attestations())
        if target == "transparency_service":
            seeds = set(steps()) | {bytes([192 + number % 64]) + hashlib.shake_128(bytes([number])).digest(24) for number in range(128)}
        if target in MACHINES:
            seeds.update(choices(target))
        for seed in seeds:
            (folder / hashlib.sha256(seed).hexdigest()[:40]).write_bytes(seed)
        print(f"{target}: {len(seeds)} seeds")


if __name__ == "__main__":
    main(*sys.argv[1:])
