import type { KmsOutcome } from "@ekm/ekm";
import { beforeEach, describe, expect, it } from "vitest";
import { failureOf } from "../classification/to-failure.js";
import { createAccountSessions, RENEW_BEFORE_MS, type SessionCredentials, STOP_BEFORE_MS } from "./account-sessions.js";

const LIFETIME = 3_600_000;
let now = 0;
beforeEach(() => {
  now = 0;
});

/** STS that answers when it is told to. */
function create() {
  const asked: string[] = [];
  const waiting: ((outcome: KmsOutcome<SessionCredentials>) => void)[] = [];
  const sessions = createAccountSessions({
    assume: (accountId) => {
      asked.push(accountId);
      return new Promise((resolve) => void waiting.push(resolve));
    },
    lifetimeMs: LIFETIME,
    monotonicMs: () => now,
  });
  const settle = async (outcome: () => KmsOutcome<SessionCredentials>) => {
    for (const resolve of waiting.splice(0)) resolve(outcome());
    await new Promise((resolve) => setImmediate(resolve));
  };
  let given = 0;
  return {
    sessions,
    asked,
    give: () =>
      settle(() => {
        given += 1;
        return { ok: true, value: { accessKeyId: `key-${given}`, secretAccessKey: "secret", sessionToken: "token" } };
      }),
    refuse: () => settle(() => ({ ok: false, error: failureOf("ours", "VENDOR_AWS_FAULT") })),
    async keyOf(accountId: string) {
      const session = await sessions.of(accountId);
      return session.ok ? session.value.credentials.accessKeyId : session.error.code;
    },
    async withSession(accountId: string) {
      const first = this.keyOf(accountId);
      await this.give();
      return first;
    },
  };
}

describe("an account's session", () => {
  it("is opened once for all calls that wait for it, and is no other account's", async () => {
    const { keyOf, give, asked, sessions } = create();
    const calls = [sessions.of("acc_a"), sessions.of("acc_a"), sessions.of("acc_b")];
    await give();
    const keys = (await Promise.all(calls)).map((outcome) => outcome.ok && outcome.value.credentials.accessKeyId);
    expect(keys).toEqual(["key-1", "key-1", "key-2"]);
    expect([await keyOf("acc_b"), asked]).toEqual(["key-2", ["acc_a", "acc_b"]]);
  });

  it("is renewed beside the calls before it ends", async () => {
    const sts = create();
    await sts.withSession("acc_a");
    now = LIFETIME - RENEW_BEFORE_MS - 1;
    expect([await sts.keyOf("acc_a"), sts.asked.length]).toEqual(["key-1", 1]);
    now = LIFETIME - RENEW_BEFORE_MS;
    expect([await sts.keyOf("acc_a"), await sts.keyOf("acc_a"), sts.asked.length]).toEqual(["key-1", "key-1", 2]);
    await sts.give();
    expect([await sts.keyOf("acc_a"), sts.asked.length]).toEqual(["key-2", 2]);
  });

  it("serves while STS fails, which is not asked at every call, and never to its very end", async () => {
    const sts = create();
    await sts.withSession("acc_a");
    now = LIFETIME - RENEW_BEFORE_MS;
    await sts.keyOf("acc_a");
    await sts.refuse();
    for (let calls = 0; calls < 10; calls += 1) expect(await sts.keyOf("acc_a")).toBe("key-1");
    expect(sts.asked).toHaveLength(2);
    now = LIFETIME - STOP_BEFORE_MS - 1;
    expect(await sts.keyOf("acc_a")).toBe("key-1");
    await sts.refuse();
    now = LIFETIME - STOP_BEFORE_MS;
    const last = sts.keyOf("acc_a");
    await sts.refuse();
    expect(await last).toBe("VENDOR_AWS_FAULT");
  });

  it("that could not be opened is asked for again by the next call", async () => {
    const sts = create();
    const first = sts.keyOf("acc_a");
    await sts.refuse();
    expect(await first).toBe("VENDOR_AWS_FAULT");
    expect(await sts.withSession("acc_a")).toBe("key-1");
  });

  it("counts its life from before it was asked for: a slow STS gives no longer one", async () => {
    const sts = create();
    const first = sts.keyOf("acc_a");
    now = 10_000;
    await sts.give();
    await first;
    now = LIFETIME - STOP_BEFORE_MS;
    const next = sts.keyOf("acc_a");
    await sts.give();
    expect(await next).toBe("key-2");
  });

  it("is forgotten when AWS knows it no longer, but not the one that came after it", async () => {
    const sts = create();
    await sts.withSession("acc_a");
    const old = await sts.sessions.of("acc_a");
    if (!old.ok) throw new Error("no session");
    sts.sessions.forget(old.value);
    expect(await sts.withSession("acc_a")).toBe("key-2");
    sts.sessions.forget(old.value);
    expect(await sts.keyOf("acc_a")).toBe("key-2");
  });

  it("gives way when there are more than four thousand, the one not used for longest first", async () => {
    const sts = create();
    const all = Array.from({ length: 4_000 }, (_, n) => sts.sessions.of(`acc_${n}`));
    await sts.give();
    await Promise.all(all);
    await sts.keyOf("acc_0");
    await sts.withSession("acc_new");
    sts.asked.length = 0;
    expect(await sts.keyOf("acc_0")).toBe("key-1");
    expect(sts.asked).toEqual([]);
    await sts.withSession("acc_1");
    expect(sts.asked).toEqual(["acc_1"]);
  });
});
