import type { Role } from "./caller.js";

const ADMIN = ["ACCOUNT_ADMIN"] as const;
const OPERATORS = ["ACCOUNT_ADMIN", "BACKUP_OPERATOR"] as const;
const SUPPORT = ["SUPPORT"] as const;
const EVERYONE = ["ACCOUNT_ADMIN", "ACCOUNT_VIEWER", "BACKUP_OPERATOR", "SUPPORT"] as const;

/**
 * Which roles may ask for what. SUPPORT reaches any account, the others their own alone; support creates, activates,
 * withdraws and looks, but never enables, rotates, locks, backs up or restores.
 */
export const ROLES_BY_OPERATION = {
  // queries and subscriptions
  account: EVERYONE,
  node: EVERYONE,
  accountEvents: EVERYONE,
  accounts: SUPPORT,
  // support
  createAccount: SUPPORT,
  activateEkm: SUPPORT,
  withdrawEkmActivation: SUPPORT,
  // tenant admin
  registerBackupSource: ADMIN,
  validateKmsKey: ADMIN,
  enableEkm: ADMIN,
  rotateEkmKey: ADMIN,
  pauseEkmKeyRotation: ADMIN,
  resumeEkmKeyRotation: ADMIN,
  cancelEkmKeyRotation: ADMIN,
  checkKeyHealth: ADMIN,
  lockAccountKeys: ADMIN,
  unlockAccountKeys: ADMIN,
  createWebhook: ADMIN,
  updateWebhook: ADMIN,
  deleteWebhook: ADMIN,
  rotateWebhookSecret: ADMIN,
  sendTestWebhook: ADMIN,
  redeliverWebhook: ADMIN,
  // tenant admin and backup operator
  startBackup: OPERATORS,
  startRestore: OPERATORS,
  startVerification: OPERATORS,
  cancelJob: OPERATORS,
} as const satisfies Readonly<Record<string, readonly Role[]>>;

/** Open to every good token, with or without a role: they tell nothing but who asks, and what everybody may know. */
export const OPEN_OPERATIONS = ["viewer", "errorCatalog"] as const;

/** The operations that a role is needed for. */
export type Operation = keyof typeof ROLES_BY_OPERATION;
