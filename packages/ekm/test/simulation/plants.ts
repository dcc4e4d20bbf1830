/** A bug that is put into one source file while the simulation is loaded; the text stands there exactly once. */
export interface Plant {
  readonly name: string;
  /** From `packages`. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** What the simulation must say. */
  readonly found: RegExp;
}

export const PLANTS: readonly Plant[] = [
  {
    name: "a rotation does not open what it has moved",
    file: "ekm/src/keys/move-generation.ts",
    find: "  if (!opened.ok) return { ...opened.error, keyArn: wrap.keyArn };",
    replace: "  if (!opened.ok) return null;",
    found: /^the current wrap of generation \d+ of \w+ does not open to its key$/,
  },
  {
    name: "what KMS opened is not compared with the check value",
    file: "ekm/src/keys/open-wrap.ts",
    find: "if (checkValue === undefined || key.matches(checkValue))",
    replace: "if (checkValue === undefined || key.matches(key.checkValue()))",
    // Also: served under a key that KMS never gave.
    found: /gave other bytes|reads as something else|does not open to its key|after the last unwrap that succeeded/,
  },
  {
    name: "the key record is written last",
    file: "ekm/src/worker/rotation/move-generations.ts",
    find: "    await ports.keyRecords.put(wrap, generation.checkValue);",
    replace: "",
    found: /^generation \d+ of \w+ holds backups, and no record of its wrap lies beside them$/,
  },
  {
    name: "a lease slides on use",
    file: "crypto-core/src/lease/lease.ts",
    find: "    return this.#key;",
    replace: "    this.#term = new LeaseTerm(this.settings.clock, this.settings.durationMs);\n    return this.#key;",
    found: /serves generation \d+ \d+ ms after the last unwrap that succeeded$/,
  },
  {
    name: "a lease begins when KMS has answered",
    file: "crypto-core/src/lease/lease.ts",
    find: "        return { outcome: await this.unwrap(), term };",
    replace:
      "        const outcome = await this.unwrap();\n        return { outcome, term: new LeaseTerm(this.settings.clock, this.settings.durationMs) };",
    found: /serves generation \d+ \d+ ms after the last unwrap that succeeded$/,
  },
  {
    name: "a lock is not seen by processes",
    file: "ekm/src/locking/epoch-watch.ts",
    find: "learn(epochs.get(id) ?? null, sent)",
    replace: "learn({ keyEpoch: 1, locked: false }, sent)",
    found: /serves \d+ ms after a lock$/,
  },
  {
    name: "a fence that was lost is ignored",
    file: "ekm/src/worker/fenced.ts",
    find: "    if (!held) throw new FenceLost();",
    replace: "    void held;",
    found: /after its end$|was ended under fence/,
  },
  {
    name: "the switch is not audited",
    file: "ekm/src/worker/rotation/switch-key.ts",
    find: "    await tx.audit.append(account.id, now, {",
    replace: "    await Promise.resolve({",
    found: /has another key, and the transaction has 0 audit entries ROTATION_SWITCHED instead of 1$/,
  },
  {
    name: "a pause by a key is audited twice",
    file: "ekm/src/worker/rotation/obstacle.ts",
    find: "    must(await tx.jobs.release(job, retryDelay(ports, 1)));",
    replace: `    await tx.audit.append(rotation.accountId, now, { actor: "x", action: "ROTATION_PAUSED", outcome: "REFUSED", detail: "", awsRequestIds: [] });
    must(await tx.jobs.release(job, retryDelay(ports, 1)));`,
    found: /is PAUSED, and the transaction has 2 audit entries ROTATION_PAUSED instead of 1$/,
  },
  {
    name: "an idempotency key is not recognised",
    file: "ekm/src/idempotency/idempotent.ts",
    find: "    key: key.value,",
    replace: "    key: String(Math.random()),",
    found: /^.*: repeated with the same key, the answer is|^happened twice: /,
  },
  {
    name: "the former wraps go with the switch",
    file: "ekm/src/worker/rotation/switch-key.ts",
    find: "  await tx.keys.promoteWraps(accountId, toArn);",
    replace: `  await tx.keys.promoteWraps(accountId, toArn);
  for (const one of await tx.keys.wraps(accountId)) if (one.state === "SUPERSEDED") await tx.keys.deleteWrap(accountId, one.generation, one.keyArn);`,
    found: /^the former wrap of generation \d+ under .* went before a lease was over$/,
  },
  {
    name: "the new wraps are not made the current ones",
    file: "ekm/src/worker/rotation/switch-key.ts",
    find: "  await tx.keys.promoteWraps(accountId, toArn);",
    replace: "",
    found: /^generation \d+ of \w+ is under .*, and the account under /,
  },
  {
    name: "a refused generation is left behind without leave",
    file: "ekm/src/worker/rotation/judge-failure.ts",
    find: '  return failureClass === "refusal" ? "pause" : "later";',
    replace: '  return failureClass === "refusal" ? "left" : "later";',
    found: /^generation \d+ of \w+ is under .*, and the account under /,
  },
  {
    name: "processes are not told of the switch",
    file: "ekm/src/worker/rotation/switch-key.ts",
    find: "keyEpoch: account.keyEpoch + 1 });",
    replace: "});",
    found: /its keys changed and its epoch did not$/,
  },
  {
    name: "a rotation that a key has stopped does not go on",
    file: "ekm/src/worker/rotation/await-key.ts",
    find: "const obstacle = await obstacleTo(ports, rotation);",
    replace: 'const obstacle = (await obstacleTo(ports, rotation)) ?? { problem: problem("KEY_DISABLED"), definitive: false };',
    found: /still rotates$|does not come to rest$/,
  },
  {
    name: "a key that was unusable once stays so",
    file: "ekm/src/health/next-health.ts",
    find: '      return enter("HEALTHY");',
    replace: '      return before?.state === "UNUSABLE" ? enter("UNUSABLE", before.problem) : enter("HEALTHY");',
    found: /works, and its health is UNUSABLE$/,
  },
  {
    name: "the vendor's key is not scheduled for deletion",
    file: "ekm/src/worker/supersede.ts",
    find: "traced(await ports.vendorKeys.scheduleDeletion(vendorKey.arn)),",
    replace: "traced({ ok: true, value: { deletionDate: ports.clock.now() } }),",
    found: /is enabled, and the vendor's key lives on$/,
  },
  {
    name: "a generation is left behind without the admin's word",
    file: "ekm/src/lifecycle/enable-ekm.ts",
    find: "acceptsLoss && vendorArn !== undefined ?",
    replace: "vendorArn !== undefined ?",
    found: /^generation \d of \w+ was left behind, and nobody had accepted that$/,
  },
  {
    name: "superseding destroys what enabling left behind",
    file: "ekm/src/worker/supersede.ts",
    find: "if (left.size === 0) await",
    replace: "if (left.size >= 0) await",
    found: /^generation \d of \w+ has 0 current wraps$|no current wrap any more$/,
  },
];
