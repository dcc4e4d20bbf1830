import { createHash, randomBytes } from "node:crypto";
import type { KeyState } from "../../control/interface.js";
import { AwsFault } from "../../front/aws-fault.js";
import { type EncryptionContext, isKeyId } from "../../keys/key.js";
import { encodeContext } from "../context-aad.js";
import { createEmbeddedUpstream } from "../embedded/embedded-upstream.js";
import type { NewUpstreamKey, Upstream, UpstreamKey } from "../upstream.js";
import { callLocalStack } from "./localstack-client.js";

const KEY_ID_BYTES = 36;
/** LocalStack's own length of a data key, whatever length is asked for. */
const DATA_KEY_BYTES = 32;

/**
 * Keys in a LocalStack, called as each key's owner. Known deviations are hidden: a data key of another length than LocalStack
 * makes is made here and encrypted there; the encryption context is bound by its digest, since LocalStack joins names and
 * values without lengths; ids are the front's (tag `_custom_id_`). States that LocalStack has not are the front's alone, and
 * where the front lets a call through (a delayed change, a stale answer) on a key that it switched off here, the front wins. A key
 * that somebody else switched off in LocalStack stays off. Keys that LocalStack cannot be faithful about (imported material,
 * key pairs, HMAC, multi-Region, custom key stores) are held here, by the embedded upstream. Rotation makes no new material in
 * LocalStack: it has a new id, everything stays readable, and what was encrypted by which is not known.
 */
