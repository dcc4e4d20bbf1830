import { importMaterial } from "../aws/import-material.js";
import type { AwsAccountHandle, KeyHandle, World } from "../world.js";
import { createKeyStore, type KeyStoreType } from "./key-store.js";
import type { KeyKind } from "./kinds.js";
import type { GivenKey } from "./schema.js";

/** What a key is made from. */
export interface KeyOrder {
  readonly name: string;
  readonly given: GivenKey;
  readonly owner: AwsAccountHandle;
}
type Make = (order: KeyOrder, world: World) => Promise<KeyHandle>;

/** How AWS is asked for each kind. */
const MAKERS: Readonly<Record<KeyKind, Make>> = {
  symmetric: created({}),
  "multi-region": created({ MultiRegion: true }),
  replica,
  imported: async (order, world) => {
    const key = await created({ Origin: "EXTERNAL" })(order, world);
    await importMaterial(world, key, order.given.expires);
    return key;
  },
  "pending-import": created({ Origin: "EXTERNAL" }),
  cloudhsm: inKeyStore("AWS_CLOUDHSM"),
  "external-key-store": inKeyStore("EXTERNAL_KEY_STORE"),
  rsa: created({ KeySpec: "RSA_2048", KeyUsage: "ENCRYPT_DECRYPT" }),
  "rsa-signing": created({ KeySpec: "RSA_2048", KeyUsage: "SIGN_VERIFY" }),
  signing: created({ KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" }),
  hmac: created({ KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" }),
  "key-agreement": created({ KeySpec: "ECC_NIST_P256", KeyUsage: "KEY_AGREEMENT" }),
};

export const makeKey: Make = (order, world) => MAKERS[order.given.kind](order, world);

function created(parameters: Readonly<Record<string, unknown>>): Make {
  return async ({ name, given: { region }, owner }, world) => {
    const answer = await world.callAws(owner, region, "CreateKey", { ...parameters, Description: `${world.id} ${name}` });
    return { name, arn: arnOf(answer.body["KeyMetadata"]), region, owner };
  };
}

function inKeyStore(type: KeyStoreType): Make {
  return async (order, world) => {
    const keyStoreId = await createKeyStore(world, order, type);
    const external = type === "EXTERNAL_KEY_STORE" ? { XksKeyId: order.name } : {};
    const key = await created({ Origin: type, CustomKeyStoreId: keyStoreId, ...external })(order, world);
    return { ...key, keyStoreId };
  };
}

/** Of a key that was made before it, in another Region. */
async function replica({ name, given: { region, of } }: KeyOrder, world: World): Promise<KeyHandle> {
  const primary = world.key({ refersTo: "key", name: of?.name ?? "" });
  const { owner } = primary;
  const answer = await world.callAws(owner, primary.region, "ReplicateKey", { KeyId: primary.arn, ReplicaRegion: region });
  return { name, arn: arnOf(answer.body["ReplicaKeyMetadata"]), region, owner };
}

const arnOf = (metadata: unknown): string => (metadata as { readonly Arn: string }).Arn;
