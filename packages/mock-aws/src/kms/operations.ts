import { cancelKeyDeletion } from "./cancel-key-deletion.js";
import { createKey } from "./create-key.js";
import { decrypt } from "./decrypt.js";
import { describeKey } from "./describe-key.js";
import { disableKey } from "./disable-key.js";
import { enableKey } from "./enable-key.js";
import { encrypt } from "./encrypt.js";
import { generateDataKey } from "./generate-data-key.js";
import { generateDataKeyWithoutPlaintext } from "./generate-data-key-without-plaintext.js";
import { getKeyPolicy } from "./get-key-policy.js";
import { listKeys } from "./list-keys.js";
import type { AnyOperation } from "./operation.js";
import { putKeyPolicy } from "./put-key-policy.js";
import { reEncrypt } from "./re-encrypt.js";
import { scheduleKeyDeletion } from "./schedule-key-deletion.js";

export const KMS_OPERATIONS: ReadonlyMap<string, AnyOperation> = new Map(
  [
    cancelKeyDeletion,
    createKey,
    decrypt,
    describeKey,
    disableKey,
    enableKey,
    encrypt,
    generateDataKey,
    generateDataKeyWithoutPlaintext,
    getKeyPolicy,
    listKeys,
    putKeyPolicy,
    reEncrypt,
    scheduleKeyDeletion,
  ].map((operation) => [operation.name, operation]),
);
