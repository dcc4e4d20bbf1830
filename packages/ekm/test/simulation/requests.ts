import type { Caller } from "../../src/access/caller.js";
import type { Outcome } from "../../src/errors/outcome.js";
import { CURRENT_TERMS } from "../../src/lifecycle/terms.js";
import type { UseCases } from "../../src/use-cases.js";
import { SUPPORT_CALLER } from "../../testing/index.js";
import { adminOf, type Tenant, type World } from "./world.js";

type Call = (
  useCases: UseCases,
  caller: Caller,
  tenant: Tenant,
  idempotencyKey: string,
) => Promise<Outcome<{ id: string }, unknown>>;

/** Everything that people ask of the control plane. */
async function requestsOf(world: World, tenant: Tenant): Promise<readonly (readonly [number, string, Call])[]> {
  const { random } = world;
  const { read } = world.ports.store;
  const accountId = tenant.account.id;
  const keyArn = random.pick(tenant.keys)?.arn ?? "";
  const rotationId = (await read.rotations.page(accountId, { first: 1 })).items[0]?.id ?? "none";
  const backups = (await read.backups.page(accountId, { first: 20 }, { status: "SUCCEEDED" })).items;
  const backupId = random.pick(backups)?.id ?? "none";
  const running = (await read.backups.page(accountId, { first: 5 }, { status: "RUNNING" })).items;
  const jobId = random.pick(running)?.id ?? "none";
  const status = (await read.accounts.byId(accountId))?.ekm.status;
  /** What cannot succeed is asked for now and then. */
  const when = (possible: boolean, weight: number): number => (possible ? weight : 0.1);
  const rotating = status === "ROTATING";
  const acceptLossOfUnreadable = random.chance(0.15) ? tenant.account.name : undefined;
  const resigns = random.chance(0.4);
  const reason = "drill";
  return [
    [
      when(status === "NOT_ACTIVATED", 6),
      "activateEkm",
      (u, _, t, idempotencyKey) => u.activateEkm(SUPPORT_CALLER, { accountId: t.account.id, idempotencyKey }),
    ],
    [
      when(status === "ACTIVATED", 0.5),
      "withdrawEkmActivation",
      (u, _, t, idempotencyKey) => u.withdrawEkmActivation(SUPPORT_CALLER, { accountId: t.account.id, reason, idempotencyKey }),
    ],
    [
      when(status === "ACTIVATED", 6),
      `enableEkm ${keyArn.slice(-6)}${resigns ? ", whatever is lost" : ""}`,
      async (u, caller, t, idempotencyKey) => {
        const consent = { acceptedTermsVersion: CURRENT_TERMS.version, confirmIrreversible: true };
        const loss = resigns ? { acceptLossOfUnreadable: t.account.name } : {};
        if (resigns) world.resigned.add(accountId);
        const enabled = await u.enableEkm(caller, { keyArn, ...consent, ...loss, idempotencyKey });
        return enabled.ok ? { ok: true, value: enabled.value.account } : enabled;
      },
    ],
    [
      when(status === "ENABLED", 5),
      `rotateEkmKey ${keyArn.slice(-6)}${acceptLossOfUnreadable === undefined ? "" : ", loss accepted"}`,
      async (u, caller, _, idempotencyKey) => {
        const loss = acceptLossOfUnreadable === undefined ? {} : { acceptLossOfUnreadable };
        const begun = await u.rotateEkmKey(caller, { keyArn, ...loss, idempotencyKey });
        return begun.ok ? { ok: true, value: begun.value.rotation } : begun;
      },
    ],
    [
      when(rotating, 0.8),
      "pauseEkmKeyRotation",
      (u, caller, _, idempotencyKey) => u.pauseEkmKeyRotation(caller, { rotationId, idempotencyKey }),
    ],
    [
      when(rotating, 1.2),
      "resumeEkmKeyRotation",
      (u, caller, _, idempotencyKey) => u.resumeEkmKeyRotation(caller, { rotationId, idempotencyKey }),
    ],
    [
      when(rotating, 0.6),
      "cancelEkmKeyRotation",
      (u, caller, _, idempotencyKey) => u.cancelEkmKeyRotation(caller, { rotationId, idempotencyKey }),
    ],
    [0.7, "lockAccountKeys", (u, caller, _, idempotencyKey) => u.lockAccountKeys(caller, { reason, idempotencyKey })],
    [1.2, "unlockAccountKeys", (u, caller, _, idempotencyKey) => u.unlockAccountKeys(caller, { reason, idempotencyKey })],
    [
      1,
      "checkKeyHealth",
      async (u, caller, t, idempotencyKey) => {
        const checked = await u.checkKeyHealth(caller, { idempotencyKey });
        // A repeat shows the health as it is by then.
        return checked.ok ? { ok: true, value: t.account } : checked;
      },
    ],
    [7, "startBackup", (u, caller, t, idempotencyKey) => u.startBackup(caller, { sourceId: t.sourceId, idempotencyKey })],
    [
      when(backups.length > 0, 5),
      `startRestore ${backupId}`,
      (u, caller, _, idempotencyKey) => u.startRestore(caller, { backupId, idempotencyKey }),
    ],
    [
      when(running.length > 0, 1.5),
      `cancelJob ${jobId}`,
      async (u, caller, _, idempotencyKey) => {
        const cancelled = await u.cancelJob(caller, { jobId, idempotencyKey });
        return cancelled.ok ? { ok: true, value: cancelled.value.value } : cancelled;
      },
    ],
  ];
}

/**
 * One request, and sometimes the same again with the same key, as a client does that heard no answer. Each comes from a person
 * of its own, so that its effects can be told from those of others.
 */
export async function makeRequest(world: World, tenant: Tenant): Promise<void> {
  const { random } = world;
  const [name, call] = random.weighted((await requestsOf(world, tenant)).map(([weight, ...rest]) => [weight, rest] as const));
  world.requests += 1;
  const number = world.requests;
  const caller: Caller = { ...adminOf(tenant), subject: `person ${number}` };
  let id: string | undefined;
  for (let more = true; more; more = random.chance(id === undefined ? 0.35 : 0.15)) {
    const answer = await world.run(name, () => call(world.gateway.useCases, caller, tenant, `request ${number}`));
    world.note(`${caller.subject} of ${tenant.account.name}: ${name}: ${inWords(answer)}`);
    if (answer === "crashed" || !answer.ok) continue;
    const first = id;
    world.findings.require(
      first === undefined || first === answer.value.id,
      () => `${name}: repeated with the same key, the answer is ${answer.value.id} and was ${first}`,
    );
    id = answer.value.id;
  }
}

const inWords = (answer: Outcome<{ id: string }, unknown> | "crashed"): string =>
  answer === "crashed" ? "crashed" : answer.ok ? "done" : JSON.stringify(answer.error, ["code"]);