export function createLocalStackUpstream(url: URL): Upstream {
  const endpoint = new URL("/", url);
  const embedded = createEmbeddedUpstream();
  const rotations = new Map<string, number>();
  const timers = new Set<NodeJS.Timeout>();
  /** By key id: the state that the front last asked for. */
  const asked = new Map<string, KeyState>();
  /** Keys of before a reset: LocalStack still has them, the front does not. */
  const forgotten = new Set<string>();
  const call = (owner: UpstreamKey, operation: string, input: Readonly<Record<string, unknown>>) =>
    callLocalStack(endpoint, owner, operation, input);

  async function use(key: UpstreamKey, operation: string, input: Readonly<Record<string, unknown>>) {
    const output = await call(key, operation, { KeyId: key.id, ...input });
    const lags =
      output instanceof AwsFault && STATE_FAULTS.includes(output.code) && (asked.get(key.id) ?? "Enabled") !== "Enabled";
    if (!lags) return output;
    return (await follow(key, "Enabled")) ?? call(key, operation, { KeyId: key.id, ...input });
  }

  async function bytesOf(key: UpstreamKey, operation: string, input: Readonly<Record<string, unknown>>, member: string) {
    const output = await use(key, operation, input);
    return output instanceof AwsFault ? output : bytesIn(output, member);
  }

  const encrypt = (key: UpstreamKey, plaintext: Buffer, context: EncryptionContext) =>
    bytesOf(key, "Encrypt", { Plaintext: plaintext.toString("base64"), ...bound(context) }, "CiphertextBlob");

  async function follow(key: UpstreamKey, state: KeyState): Promise<AwsFault | null> {
    for (const [operation, input] of transitionsTo(state)) {
      const output = await call(key, operation, { KeyId: key.id, ...input });
      if (output instanceof AwsFault && !STATE_FAULTS.includes(output.code)) return output;
    }
    asked.set(key.id, state);
    return null;
  }

  return {
    name: endpoint.origin,
    async createKey(key) {
      if (!belongsInLocalStack(key)) return embedded.createKey(key);
      const created = await call(key, "CreateKey", {
        KeySpec: key.keySpec,
        KeyUsage: key.keyUsage,
        Origin: "AWS_KMS",
        Description: key.description,
        Tags: [{ TagKey: "_custom_id_", TagValue: key.id }],
      });
      if (created instanceof AwsFault) return created;
      asked.set(key.id, "Enabled");
      return null;
    },
    async generateDataKey(key, bytes, context) {
      if (embedded.holds(key)) return embedded.generateDataKey(key, bytes, context);
      if (bytes === DATA_KEY_BYTES) {
        const output = await use(key, "GenerateDataKey", { KeySpec: "AES_256", ...bound(context) });
        if (output instanceof AwsFault) return output;
        return { plaintext: bytesIn(output, "Plaintext"), ciphertext: bytesIn(output, "CiphertextBlob") };
      }
      const plaintext = randomBytes(bytes);
      const ciphertext = await encrypt(key, plaintext, context);
      return ciphertext instanceof AwsFault ? ciphertext : { plaintext, ciphertext };
    },
    encrypt: (key, plaintext, context) =>
      embedded.holds(key) ? embedded.encrypt(key, plaintext, context) : encrypt(key, plaintext, context),
    decrypt: (key, ciphertext, context) =>
      embedded.holds(key)
        ? embedded.decrypt(key, ciphertext, context)
        : bytesOf(key, "Decrypt", { CiphertextBlob: ciphertext.toString("base64"), ...bound(context) }, "Plaintext"),
    materialIdOf(key, ciphertext) {
      if (embedded.holds(key)) return embedded.materialIdOf(key, ciphertext);
      const count = rotations.get(key.id) ?? 0;
      return ciphertext !== undefined && count > 0 ? null : rotatedId(key, count);
    },
    async rotate(keys) {
      const [key] = keys;
      if (key === undefined || embedded.holds(key)) return embedded.rotate(keys);
      const count = (rotations.get(key.id) ?? 0) + 1;
      rotations.set(key.id, count);
      return rotatedId(key, count);
    },
    replicate: (primary, replica) => embedded.replicate(primary, replica),
    importMaterial: (key, material, asNew) => embedded.importMaterial(key, material, asNew),
    deleteMaterial: (key) => embedded.deleteMaterial(key),
    rotateToImported: (key) => embedded.rotateToImported(key),
    privateKeyOf: (key) => embedded.privateKeyOf(key),
    macKeyOf: (key) => embedded.macKeyOf(key),
    keyIdOf(ciphertext) {
      const own = embedded.keyIdOf(ciphertext);
      if (own !== null) return own;
      const id = ciphertext.toString("latin1", 0, KEY_ID_BYTES);
      return isKeyId(id) ? id : null;
    },
    async setState(key, state, afterMs) {
      if (embedded.holds(key)) return null;
      if (afterMs === 0) return follow(key, state);
      const timer = setTimeout(() => {
        timers.delete(timer);
        void follow(key, state);
      }, afterMs);
      timers.add(timer);
      return null;
    },
    async find(key) {
      if (forgotten.has(key.id)) return null;
      const output = await call(key, "DescribeKey", { KeyId: key.id });
      const metadata = output instanceof AwsFault ? undefined : (output["KeyMetadata"] as Record<string, unknown> | undefined);
      if (metadata?.["Arn"] !== key.arn) return null;
      return {
        ...key,
        keySpec: String(metadata["KeySpec"]),
        keyUsage: String(metadata["KeyUsage"]),
        origin: String(metadata["Origin"]),
        multiRegion: metadata["MultiRegion"] === true,
        description: String(metadata["Description"] ?? ""),
        state: metadata["KeyState"] as KeyState,
      };
    },
    saveMaterial: () => embedded.saveMaterial(),
    loadMaterial: (saved) => embedded.loadMaterial(saved),
    close: () => {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
    clear: () => {
      embedded.clear();
      rotations.clear();
      for (const id of asked.keys()) forgotten.add(id);
      asked.clear();
    },
  };
}

const belongsInLocalStack = (key: NewUpstreamKey): boolean =>
  key.keySpec === "SYMMETRIC_DEFAULT" && key.origin === "AWS_KMS" && !key.multiRegion;

const rotatedId = (key: UpstreamKey, count: number): string => createHash("sha256").update(`${key.id}/${count}`).digest("hex");

/** In answer to a change of state: LocalStack was in that state already, for the front has checked the transition. */
const STATE_FAULTS = ["KMSInvalidStateException", "DisabledException"];

function transitionsTo(state: KeyState): readonly (readonly [operation: string, input: Readonly<Record<string, unknown>>])[] {
  switch (state) {
    case "Enabled":
      return [
        ["CancelKeyDeletion", {}],
        ["EnableKey", {}],
      ];
    case "Disabled":
      return [
        ["CancelKeyDeletion", {}],
        ["DisableKey", {}],
      ];
    case "PendingDeletion":
    case "PendingReplicaDeletion":
    case "Deleted":
      return [["ScheduleKeyDeletion", { PendingWindowInDays: 7 }]];
    case "PendingImport":
    case "Unavailable":
    case "Creating":
    case "Updating":
      return [];
  }
}

function bound(context: EncryptionContext): { readonly EncryptionContext?: Readonly<Record<string, string>> } {
  if (Object.keys(context).length === 0) return {};
  return { EncryptionContext: { digest: createHash("sha256").update(encodeContext(context)).digest("hex") } };
}

const bytesIn = (output: Readonly<Record<string, unknown>>, member: string): Buffer =>
  Buffer.from(String(output[member] ?? ""), "base64");
