import type { World } from "../world.js";
import type { KeyOrder } from "./key-kinds.js";

export type KeyStoreType = "AWS_CLOUDHSM" | "EXTERNAL_KEY_STORE";

const DETAILS: Readonly<Record<KeyStoreType, Readonly<Record<string, unknown>>>> = {
  AWS_CLOUDHSM: {
    CloudHsmClusterId: "cluster-2a3b4cdefgh",
    KeyStorePassword: "a-password-of-the-simulation",
    TrustAnchorCertificate: "-----BEGIN CERTIFICATE-----\nMAo=\n-----END CERTIFICATE-----",
  },
  EXTERNAL_KEY_STORE: {
    XksProxyUriEndpoint: "https://keys.customer.example",
    XksProxyUriPath: "/kms/xks/v1",
    XksProxyConnectivity: "PUBLIC_ENDPOINT",
    XksProxyAuthenticationCredential: {
      AccessKeyId: "ABCDEFGHIJKLMNOPQRST",
      RawSecretAccessKey: "a-secret-of-the-simulation-of-an-xks-proxy-alone",
    },
  },
};

/** A connected custom key store for one key; answers its id. */
export async function createKeyStore(world: World, { name, given, owner }: KeyOrder, type: KeyStoreType): Promise<string> {
  const answer = await world.callAws(owner, given.region, "CreateCustomKeyStore", {
    CustomKeyStoreName: `${world.id}-${name}`,
    CustomKeyStoreType: type,
    ...DETAILS[type],
  });
  const id = String(answer.body["CustomKeyStoreId"]);
  await world.callAws(owner, given.region, "ConnectCustomKeyStore", { CustomKeyStoreId: id });
  return id;
}
