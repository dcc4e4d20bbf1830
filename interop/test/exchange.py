"""The tests' partner: one request a line on stdin, one answer a line on stdout, JSON with bytes in base64.

seal and sdk-open are AWS's own SDK; open and restore are reader.py. An answer is {"ok": ...} or {"refused": why}.
"""

import base64
import io
import json
import sys
from pathlib import Path

import aws_encryption_sdk
from aws_encryption_sdk.exceptions import AWSEncryptionSDKClientError
from aws_encryption_sdk.identifiers import Algorithm, CommitmentPolicy, EncryptionKeyType, WrappingAlgorithm
from aws_encryption_sdk.internal.crypto.wrapping_keys import WrappingKey
from aws_encryption_sdk.key_providers.raw import RawMasterKeyProvider
from cryptography.exceptions import InvalidTag

import reader

SDK = aws_encryption_sdk.EncryptionSDKClient(commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)


class AccountKey(RawMasterKeyProvider):
    provider_id = "ekm"

    def __new__(cls, **kwargs):
        provider = super().__new__(cls)
        provider.key = None
        return provider

    def _get_raw_key(self, key_id):
        wrapping = WrappingAlgorithm.AES_256_GCM_IV12_TAG16_NO_PADDING
        return WrappingKey(wrapping_algorithm=wrapping, wrapping_key=self.key, wrapping_key_type=EncryptionKeyType.SYMMETRIC)


def provider(request):
    keys = AccountKey()
    keys.key = base64.b64decode(request["key"])
    keys.add_master_key(request["keyName"])
    return keys


def seal(request):
    message, _ = SDK.encrypt(
        source=base64.b64decode(request["plaintext"]),
        key_provider=provider(request),
        encryption_context=request["context"],
        frame_length=request["frameLength"],
        algorithm=Algorithm.AES_256_GCM_HKDF_SHA512_COMMIT_KEY,
    )
    return base64.b64encode(message).decode()


def sdk_open(request):
    plaintext, header = SDK.decrypt(source=base64.b64decode(request["message"]), key_provider=provider(request))
    return {"plaintext": base64.b64encode(plaintext).decode(), "context": dict(header.encryption_context)}


def own_open(request):
    message = io.BytesIO(base64.b64decode(request["message"]))
    key = base64.b64decode(request["key"])
    return base64.b64encode(b"".join(reader.open_message(message, key, request["keyName"], request["context"]))).decode()


def own_restore(request):
    key = base64.b64decode(request["key"])
    return reader.restore(Path(request["store"]), request["account"], request["backup"], key, Path(request["target"]))


OPERATIONS = {"seal": seal, "sdk-open": sdk_open, "open": own_open, "restore": own_restore}

for line in sys.stdin:
    asked = json.loads(line)
    try:
        answer = {"ok": OPERATIONS[asked["do"]](asked)}
    except (reader.Refused, AWSEncryptionSDKClientError, InvalidTag) as refusal:
        answer = {"refused": f"{type(refusal).__name__}: {refusal}"}
    print(json.dumps(answer), flush=True)
