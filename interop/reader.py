"""Reads backups without the product: needs a copy of the object store, an exit kit, and the right to kms:Decrypt with the customer's key.

    python reader.py list --kit KIT
    python reader.py restore --kit KIT --store OBJECTS --backup ID --target DIRECTORY [--kms-endpoint URL]

KIT is the directory of the exit kit (or its kit.json), OBJECTS the directory that holds the objects. AWS credentials come from boto3's usual
places. Written from the description of the format alone (format.md); it shares no code with the product.
"""

import argparse
import base64
import hashlib
import hmac
import json
import os
import re
import shutil
import struct
import sys
import tempfile
from pathlib import Path
from typing import BinaryIO, Callable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAX_FRAME = 1024 * 1024
MAX_LINE = 64 * 1024
MAX_ENTRIES = 1_000_000
MAX_RECORD = 16 * 1024
SUITE = 0x0478
FINAL = 0xFFFFFFFF
NAME_PART = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}")
DIGEST = re.compile(r"[0-9a-f]{64}")


class Refused(Exception):
    """The bytes are not what format.md allows, or not the ones that were asked for. Nothing that came before may be used."""


def require(condition: object, why: str) -> None:
    if not condition:
        raise Refused(why)


# --- sealed messages -------------------------------------------------------------------------------------------------


def encode_context(context: dict[str, str]) -> bytes:
    if not context:
        return b""
    pairs = sorted((key.encode(), value.encode()) for key, value in context.items())
    fields = b"".join(struct.pack(">H", len(field)) + field for pair in pairs for field in pair)
    return struct.pack(">H", len(pairs)) + fields


def open_message(stored: BinaryIO, account_key: bytes, key_name: str, context: dict[str, str]) -> Iterator[bytes]:
    """Yields verified frames; raises Refused at the first thing that is wrong."""
    header = bytearray()

    def exactly(length: int) -> bytes:
        data = stored.read(length)
        require(len(data) == length, "the message ends early")
        return data

    def take(length: int) -> bytes:
        data = exactly(length)
        header.extend(data)
        return data

    def take_field(most: int) -> bytes:
        (length,) = struct.unpack(">H", take(2))
        require(length <= most, "a field of the header is too long")
        return take(length)

    require(take(1) == b"\x02", "not a message of version 2")
    require(struct.unpack(">H", take(2))[0] == SUITE, "another algorithm suite")
    message_id = take(32)
    encoded_context = take_field(0xFFFF)
    require(encoded_context == encode_context(context), "another message than the one that was asked for")
    require(take(2) == b"\x00\x01", "not exactly one data key")
    require(take_field(3) == b"ekm", "another key provider")
    name = key_name.encode()
    info = take_field(len(name) + 20)
    require(info[:-12] == name + struct.pack(">II", 128, 12), "wrapped under another key")
    wrapped = take_field(48)
    require(len(wrapped) == 48, "not a wrapped key")
    require(take(1) == b"\x02", "not framed")
    (frame_length,) = struct.unpack(">I", take(4))
    require(0 < frame_length <= MAX_FRAME, "a frame length out of bounds")
    committed = take(32)
    body = bytes(header)
    header_tag = exactly(16)

    try:
        data_key = AESGCM(account_key).decrypt(info[-12:], wrapped, encoded_context)
    except InvalidTag:
        raise Refused("the data key does not unwrap") from None
    derive = lambda info: HKDF(algorithm=SHA512(), length=32, salt=message_id, info=info).derive(data_key)  # noqa: E731
    require(hmac.compare_digest(derive(b"COMMITKEY"), committed), "the commitment does not hold")
    cipher = AESGCM(derive(struct.pack(">H", SUITE) + b"DERIVEKEY"))
    try:
        cipher.decrypt(bytes(12), header_tag, body)
    except InvalidTag:
        raise Refused("the header was changed") from None

    expected, final = 1, False
    while not final:
        (number,) = struct.unpack(">I", exactly(4))
        final = number == FINAL
        if final:
            (number,) = struct.unpack(">I", exactly(4))
        require(number == expected, "a frame out of order")
        iv = exactly(12)
        require(iv == number.to_bytes(12, "big"), "the IV is not the frame's number")
        length = struct.unpack(">I", exactly(4))[0] if final else frame_length
        require(length <= frame_length, "a final frame that is too long")
        text = b"AWSKMSEncryptionClient Final Frame" if final else b"AWSKMSEncryptionClient Frame"
        try:
            plaintext = cipher.decrypt(iv, exactly(length + 16), message_id + text + struct.pack(">IQ", number, length))
        except InvalidTag:
            raise Refused(f"frame {number} was changed") from None
        require(not final or stored.read(1) == b"", "bytes follow the final frame")
        yield plaintext
        expected += 1


