import { createMemoryKeyService, keyServiceContract } from "../testing/index.js";

keyServiceContract("in memory", async () => {
  const kms = createMemoryKeyService();
  return {
    keyService: kms.keyService,
    vendorKeys: kms.vendorKeys,
    async createKey({ kind = "ENCRYPT", ...options } = {}) {
      const key = kms.addKey(options);
      if (kind === "SIGN") Object.assign(key, { keyUsage: "SIGN_VERIFY", keySpec: "RSA_2048" });
      return key.arn;
    },
    owner: {
      disable: async (arn) => void (kms.key(arn).state = "Disabled"),
      enable: async (arn) => void (kms.key(arn).state = "Enabled"),
      scheduleDeletion: async (arn) => {
        Object.assign(kms.key(arn), { state: "PendingDeletion", deletionDate: new Date() });
      },
      cancelDeletion: async (arn) => {
        Object.assign(kms.key(arn), { state: "Disabled", deletionDate: undefined });
      },
      revoke: async (arn) => void (kms.key(arn).denied = true),
      grant: async (arn) => void (kms.key(arn).denied = false),
      force: async (arn, state) => void (kms.key(arn).state = state),
    },
    close: async () => {},
  };
});
