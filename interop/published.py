"""Reads the published SUIT examples with cbor2 alone and asks for the effect lists of vectors/suit/published.json.

usage: published.py VECTORS PUBLISHED_VECTORS

A naive reading of draft-ietf-suit-manifest 6.4 and draft-ietf-suit-trust-domains 5, of the commands that the examples and the family's own
cases have; `family.py` asks it for those. It checks no signature itself: `check.py` and `family.py` do.
"""

import hashlib
import json
import pathlib
import sys

import cbor2

UPDATE, INVOKE = (15, 16, 18, 20, 7), (7, 8, 9)
CHECKS = {1: ("check-vendor", 1, "vendor_id"), 2: ("check-class", 2, "class_id")}


class Failed(Exception):
    """A command failed."""


class Rejected(Exception):
    """The manifest is refused before anything is done."""


def envelope_of(encoded):
    item = cbor2.loads(encoded)
    return item.value if isinstance(item, cbor2.CBORTag) else item


def name_of(identifier):
    return "/".join(segment.hex() for segment in identifier)


def digest_in(parameter):
    algorithm, value = cbor2.loads(parameter)[:2]
    assert algorithm == -16
    return value.hex()


class Content:
    """What a component holds: bytes, or the digest and the size of an image that nobody has."""

    def __init__(self, stated, folder):
        self.bytes = None
        if isinstance(stated, bytes):
            self.bytes = stated
        elif isinstance(stated, str):
            self.bytes = bytes.fromhex(stated)
        elif "file" in stated:
            self.bytes = (folder / stated["file"]).read_bytes()
        else:
            self.sha256, self.size = stated["digest"], stated["size"]
        if self.bytes is not None:
            self.sha256, self.size = hashlib.sha256(self.bytes).hexdigest(), len(self.bytes)


class Manifest:
    def __init__(self, encoded, next_index, prefix=()):
        """Its components stand under the prefix, whoever runs it."""
        self.envelope, self.prefix = envelope_of(encoded), tuple(prefix)
        self.item = self.envelope[3]
        self.members = cbor2.loads(self.item)
        common = cbor2.loads(self.members[3])
        self.components = [name_of((*self.prefix, *one)) for one in common[2]]
        self.own = len(self.components)
        self.dependencies = common.get(1, {})
        for index, metadata in sorted(self.dependencies.items()):
            if index >= len(self.components):
                if not next_index or index != len(self.components):
                    raise Rejected("the index of a dependency is beyond the components")
                self.components.append(name_of((*self.prefix, *metadata[1])))
        self.shared = common.get(4)

    def section(self, label):
        found = self.members.get(label)
        if isinstance(found, list):
            if label not in self.envelope:
                raise Rejected("a section was severed and is asked for")
            found = self.envelope[label]
        return found

    def dependency(self, encoded, name):
        """The dependency that the component of this name holds, and what it gives to it as a prefix."""
        index = self.components.index(name)
        # Behind the components, what stands there is no prefix but the identifier of the dependency.
        given = self.dependencies.get(index, {}).get(1, ()) if index < self.own else ()
        return Manifest(encoded, False, (*self.prefix, *given))

    def digest(self):
        return hashlib.sha256(cbor2.dumps(self.item)).hexdigest()


