// Invariant: how many calls KMS gets follows from keys and time, never from how many backups there are; and the revocation window holds
// all the same.
import { afterEach, expect, it } from "vitest";
import { createKeyring } from "../src/index.js";
import { createMemoryPorts } from "../testing/index.js";
import { enterpriseAccount, leasesOf } from "./support/accounts.js";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const BACKUPS = 10_000;
const MINUTE_MS = 60_000;

it("10,000 backups of one account in a minute cost at most a hundredth of a call each, and end with the key", async () => {
  const ports = createMemoryPorts();
  const key = ports.kms.addKey();
  const account = await enterpriseAccount(ports, key.arn);
  const leases = leasesOf(ports);
  closers.push(() => leases.close());
  const keyring = createKeyring(ports, leases);
  ports.kms.calls.length = 0;

  for (let n = 0; n < BACKUPS; n += 1) {
    const sealing = await keyring.forSealing(account.id);
    if (!sealing.ok) throw new Error(sealing.error.code);
    expect(sealing.value.gate.isOpen()).toBe(true);
    sealing.value.release();
    if (n % 100 === 99) await ports.clock.advance(MINUTE_MS / (BACKUPS / 100));
  }
  expect(ports.kms.calls.length).toBeGreaterThan(0);
  expect(ports.kms.calls.length).toBeLessThanOrEqual(BACKUPS / 100);

  key.state = "Disabled";
  await ports.clock.advance(ports.settings.leaseSeconds * 1000 + 1);
  expect(await keyring.forSealing(account.id)).toMatchObject({ ok: false, error: { code: "KEY_DISABLED" } });
});
