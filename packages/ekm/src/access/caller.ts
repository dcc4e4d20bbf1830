export type Role = "ACCOUNT_ADMIN" | "ACCOUNT_VIEWER" | "BACKUP_OPERATOR" | "SUPPORT";

/** Who asks. `accountId` is the tenant's own account; support has none. Built from a verified token, never from input. */
export interface Caller {
  readonly subject: string;
  readonly roles: readonly Role[];
  readonly accountId?: string;
}

/** The product itself, for entries of the audit log that nobody asked for (health probes, lapses, clean-up). */
export const SYSTEM: Caller = { subject: "system", roles: [] };