class Device:
    def __init__(self, facts, folder, is_authentic):
        self.platform, self.folder, self.is_authentic = facts["platform"], folder, is_authentic
        self.held, self.effects, self.parameters = {}, [], {}
        for one in self.platform["components"]:
            content = one["content"]
            self.held["/".join(one["id"])] = None if content is None else Content(content, folder)
        self.number, self.checked = self.platform["stored_sequence"], {}

    def run(self, manifest, section):
        if section is None:
            return
        manifest.processed = set()
        for sequence in (manifest.shared, section[1]):
            if sequence is not None:
                self.sequence(manifest, section[0], cbor2.loads(sequence))
        for index in manifest.dependencies:
            # Each dependency that was checked has its section of this kind processed (trust domains 5.1).
            checked = self.checked.get(manifest.components[index])
            if checked and checked.section(section[0]) is not None and index not in manifest.processed:
                raise Failed("a section of a dependency was not processed")

    def sequence(self, manifest, label, commands):
        current = manifest.components[0]
        for command, argument in zip(commands[::2], commands[1::2]):
            if command == 12:
                current = manifest.components[argument]
            elif command == 20:
                self.parameters.setdefault(current, {}).update(argument)
            elif command == 19:
                known = self.parameters.setdefault(current, {})
                known.update((key, value) for key, value in argument.items() if key not in known)
            else:
                self.command(manifest, label, command, current)

    def command(self, manifest, label, command, name):
        parameters, held = self.parameters.get(name, {}), self.held[name]
        if command in CHECKS:
            effect, parameter, identifier = CHECKS[command]
            self.condition(effect, name, parameters[parameter].hex() == self.platform[identifier])
        elif command == 3:
            is_dependency = manifest.components.index(name) in manifest.dependencies
            if is_dependency:
                holds = Manifest(held.bytes, False).digest() == digest_in(parameters[3])
            else:
                holds = held is not None and held.sha256 == digest_in(parameters[3])
                holds = holds and parameters.get(14, held.size) == held.size
            self.condition("check-image", name, holds)
        elif command == 7:
            dependency = manifest.dependency(held.bytes, name)
            self.checked[name] = dependency
            holds = dependency.digest() == digest_in(parameters[3]) and self.is_authentic(held.bytes)
            self.condition("check-dependency", name, holds)
        elif command == 11:
            dependency = self.checked[name]
            manifest.processed.add(manifest.components.index(name))
            content = dependency.section(label)
            self.run(dependency, None if content is None else (label, content))
        elif command == 18:
            self.held[name] = Content(parameters[18], self.folder)
            self.effects.append(["write", name, self.held[name].sha256])
        elif command == 21:
            uri = parameters[21]
            source = "integrated" if uri in manifest.envelope else "network"
            self.held[name] = Content(manifest.envelope.get(uri) or self.platform["fetch"][uri], self.folder)
            self.effects.append(["fetch", name, uri, source, self.held[name].sha256])
        elif command == 22:
            source = manifest.components[parameters[22]]
            self.held[name] = self.held[source]
            self.effects.append(["copy", source, name])
        elif command == 23:
            arguments = parameters.get(23)
            self.effects.append(["invoke", name, None if arguments is None else arguments.hex()])
        else:
            raise SystemExit(f"command {command} is not read here")

    def condition(self, effect, name, holds):
        self.effects.append([effect, name, holds])
        if not holds:
            raise Failed(effect)


def judge(facts, encoded, folder, is_authentic=lambda dependency: True):
    device = Device(facts, folder, is_authentic)
    verdict = "success"
    try:
        manifest = Manifest(encoded, "reading" in facts)
        labels = UPDATE if facts["procedure"] == "update" else INVOKE
        sections = [(label, manifest.section(label)) for label in labels]
        for label, content in sections:
            device.run(manifest, None if content is None else (label, content))
        if labels == UPDATE:
            device.number = manifest.members[2]
            device.effects.append(["commit-sequence", device.number])
    except Failed:
        verdict = "failed"
    except Rejected:
        verdict = "rejected-before-effects"
    final = {name: held and held.sha256 for name, held in device.held.items()}
    if facts.get("failed_at"):
        section, offset, command = facts["failed_at"]
        for index in facts.get("failed_manifest") or ():
            name = manifest.components[index]
            manifest = manifest.dependency(device.held[name].bytes, name)
        assert manifest.section(section)[offset] == command, f"no command {command} stands at {offset}"
    return {"verdict": verdict, "effects": device.effects, "final": final, "final_sequence": device.number}


def main():
    own, published = (pathlib.Path(argument) / "suit" for argument in sys.argv[1:])
    cases = json.loads((published / "cases.json").read_text())
    files = {case["name"]: case["file"] for case in (cases if isinstance(cases, list) else cases["cases"])}
    lists = json.loads((own / "published.json").read_text())
    wrong = 0
    for one in lists:
        found = judge(one["facts"], (published / files[one["of"]]).read_bytes(), published)
        for fact, value in found.items():
            if value != one["facts"][fact]:
                print(f"{one['of']} ({one['facts']['procedure']}): {fact} is {value}, stated {one['facts'][fact]}")
                wrong += 1
    print(f"{len(lists)} effect lists of published examples, {wrong} differences")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
