import type {
  ActivateEkmInput,
  CreateAccountInput,
  EnableEkmInput,
  ValidateKmsKeyInput,
  WithdrawEkmActivationInput,
} from "../../generated/operations.js";
import type { KnownErrorCode } from "../../generated/vocabulary.js";
import { activate, enable, TERMS } from "../fixtures.js";
import { preflight } from "../preflight.js";
import { presentAccount } from "../present.js";
import { type AccountRecord, createAccount, note, type World } from "../world.js";
import { type DefineMutation, done, refused } from "./mutation.js";

export const refuseUnactivated = (account: AccountRecord): KnownErrorCode | null =>
  account.activation !== null ? null : account.lapsed ? "EKM_ACTIVATION_LAPSED" : "EKM_NOT_ACTIVATED";

export function lifecycleMutations(world: World, define: DefineMutation) {
  return {
    createAccount: define("createAccount", ({ name }: CreateAccountInput) => {
      if (name.trim() === "") return refused("INPUT_INVALID", ["input", "name"]);
      const account = createAccount(world, name.trim());
      note(world, account, "ACCOUNT_CREATED", "The account was created.");
      return done({ account: presentAccount(account) });
    }),

    activateEkm: define("activateEkm", ({ accountId, expiresInDays, ticket }: ActivateEkmInput) => {
      const account = world.account(accountId);
      if (account === null) return refused("ACCOUNT_NOT_FOUND");
      if (account.key !== null) return refused("EKM_ALREADY_ENABLED");
      account.lapsed = false;
      activate(world, account, expiresInDays ?? null, ticket ?? null);
      world.emit(account, "EKM_ACTIVATED");
      return done({ account: presentAccount(account) });
    }),

    withdrawEkmActivation: define("withdrawEkmActivation", ({ accountId, reason }: WithdrawEkmActivationInput) => {
      const account = world.account(accountId);
      if (account === null) return refused("ACCOUNT_NOT_FOUND");
      const unactivated = refuseUnactivated(account);
      if (unactivated !== null) return refused(unactivated);
      if (account.key !== null) return refused("EKM_IRREVERSIBLE");
      account.activation = null;
      note(world, account, "EKM_ACTIVATION_WITHDRAWN", `The activation was withdrawn: ${reason}`);
      world.emit(account, "EKM_ACTIVATION_WITHDRAWN");
      return done({ account: presentAccount(account) });
    }),

    validateKmsKey: define("validateKmsKey", ({ accountId, keyArn }: ValidateKmsKeyInput) => {
      const account = world.account(accountId);
      if (account === null) return refused("ACCOUNT_NOT_FOUND");
      const unactivated = refuseUnactivated(account);
      if (unactivated !== null) return refused(unactivated);
      const { checks, code } = preflight(keyArn);
      note(world, account, "KEY_VALIDATED", "A key was checked.", {
        outcome: code === null ? "DONE" : "REFUSED",
        subject: keyArn,
      });
      return done({ usable: code === null, checks });
    }),

    enableEkm: define("enableEkm", (input: EnableEkmInput) => {
      const account = world.account(input.accountId);
      if (account === null) return refused("ACCOUNT_NOT_FOUND");
      const refusal = refuseUnactivated(account) ?? refuseEnabling(account, input);
      if (refusal !== null) return refused(refusal);
      const { checks, code } = preflight(input.keyArn);
      if (code !== null) return refused(code, ["input", "keyArn"], checks);
      enable(world, account, input.keyArn, 0);
      world.emit(account, "EKM_ENABLED");
      return done({ account: presentAccount(account), checks });
    }),
  };
}

function refuseEnabling(account: AccountRecord, input: EnableEkmInput): KnownErrorCode | null {
  if (account.key !== null) return "EKM_ALREADY_ENABLED";
  if (input.acceptedTermsVersion === "") return "TERMS_NOT_ACCEPTED";
  if (input.acceptedTermsVersion !== TERMS.version) return "TERMS_VERSION_OUTDATED";
  if (input.acceptLossOfUnreadable != null && input.acceptLossOfUnreadable !== account.name) return "CONFIRMATION_MISSING";
  return input.confirmIrreversible ? null : "CONFIRMATION_MISSING";
}
