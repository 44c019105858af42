"""Writes the seeds of the fuzz targets: seeds.py VECTORS CORPUS.

Every message of the published vectors goes into CORPUS/TARGET, under a name that tells its content: a run of the fuzzer
adds to the folder, and a second run of this script changes nothing. The messages of the canaries are there without any
vectors.
"""

import hashlib
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGETS = {
    "attestation_messages": ("rats",),
    "messages": ("cose", "scitt", "suit", "teep", "rats"),
    "receipts": ("scitt", "merkle", "transparent-suit"),
    "envelopes": ("suit", "teep", "transparent-suit"),
    "statements": ("scitt", "transparent-suit"),
    "transparency_service": (),
    "tokens": ("rats",),
}
# Where a test file in JSON has its message, in hex.
MESSAGES = (("output", "cbor"), ("sign1::sign", "expectedOutput", "cborHex"), ("sign1::verify", "taggedCOSESign1", "cborHex"))


def messages(path):
    """The messages of one file: of a text in JSON that is no test file, the text itself."""
    if path.suffix != ".json":
        return [path.read_bytes()]
    if path.parent.name == "rats":
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


def files(vectors, areas):
    canaries = ROOT / "bare-metal/canary/fixtures"
    yield from sorted(path for path in canaries.rglob("*") if path.is_file())
    for area in areas:
        index = vectors / area / "cases.json"
        if index.is_file():
            yield from (vectors / area / case["file"] for case in json.loads(index.read_text())["cases"])


def main(vectors, corpus):
    for target, areas in TARGETS.items():
        folder = pathlib.Path(corpus) / target
        folder.mkdir(parents=True, exist_ok=True)
        seeds = {seed for path in files(pathlib.Path(vectors), areas) for seed in messages(path) if len(seed) <= 65536}
        for seed in seeds:
            (folder / hashlib.sha256(seed).hexdigest()[:40]).write_bytes(seed)
        print(f"{target}: {len(seeds)} seeds")


if __name__ == "__main__":
    main(*sys.argv[1:])
