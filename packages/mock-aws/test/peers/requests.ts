import { answerTo, freshName, NO_KEY, nameOf, type Probe, x } from "./probe.js";

const OVER_1024 =
  "ValidationException: 1 validation error detected: Value '1025' at 'numberOfBytes' failed to satisfy constraint: Member must " +
  "have value less than or equal to 1024";

/** What a request must look like, errors, encryption context, paging, dry runs. */
export const REQUEST_PROBES: readonly Probe[] = [
  {
    id: "missing-key",
    aws: "a key that is not there: NotFoundException `Key '{key}' does not exist`",
    ask: ({ owner }) => answerTo(owner.describeKey({ KeyId: NO_KEY })),
    wanted: "NotFoundException: Key '{key}' does not exist",
  },
  {
    id: "invalid-key-id",
    aws: "what is no key id: NotFoundException `Invalid keyId 'nothing'`",
    ask: ({ owner }) => answerTo(owner.describeKey({ KeyId: "nothing" })),
    wanted: "NotFoundException: Invalid keyId 'nothing'",
  },
  {
    id: "missing-parameter",
    aws: "Encrypt without a key: ValidationException that names 'keyId'",
    ask: ({ owner }) => answerTo(owner.encrypt({ KeyId: undefined, Plaintext: x })),
    wanted:
      "ValidationException: 1 validation error detected: Value null at 'keyId' failed to satisfy constraint: Member must not be null",
  },
  {
    id: "status-of-faults",
    aws: "client faults are HTTP 400",
    ask: async ({ owner }) => {
      const error = await owner.describeKey({ KeyId: NO_KEY }).catch((caught) => caught);
      return error.$metadata.httpStatusCode;
    },
    wanted: 400,
  },
  {
    id: "plaintext-too-long",
    aws: "Encrypt of 4097 bytes: ValidationException",
    ask: async ({ owner, newKey }) => answerTo(owner.encrypt({ KeyId: await newKey(), Plaintext: Buffer.alloc(4097) })),
    wanted:
      "ValidationException: 1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have " +
      "length less than or equal to 4096",
  },
  {
    id: "data-key-arguments",
    aws: "GenerateDataKey with both or neither of KeySpec and NumberOfBytes: ValidationException",
    ask: async ({ owner, newKey }) => {
      const KeyId = await newKey();
      const both = await answerTo(owner.generateDataKey({ KeyId, KeySpec: "AES_256", NumberOfBytes: 32 }));
      return [both, await answerTo(owner.generateDataKey({ KeyId }))];
    },
    wanted: Array(2).fill("ValidationException: Please specify either number of bytes or key spec."),
  },
  {
    id: "data-key-length",
    aws: "a data key is as long as NumberOfBytes says",
    ask: async ({ owner, newKey }) => {
      const KeyId = await newKey();
      const lengthOf = async (NumberOfBytes: number) => (await owner.generateDataKey({ KeyId, NumberOfBytes })).Plaintext?.length;
      return [await lengthOf(64), await lengthOf(7)];
    },
    wanted: [64, 7],
  },
  {
    id: "data-key-too-long",
    aws: "GenerateDataKey of 1025 bytes: ValidationException",
    ask: async ({ owner, newKey }) => answerTo(owner.generateDataKey({ KeyId: await newKey(), NumberOfBytes: 1025 })),
    wanted: OVER_1024,
  },
  {
    id: "random-too-long",
    aws: "GenerateRandom of 1025 bytes: ValidationException",
    ask: ({ owner }) => answerTo(owner.generateRandom({ NumberOfBytes: 1025 })),
    wanted: OVER_1024,
  },
  {
    id: "deletion-window",
    aws: "a deletion window of 6 days: ValidationException",
    ask: async ({ owner, newKey }) => nameOf(owner.scheduleKeyDeletion({ KeyId: await newKey(), PendingWindowInDays: 6 })),
    wanted: "ValidationException",
  },
  {
    id: "key-spec-unknown",
    aws: "a key spec that does not exist: ValidationException",
    ask: ({ owner }) => nameOf(owner.createKey({ KeySpec: "AES_512" as "RSA_2048", KeyUsage: "ENCRYPT_DECRYPT" })),
    wanted: "ValidationException",
  },
  {
    id: "description-too-long",
    aws: "a description of 8193 characters: ValidationException",
    ask: ({ owner }) => nameOf(owner.createKey({ Description: "d".repeat(8193) })),
    wanted: "ValidationException",
  },
  {
    id: "foreign-ciphertext",
    aws: "bytes that KMS did not make: InvalidCiphertextException, without a text",
    ask: ({ owner }) => answerTo(owner.decrypt({ CiphertextBlob: Buffer.alloc(100, 7) })),
    wanted: "InvalidCiphertextException",
  },
  {
    id: "decrypt-with-another-key",
    aws: "Decrypt that names another key than the ciphertext's: IncorrectKeyException",
    ask: async ({ owner, newKey }) => {
      const { CiphertextBlob } = await owner.encrypt({ KeyId: await newKey(), Plaintext: x });
      return answerTo(owner.decrypt({ CiphertextBlob, KeyId: await newKey() }));
    },
    wanted: "IncorrectKeyException: The key ID in the request does not identify a CMK that can perform this operation.",
  },
  {
    id: "context-wrong",
    aws: "Decrypt with another encryption context, or none: InvalidCiphertextException",
    ask: async ({ owner, newKey }) => {
      const { CiphertextBlob } = await owner.encrypt({ KeyId: await newKey(), Plaintext: x, EncryptionContext: { a: "b" } });
      const other = await answerTo(owner.decrypt({ CiphertextBlob, EncryptionContext: { a: "c" } }));
      return [other, await answerTo(owner.decrypt({ CiphertextBlob }))];
    },
    wanted: ["InvalidCiphertextException", "InvalidCiphertextException"],
  },
  {
    id: "context-order",
    aws: "the order of an encryption context's pairs does not matter",
    ask: async ({ owner, newKey }) => {
      const sealed = await owner.encrypt({ KeyId: await newKey(), Plaintext: x, EncryptionContext: { a: "1", b: "2" } });
      return answerTo(owner.decrypt({ CiphertextBlob: sealed.CiphertextBlob, EncryptionContext: { b: "2", a: "1" } }));
    },
    wanted: "ok",
  },
  {
    id: "context-ambiguous",
    aws: "names and values of an encryption context are bound one by one",
    ask: async ({ owner, newKey }) => {
      const sealed = await owner.encrypt({ KeyId: await newKey(), Plaintext: x, EncryptionContext: { a: "bc" } });
      return answerTo(owner.decrypt({ CiphertextBlob: sealed.CiphertextBlob, EncryptionContext: { ab: "c" } }));
    },
    wanted: "InvalidCiphertextException",
  },
  {
    id: "paging",
    aws: "ListKeys keeps to Limit and goes on at NextMarker",
    ask: async ({ owner, newKey }) => {
      await Promise.all([newKey(), newKey()]);
      const first = await owner.listKeys({ Limit: 1 });
      if (first.NextMarker === undefined) return [first.Keys?.length, first.Truncated];
      const second = await owner.listKeys({ Limit: 1, Marker: first.NextMarker });
      return [first.Keys?.length, first.Truncated, second.Keys?.[0]?.KeyArn !== first.Keys?.[0]?.KeyArn];
    },
    wanted: [1, true, true],
  },
  {
    id: "invalid-marker",
    aws: "a marker that AWS did not hand out: InvalidMarkerException",
    ask: ({ owner }) => nameOf(owner.listKeys({ Marker: "nowhere" })),
    wanted: "InvalidMarkerException",
  },
  {
    id: "dry-run",
    aws: "DryRun: DryRunOperationException, and nothing is done",
    ask: async ({ owner, newKey, place }) => {
      const KeyId = await newKey();
      const DryRun = true;
      const GranteePrincipal = `arn:aws:iam::${place.owner.accountId}:root`;
      return [
        await nameOf(owner.encrypt({ KeyId, Plaintext: x, DryRun })),
        await nameOf(owner.generateDataKey({ KeyId, KeySpec: "AES_256", DryRun })),
        await nameOf(owner.createGrant({ KeyId, GranteePrincipal, Operations: ["Encrypt"], DryRun })),
        (await owner.listGrants({ KeyId })).Grants?.length,
      ];
    },
    wanted: [...Array(3).fill("DryRunOperationException"), 0],
  },
  {
    id: "alias-encrypt",
    aws: "an alias stands for its key, and the answer names the key",
    ask: async ({ owner, newKeyArn }) => {
      const [AliasName, TargetKeyId] = [freshName(), await newKeyArn()];
      await owner.createAlias({ AliasName, TargetKeyId });
      return (await owner.encrypt({ KeyId: AliasName, Plaintext: x })).KeyId === TargetKeyId;
    },
    wanted: true,
  },
  {
    id: "alias-of-aws",
    aws: "`alias/aws/` is AWS's own: NotAuthorizedException",
    ask: async ({ owner, newKey }) =>
      nameOf(owner.createAlias({ AliasName: freshName().replace("alias/", "alias/aws/"), TargetKeyId: await newKey() })),
    wanted: "NotAuthorizedException",
  },
  {
    id: "alias-twice",
    aws: "an alias that exists: AlreadyExistsException",
    ask: async ({ owner, newKey }) => {
      const input = { AliasName: freshName(), TargetKeyId: await newKey() };
      await owner.createAlias(input);
      return answerTo(owner.createAlias(input));
    },
    wanted: "AlreadyExistsException: An alias with the name {alias} already exists",
  },
  {
    id: "alias-missing",
    aws: "an alias that is not there: NotFoundException `Alias {alias} is not found.`",
    ask: ({ owner }) => answerTo(owner.describeKey({ KeyId: freshName() })),
    wanted: "NotFoundException: Alias {alias} is not found.",
  },
];
