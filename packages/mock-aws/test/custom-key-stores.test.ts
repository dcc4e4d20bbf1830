import {
  ConnectCustomKeyStoreCommand,
  CreateCustomKeyStoreCommand,
  type CreateCustomKeyStoreCommandInput,
  CreateKeyCommand,
  DeleteCustomKeyStoreCommand,
  DescribeCustomKeyStoresCommand,
  DescribeKeyCommand,
  DisconnectCustomKeyStoreCommand,
  EncryptCommand,
  GetParametersForImportCommand,
  ScheduleKeyDeletionCommand,
  UpdateCustomKeyStoreCommand,
} from "@aws-sdk/client-kms";
import { describe, expect, it } from "vitest";
import { failureOf, parties } from "./harness.js";

const PROXY: CreateCustomKeyStoreCommandInput = {
  CustomKeyStoreName: "external",
  CustomKeyStoreType: "EXTERNAL_KEY_STORE",
  XksProxyUriEndpoint: "https://proxy.example.com",
  XksProxyUriPath: "/kms/xks/v1",
  XksProxyConnectivity: "PUBLIC_ENDPOINT",
  XksProxyAuthenticationCredential: { AccessKeyId: "ABCDE12345670EXAMPLE", RawSecretAccessKey: "x".repeat(43) },
};
const CLUSTER: CreateCustomKeyStoreCommandInput = {
  CustomKeyStoreName: "cluster",
  CloudHsmClusterId: "cluster-1a23b4cdefg".replace("1", "2"),
  KeyStorePassword: "kmsPswd",
  TrustAnchorCertificate: "certificate",
};

async function withStore(input = PROXY) {
  const world = await parties();
  const { CustomKeyStoreId } = await world.ownerKms.send(new CreateCustomKeyStoreCommand(input));
  const connect = () => world.ownerKms.send(new ConnectCustomKeyStoreCommand({ CustomKeyStoreId }));
  const disconnect = () => world.ownerKms.send(new DisconnectCustomKeyStoreCommand({ CustomKeyStoreId }));
  const newKey = (XksKeyId = "key-1") =>
    world.ownerKms.send(new CreateKeyCommand({ Origin: "EXTERNAL_KEY_STORE", CustomKeyStoreId, XksKeyId }));
  return { ...world, CustomKeyStoreId, connect, disconnect, newKey };
}

describe("custom key stores", () => {
  it.each([PROXY, CLUSTER])("are made disconnected, described, renamed, connected", async (input) => {
    const { ownerKms, CustomKeyStoreId, connect } = await withStore(input);
    await connect();
    await ownerKms.send(new UpdateCustomKeyStoreCommand({ CustomKeyStoreId, NewCustomKeyStoreName: "renamed" }));
    const { CustomKeyStores } = await ownerKms.send(new DescribeCustomKeyStoresCommand({}));
    expect(CustomKeyStores).toMatchObject([{ CustomKeyStoreId, CustomKeyStoreName: "renamed", ConnectionState: "CONNECTED" }]);
    expect(JSON.stringify(CustomKeyStores)).not.toMatch(/kmsPswd|xxxxx/);
    expect((await failureOf(connect())).name).toBe("CustomKeyStoreInvalidStateException");
  });

  it("hold keys while they are connected; a key in one that is not is Unavailable", async () => {
    const { ownerKms, CustomKeyStoreId, connect, disconnect, newKey } = await withStore();
    expect((await failureOf(newKey())).name).toBe("CustomKeyStoreInvalidStateException");
    await connect();
    const { KeyMetadata } = await newKey();
    const KeyId = KeyMetadata?.Arn;
    expect(KeyMetadata).toMatchObject({ CustomKeyStoreId, XksKeyConfiguration: { Id: "key-1" }, KeyState: "Enabled" });
    expect((await failureOf(newKey())).name).toBe("XksKeyAlreadyInUseException");
    const encrypt = () => ownerKms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("x") }));
    await encrypt();
    await disconnect();
    expect(await failureOf(encrypt())).toMatchObject({
      name: "KMSInvalidStateException",
      message: `${KeyId} is unavailable.`,
    });
    expect((await ownerKms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState).toBe("Unavailable");
    await connect();
    await encrypt();
    const parameters = { KeyId, WrappingAlgorithm: "RSAES_OAEP_SHA_256", WrappingKeySpec: "RSA_2048" } as const;
    expect((await failureOf(ownerKms.send(new GetParametersForImportCommand(parameters)))).name).toBe(
      "UnsupportedOperationException",
    );
  });

  it("are deleted only when they are disconnected and hold no key", async () => {
    const { aws, ownerKms, CustomKeyStoreId, connect, disconnect, newKey } = await withStore();
    const remove = () => ownerKms.send(new DeleteCustomKeyStoreCommand({ CustomKeyStoreId }));
    await connect();
    const KeyId = (await newKey()).KeyMetadata?.Arn;
    expect((await failureOf(remove())).name).toBe("CustomKeyStoreHasCMKsException");
    await ownerKms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    await aws.simulator.clock.set({ advanceMs: 7 * 86_400_000 });
    expect((await failureOf(remove())).name).toBe("CustomKeyStoreInvalidStateException");
    await disconnect();
    await remove();
    expect((await failureOf(connect())).name).toBe("CustomKeyStoreNotFoundException");
    const described = ownerKms.send(new DescribeCustomKeyStoresCommand({ CustomKeyStoreId }));
    expect((await failureOf(described)).name).toBe("CustomKeyStoreNotFoundException");
  });

  it("are refused without what their type needs, and under a name that is taken", async () => {
    const { ownerKms } = await withStore();
    const make = (input: CreateCustomKeyStoreCommandInput) => failureOf(ownerKms.send(new CreateCustomKeyStoreCommand(input)));
    expect((await make(PROXY)).name).toBe("CustomKeyStoreNameInUseException");
    expect((await make({ ...CLUSTER, KeyStorePassword: undefined })).message).toContain("KeyStorePassword is required");
    expect((await make({ ...PROXY, XksProxyUriEndpoint: "http://x.example.com" })).name).toBe("ValidationException");
    const foreign = new CreateKeyCommand({ Origin: "AWS_CLOUDHSM", CustomKeyStoreId: "cks-none" });
    expect((await failureOf(ownerKms.send(foreign))).name).toBe("CustomKeyStoreNotFoundException");
  });
});
