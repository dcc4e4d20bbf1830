import { describe, expect, it } from "vitest";
import { reaches, scope } from "./authorize.js";
import type { Caller, Role } from "./caller.js";
import { type Operation, ROLES_BY_OPERATION } from "./roles.js";

const OWN = "acc_own";
const as = (...roles: Role[]): Caller => ({ subject: "ada", roles, ...(roles.includes("SUPPORT") ? {} : { accountId: OWN }) });
const OPERATIONS = Object.keys(ROLES_BY_OPERATION) as Operation[];
const NOT_FOUND = { ok: false, error: [expect.objectContaining({ code: "ACCOUNT_NOT_FOUND" })] };
const FORBIDDEN = { ok: false, error: { denied: "FORBIDDEN" } };

/** What each role may do, written down a second time: the table must say this and nothing else. */
const ALLOWED: Record<Role, string> = {
  ACCOUNT_ADMIN:
    "account accountEvents cancelEkmKeyRotation cancelJob checkKeyHealth createWebhook deleteWebhook enableEkm lockAccountKeys node pauseEkmKeyRotation redeliverWebhook registerBackupSource resumeEkmKeyRotation rotateEkmKey rotateWebhookSecret sendTestWebhook startBackup startRestore startVerification unlockAccountKeys updateWebhook validateKmsKey",
  ACCOUNT_VIEWER: "account accountEvents node",
  BACKUP_OPERATOR: "account accountEvents cancelJob node startBackup startRestore startVerification",
  SUPPORT: "account accountEvents accounts activateEkm createAccount node withdrawEkmActivation",
};

describe("authorisation", () => {
  it.each(Object.entries(ALLOWED))("%s may do exactly what its role says", (role, allowed) => {
    const may = OPERATIONS.filter((operation) => scope(as(role as Role), operation, OWN).ok);
    expect(may.sort().join(" ")).toBe(allowed);
  });

  it.each(OPERATIONS)("%s is forbidden to a caller without a role", (operation) => {
    expect(scope(as(), operation)).toEqual(FORBIDDEN);
  });

  it("means the caller's own account when none is named", () => {
    expect(scope(as("ACCOUNT_ADMIN"), "enableEkm")).toEqual({ ok: true, value: OWN });
  });

  it("has no own account for support: it must name one, and reaches any", () => {
    expect(scope(as("SUPPORT"), "activateEkm")).toMatchObject(NOT_FOUND);
    expect(scope(as("SUPPORT"), "activateEkm", "acc_other")).toEqual({ ok: true, value: "acc_other" });
  });

  it("answers ACCOUNT_NOT_FOUND to a tenant that names another's account", () => {
    for (const role of ["ACCOUNT_ADMIN", "ACCOUNT_VIEWER", "BACKUP_OPERATOR"] as const) {
      expect(scope(as(role), "account", "acc_other")).toMatchObject(NOT_FOUND);
    }
  });

  it("lends support's reach to no other role of the same caller", () => {
    const both: Caller = { subject: "ada", roles: ["SUPPORT", "ACCOUNT_ADMIN"], accountId: OWN };
    expect(reaches(both, "account", "acc_other")).toBe(true);
    expect(reaches(both, "enableEkm", "acc_other")).toBe(false);
    expect(reaches(both, "enableEkm", OWN)).toBe(true);
  });

  it("reaches nothing for a tenant role without an account", () => {
    const lost: Caller = { subject: "ada", roles: ["ACCOUNT_ADMIN"] };
    expect(scope(lost, "enableEkm")).toMatchObject(NOT_FOUND);
  });
});
