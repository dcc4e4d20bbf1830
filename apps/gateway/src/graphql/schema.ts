import "reflect-metadata";
import type { GraphQLSchema } from "graphql";
import { buildSchemaSync } from "type-graphql";
import { Accounts } from "./accounts/accounts.js";
import { CreateAccount } from "./accounts/create-account.js";
import { AccountAuditLog } from "./audit/account-audit-log.js";
import { AccountBackups } from "./backups/account-backups.js";
import { StartBackup } from "./backups/start-backup.js";
import { ActivateEkm } from "./ekm/activate-ekm.js";
import { EkmConfigurationFields } from "./ekm/ekm-configuration-fields.js";
import { EnableEkm } from "./ekm/enable-ekm.js";
import { WithdrawEkmActivation } from "./ekm/withdraw-ekm-activation.js";
import { ErrorCatalog } from "./errors/error-catalog.js";
import { CheckKeyHealth } from "./keys/check-key-health.js";
import { CustomerKeyFields } from "./keys/customer-key-fields.js";
import { ValidateKmsKey } from "./keys/validate-kms-key.js";
import { NodeQuery } from "./relay/node-query.js";
import { AccountRestores } from "./restores/account-restores.js";
import { StartRestore } from "./restores/start-restore.js";
import { AccountSources } from "./sources/account-sources.js";
import { RegisterBackupSource } from "./sources/register-backup-source.js";
import { ViewerQuery } from "./viewer/viewer-query.js";

/** The whole API, in code. `npm run schema` writes it to schema.graphql, which is committed. */
export const buildSchema = (): GraphQLSchema =>
  buildSchemaSync({
    validate: true,
    disableInferringDefaultValues: true,
    resolvers: [
      NodeQuery,
      ViewerQuery,
      Accounts,
      ErrorCatalog,
      AccountSources,
      AccountBackups,
      AccountRestores,
      AccountAuditLog,
      EkmConfigurationFields,
      CustomerKeyFields,
      CreateAccount,
      ActivateEkm,
      WithdrawEkmActivation,
      RegisterBackupSource,
      ValidateKmsKey,
      EnableEkm,
      CheckKeyHealth,
      StartBackup,
      StartRestore,
    ],
  });
