import { createMemoryKeyService, keyServiceContract, type MemoryKey } from "../testing/index.js";

keyServiceContract("in memory", async () => {
  const kms = createMemoryKeyService();
  const turn = (arn: string, switches: Partial<Pick<MemoryKey, "state" | "denied" | "deletionDate">>): void => {
    Object.assign(kms.key(arn), switches);
  };
  return {
    keyService: kms.keyService,
    vendorKeys: kms.vendorKeys,
    async createKey({ kind = "ENCRYPT", ...options } = {}) {
      const key = kms.addKey(options);
      if (kind === "SIGN") Object.assign(key, { keyUsage: "SIGN_VERIFY", keySpec: "RSA_2048" });
      return key.arn;
    },
    owner: {
      disable: async (arn) => turn(arn, { state: "Disabled" }),
      enable: async (arn) => turn(arn, { state: "Enabled" }),
      scheduleDeletion: async (arn) => turn(arn, { state: "PendingDeletion", deletionDate: new Date() }),
      cancelDeletion: async (arn) => turn(arn, { state: "Disabled", deletionDate: undefined }),
      revoke: async (arn) => turn(arn, { denied: true }),
      grant: async (arn) => turn(arn, { denied: false }),
      force: async (arn, state) => turn(arn, { state }),
    },
    close: async () => {},
  };
});
