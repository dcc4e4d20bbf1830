import type { AccountInput, LockAccountKeysInput, RotateEkmKeyInput, RotationInput } from "../../generated/operations.js";
import type { KnownErrorCode } from "../../generated/vocabulary.js";
import { addRotation, completeRotation } from "../fixtures.js";
import { preflight } from "../preflight.js";
import { activeRotation, presentAccount } from "../present.js";
import { type AccountRecord, note, observe, type RotationRecord, type World } from "../world.js";
import { refuseUnactivated } from "./lifecycle.js";
import { type DefineMutation, done, type Payload, refused } from "./mutation.js";

const refuseUnenabled = (account: AccountRecord): KnownErrorCode | null =>
  refuseUnactivated(account) ?? (account.key === null ? "EKM_NOT_ENABLED" : null);

export function keyMutations(world: World, define: DefineMutation) {
  const advance = (account: AccountRecord, rotation: RotationRecord) => (): boolean => {
    if (rotation.status === "PAUSED") return false;
    if (rotation.status !== "RUNNING") return true;
    rotation.rewrapped += 1;
    const over = rotation.rewrapped >= rotation.total;
    if (over) {
      completeRotation(world, account, rotation);
      note(world, account, "ROTATION_COMPLETED", "The rotation has completed.", { subject: rotation.id });
    }
    world.emit(account, "ROTATION_CHANGED", rotation);
    return over;
  };

  function findRotation(id: string): { account: AccountRecord; rotation: RotationRecord } | null {
    for (const account of world.accounts) {
      const rotation = account.rotations.find((each) => each.id === id);
      if (rotation !== undefined) return { account, rotation };
    }
    return null;
  }

  const change = (name: string, apply: (account: AccountRecord, rotation: RotationRecord) => KnownErrorCode | null) =>
    define(name, ({ rotationId }: RotationInput) => {
      const found = findRotation(rotationId);
      if (found === null) return refused("ROTATION_NOT_FOUND", ["input", "rotationId"]);
      const refusal = apply(found.account, found.rotation);
      if (refusal !== null) return refused(refusal);
      world.emit(found.account, "ROTATION_CHANGED", found.rotation);
      return done({ rotation: found.rotation });
    });

  const onAccount = <Input extends { readonly accountId?: string | null | undefined }>(
    name: string,
    run: (account: AccountRecord, input: Input) => Payload,
  ) =>
    define(name, (input: Input) => {
      const account = world.account(input.accountId);
      return account === null ? refused("ACCOUNT_NOT_FOUND") : run(account, input);
    });

  return {
    checkKeyHealth: onAccount("checkKeyHealth", (account, _input: AccountInput) => {
      const unenabled = refuseUnenabled(account);
      if (unenabled !== null) return refused(unenabled);
      const [health] = account.health;
      // A key that was not probed lately turns out to be well; whatever else is known of it is still so.
      if (health?.state === "UNKNOWN") observe(world, account, "HEALTHY");
      else account.health[0] = { ...(health ?? observe(world, account, "HEALTHY")), checkedAt: world.time() };
      world.emit(account, "KEY_HEALTH_CHANGED");
      return done({ health: account.health[0] });
    }),

    lockAccountKeys: onAccount("lockAccountKeys", (account, { reason }: LockAccountKeysInput) => {
      account.keyLock ??= { lockedAt: world.time(), lockedBy: world.caller.subject, reason };
      if (account.key !== null) observe(world, account, "LOCKED", { code: "KEYS_LOCKED" });
      note(world, account, "KEYS_LOCKED", `The keys were locked: ${reason}`);
      world.emit(account, "KEYS_LOCKED");
      return done({ account: presentAccount(account) });
    }),

    unlockAccountKeys: onAccount("unlockAccountKeys", (account, { reason }: LockAccountKeysInput) => {
      account.keyLock = null;
      if (account.key !== null) observe(world, account, "UNKNOWN");
      note(world, account, "KEYS_UNLOCKED", `The keys were unlocked: ${reason}`);
      world.emit(account, "KEYS_UNLOCKED");
      return done({ account: presentAccount(account) });
    }),

    rotateEkmKey: onAccount("rotateEkmKey", (account, { keyArn, acceptLossOfUnreadable }: RotateEkmKeyInput) => {
      const unenabled = refuseUnenabled(account);
      if (unenabled !== null) return refused(unenabled);
      if (activeRotation(account) !== null) return refused("ROTATION_IN_PROGRESS");
      if (account.keyLock !== null) return refused("KEYS_LOCKED");
      if (acceptLossOfUnreadable != null && acceptLossOfUnreadable !== account.name) {
        return refused("CONFIRMATION_MISSING", ["input", "acceptLossOfUnreadable"]);
      }
      if (keyArn === account.key?.arn) return refused("KEY_UNCHANGED", ["input", "keyArn"]);
      const { checks, code } = preflight(keyArn);
      if (code !== null) return refused(code, ["input", "keyArn"], checks);
      const rotation = addRotation(world, account, { status: "RUNNING", toArn: keyArn, startedAt: world.time() });
      world.works.add(advance(account, rotation));
      note(world, account, "ROTATION_STARTED", `A rotation to ${keyArn} began.`, { subject: rotation.id });
      world.emit(account, "ROTATION_CHANGED", rotation);
      return done({ rotation, checks });
    }),

    pauseEkmKeyRotation: change("pauseEkmKeyRotation", (_account, rotation) => {
      if (rotation.status !== "RUNNING" && rotation.status !== "PAUSED") return "JOB_CONFLICT";
      Object.assign(rotation, { status: "PAUSED", pausedAt: rotation.pausedAt ?? world.time() });
      return null;
    }),

    resumeEkmKeyRotation: change("resumeEkmKeyRotation", (account, rotation) => {
      if (rotation.status !== "RUNNING" && rotation.status !== "PAUSED") return "JOB_CONFLICT";
      Object.assign(rotation, { status: "RUNNING", pausedAt: null, problem: null });
      world.works.add(advance(account, rotation));
      return null;
    }),

    cancelEkmKeyRotation: change("cancelEkmKeyRotation", (account, rotation) => {
      if (!rotation.cancellable) return "ROTATION_NOT_CANCELLABLE";
      Object.assign(rotation, { status: "CANCELLED", cancellable: false, finishedAt: world.time() });
      note(world, account, "ROTATION_CANCELLED", "The rotation was cancelled.", { subject: rotation.id });
      return null;
    }),
  };
}