# --- manifests -------------------------------------------------------------------------------------------------------


def lines_of(pieces: Iterator[bytes]) -> Iterator[dict]:
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            yield parse_line(line)
        require(len(rest) <= MAX_LINE, "a line of the manifest is too long")
    require(rest == b"", "the manifest's last line has no end")


def parse_line(line: bytes) -> dict:
    require(len(line) <= MAX_LINE, "a line of the manifest is too long")
    try:
        value = json.loads(line.decode())
    except ValueError:
        raise Refused("a line of the manifest is not JSON") from None
    require(isinstance(value, dict), "a line of the manifest is not an object")
    return value


def is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53


def has(line: dict, **kinds: Callable[[object], bool]) -> bool:
    return set(line) == set(kinds) and all(check(line[key]) for key, check in kinds.items())


def is_mode(value: object) -> bool:
    return is_count(value) and value <= 0o777


def is_time(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53


def is_digest(value: object) -> bool:
    return isinstance(value, str) and DIGEST.fullmatch(value) is not None


def is_path(value: object) -> bool:
    if not isinstance(value, str) or "\0" in value:
        return False
    try:
        parts = [part.encode() for part in value.split("/")]
    except UnicodeEncodeError:
        return False
    return len(value.encode()) <= 4096 and all(part not in (b"", b".", b"..") and len(part) <= 255 for part in parts)


def is_reason(value: object) -> bool:
    return value in ("symlink", "not-a-regular-file", "name-not-utf8")


def is_root(value: object) -> bool:
    return isinstance(value, dict) and has(value, mode=is_mode, mtimeMs=is_time)


def read_manifest(pieces: Iterator[bytes], version: int, account: str, backup: str, attempt: str, generation: int) -> dict:
    """The manifest as {header, objects, directories, files}, once everything that format.md says of it holds."""
    lines = lines_of(pieces)
    header = next(lines, {})
    expected = {"format": "ekm-manifest", "version": version, "accountId": account, "backupId": backup, "attempt": attempt}
    require(all(header.get(key) == value for key, value in {**expected, "generation": generation}.items()), "a manifest of another backup")
    require(set(header) == {*expected, "generation", "kind", "root"} and is_root(header["root"]), "a malformed first line")
    require(header["kind"] in ("DIRECTORY", "SALESFORCE_EXPORT"), "another kind of source")

    objects: dict[int, dict] = {}
    filled: dict[int, int] = {}
    directories, files, known = [], [], {""}
    entries, last_path, last_kept, end = 0, b"", None, None
    digest = hashlib.sha256(b"ekm:content:v1\n")
    for line in lines:
        require(end is None, "the manifest goes on after its end")
        if has(line, object=is_count, bytes=is_count, sealedBytes=is_count, **({"sha256": is_digest} if version == 1 else {})):
            require(entries == 0 and line["object"] > max(objects, default=-1), "an object out of order")
            objects[line["object"]] = line
            filled[line["object"]] = 0
            continue
        if has(line, objects=is_count, entries=is_count, files=is_count, bytes=is_count, contentDigest=is_digest):
            end = line
            continue
        kind = next((kind for kind in ("directory", "file", "skipped") if kind in line), None)
        require(kind is not None and is_path(line[kind]), "a line of no known kind")
        path = line[kind]
        require(path.encode() >= last_path, "entries out of order")
        require(path.rpartition("/")[0] in known, "an entry without its directory")
        last_path, entries = path.encode(), entries + 1
        require(entries <= MAX_ENTRIES, "too many entries")
        if kind == "skipped":
            require(has(line, skipped=is_path, reason=is_reason), "a malformed entry")
            continue
        require(path != last_kept, "a path twice")
        last_kept = path
        if kind == "directory":
            require(has(line, directory=is_path, mode=is_mode, mtimeMs=is_time), "a malformed entry")
            known.add(path)
            directories.append(line)
            listed: list = ["d", path]
        else:
            shape = {"size": is_count, "sha256": is_digest, "object": is_count, "offset": is_count}
            require(has(line, file=is_path, mode=is_mode, mtimeMs=is_time, **shape), "a malformed entry")
            require(filled.get(line["object"]) == line["offset"], "files that do not follow one another")
            filled[line["object"]] += line["size"]
            files.append(line)
            listed = ["f", path, line["size"], line["sha256"], line["mode"] >> 6 & 1]
        digest.update(json.dumps(listed, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    require(end is not None, "the manifest has no end")
    require(all(filled[number] == one["bytes"] for number, one in objects.items()), "files that do not fill their objects")
    counted = (len(objects), entries, len(files), sum(file["size"] for file in files))
    require(counted == (end["objects"], end["entries"], end["files"], end["bytes"]), "not what the manifest counts")
    require(digest.hexdigest() == end["contentDigest"], "not the content digest that the manifest states")
    return {"header": header, "objects": objects, "directories": directories, "files": files, "contentDigest": digest.hexdigest()}


# --- a backup --------------------------------------------------------------------------------------------------------


class Tapped:
    """A stored object, with the digest of what was read of it."""

    def __init__(self, store: Path, name: str):
        require(all(NAME_PART.fullmatch(part) for part in name.split("/")) and len(name) <= 1024, "not an object's name")
        try:
            self.file = open(store / name, "rb")
        except OSError:
            raise Refused(f"the object {name} is missing") from None
        self.digest, self.length = hashlib.sha256(), 0

    def read(self, length: int) -> bytes:
        data = self.file.read(length)
        self.digest.update(data)
        self.length += len(data)
        return data


def restore(store: Path, account: str, backup: dict, account_key: bytes, target: Path) -> str:
    """Restores into a directory that does not exist yet, and answers the content digest."""
    identifier, generation, reference = backup["id"], backup["generation"], backup["manifest"]
    require(reference["version"] in (1, 2), "a manifest of a version that this reader does not know")
    prefix = f"{account}/{identifier}/"
    name = reference["objectName"]
    attempt, slash, last = name[len(prefix) :].partition("/")
    require(name.startswith(prefix) and slash and last == "manifest", "not a manifest of this backup")

    def opened(stored: Tapped, of: str) -> Iterator[bytes]:
        context = {
            "ekm:account": account,
            "ekm:backup": identifier,
            "ekm:generation": str(generation),
            "ekm:object": of[len(prefix) :],
        }
        return open_message(stored, account_key, f"{account}/{generation}", context)

    stored = Tapped(store, name)
    with stored.file:
        manifest = read_manifest(opened(stored, name), reference["version"], account, identifier, attempt, generation)
        require(stored.digest.hexdigest() == reference["digest"], "the manifest is not the one that was recorded")

    target = target.absolute()
    require(not target.exists(), "the target exists")
    staging = Path(tempfile.mkdtemp(prefix=f"{target.name}.", dir=target.parent))
    try:
        for directory in manifest["directories"]:
            (staging / directory["directory"]).mkdir(mode=0o700)
        files_of: dict[int, list[dict]] = {number: [] for number in manifest["objects"]}
        for file in manifest["files"]:
            files_of[file["object"]].append(file)
        for number, one in manifest["objects"].items():
            of = f"{prefix}{attempt}/{number:06d}"
            stored = Tapped(store, of)
            with stored.file:
                write_files(staging, opened(stored, of), files_of[number])
            require(stored.length == one["sealedBytes"], f"{of} is not what the manifest states")
            require(one.get("sha256") in (None, stored.digest.hexdigest()), f"{of} is not what the manifest states")
        root = {"directory": "", **manifest["header"]["root"]}
        for directory in reversed([root, *manifest["directories"]]):
            set_attributes(staging / directory["directory"], directory)
        os.rename(staging, target)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    return manifest["contentDigest"]


def write_files(staging: Path, pieces: Iterator[bytes], files: list[dict]) -> None:
    rest = b""
    for file in files:
        path, missing, digest = staging / file["file"], file["size"], hashlib.sha256()
        with open(path, "xb") as out:
            while missing > 0:
                rest = rest or next(pieces, b"")
                require(rest, "an object with less content than its files")
                part, rest = rest[:missing], rest[missing:]
                digest.update(part)
                out.write(part)
                missing -= len(part)
        require(digest.hexdigest() == file["sha256"], f"{file['file']} is not what was backed up")
        set_attributes(path, file)
    require(not rest and not any(pieces), "an object with more content than its files")


def set_attributes(path: Path, entry: dict) -> None:
    os.chmod(path, entry["mode"])
    nanoseconds = entry["mtimeMs"] * 1_000_000
    os.utime(path, ns=(nanoseconds, nanoseconds))


# --- the exit kit ----------------------------------------------------------------------------------------------------


def read_kit(place: Path) -> dict:
    kit = json.loads((place / "kit.json" if place.is_dir() else place).read_text())
    require(kit.get("format") == "ekm-exit-kit" and kit.get("version") == 1, "not an exit kit of version 1")
    return kit


def wraps_of(kit: dict, generation: dict, store: Path) -> Iterator[tuple[str, bytes]]:
    """The kit's wrap, then those that were recorded beside the backups since."""
    yield generation["keyArn"], base64.b64decode(generation["ciphertext"])
    number = generation["generation"]
    for place in sorted((store / kit["accountId"] / "keys").glob(f"{number}-*")):
        data = place.read_bytes() if place.stat().st_size <= MAX_RECORD else b""
        require(place.name.endswith(f"-{hashlib.sha256(data).hexdigest()[:16]}"), f"the key record {place.name} is damaged")
        record = json.loads(data)
        require((record["version"], record["accountId"], record["generation"]) == (1, kit["accountId"], number), "a key record of another key")
        yield record["keyArn"], base64.b64decode(record["ciphertext"])


def unwrap(kit: dict, generation: int, store: Path, endpoint: str | None) -> bytes:
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    listed = next((one for one in kit["generations"] if one["generation"] == generation), None)
    require(listed is not None, f"the kit has no key of generation {generation}")
    context = {"ekm:account": kit["accountId"], "ekm:purpose": "account-key", "ekm:generation": str(generation)}
    said = []
    for arn, ciphertext in wraps_of(kit, listed, store):
        kms = boto3.client("kms", region_name=arn.split(":")[3], endpoint_url=endpoint)
        try:
            answer = kms.decrypt(KeyId=arn, CiphertextBlob=ciphertext, EncryptionContext=context)
        except (BotoCoreError, ClientError) as error:
            said.append(f"{arn}: {error}")
            continue
        key = answer["Plaintext"]
        value = hmac.new(key, b"ekm:key-check-value:v1", "sha256").hexdigest()
        if len(key) == 32 and hmac.compare_digest(value, listed["checkValue"]):
            return key
        said.append(f"{arn}: it gave another key")
    raise Refused("the account key cannot be unwrapped\n  " + "\n  ".join(said))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("list", "restore"))
    parser.add_argument("--kit", type=Path, required=True)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--backup")
    parser.add_argument("--target", type=Path)
    parser.add_argument("--kms-endpoint")
    options = parser.parse_args()
    try:
        kit = read_kit(options.kit)
        if options.command == "list":
            for backup in kit["backups"]:
                print(backup["id"], backup["createdAt"], backup["bytes"], "bytes,", backup["items"], "files")
            return 0
        if None in (options.store, options.backup, options.target):
            parser.error("restore needs --store, --backup and --target")
        backup = next((one for one in kit["backups"] if one["id"] == options.backup), None)
        require(backup is not None, f"the kit lists no backup {options.backup}")
        key = unwrap(kit, backup["generation"], options.store, options.kms_endpoint)
        print(restore(options.store, kit["accountId"], backup, key, options.target))
        return 0
    except Refused as refusal:
        print(f"reader.py: {refusal}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
