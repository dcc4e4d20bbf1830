import { describe, expect, it } from "vitest";
import type { AccountFilter, Store } from "../../../src/ports/store.js";
import { ARN, account, at, EKM, health, idsOf, insertAccount, OTHER_ARN, rotation, walk } from "./fixtures.js";

export function accountsContract(store: () => Store): void {
  describe("accounts", () => {
    it("answers null for an unknown id", async () => {
      expect(await store().read.accounts.byId("acc_unknown")).toBeNull();
    });

    it.each(Object.entries(EKM))("keeps every field of an account that is %s", async (_name, ekm) => {
      const bare = await insertAccount(store(), { ekm });
      const full = await insertAccount(store(), {
        ekm,
        name: "Ärger & Söhne 'GmbH' 🗝",
        vendorKey: { arn: OTHER_ARN, createdAt: at(1), deletionDate: at(9) },
        keyLock: { lockedAt: at(6), lockedBy: "admin", reason: 'said "stop"' },
        keyEpoch: 7,
      });
      expect(await store().read.accounts.byId(bare.id)).toStrictEqual(bare);
      expect(await store().read.accounts.byId(full.id)).toStrictEqual(full);
    });

    it("saves all fields under the version read, and raises it", async () => {
      const first = await insertAccount(store(), { keyLock: { lockedAt: at(6), lockedBy: "admin", reason: "why" } });
      const { keyLock: _unlocked, ...unlocked } = first;
      const changed = { ...unlocked, name: "New name", ekm: EKM.enabled, keyEpoch: 3 };
      expect(await store().transaction((tx) => tx.accounts.save(changed))).toBe(true);
      expect(await store().read.accounts.byId(first.id)).toStrictEqual({ ...changed, version: 1 });
      const back = { ...first, version: 1 };
      expect(await store().transaction((tx) => tx.accounts.save(back))).toBe(true);
      expect(await store().read.accounts.byId(first.id)).toStrictEqual({ ...first, version: 2 });
    });

    it("refuses a stale version, a future one and an unknown account, and writes nothing", async () => {
      const made = await insertAccount(store());
      await store().transaction((tx) => tx.accounts.save({ ...made, name: "Second" }));
      expect(await store().transaction((tx) => tx.accounts.save({ ...made, name: "Stale" }))).toBe(false);
      expect(await store().transaction((tx) => tx.accounts.save({ ...made, name: "Future", version: 9 }))).toBe(false);
      expect(await store().transaction((tx) => tx.accounts.save(account()))).toBe(false);
      expect(await store().read.accounts.byId(made.id)).toMatchObject({ name: "Second", version: 1 });
      expect(await store().read.accounts.count({})).toBe(1n);
    });

    it("pages newest first, without a gap or a repeat", async () => {
      const made: string[] = [];
      for (let i = 0; i < 5; i += 1) made.unshift((await insertAccount(store())).id);
      const page = (first: number) => walk(first, (request) => store().read.accounts.page(request, {}));
      expect(idsOf((await page(2)).items)).toEqual(made);
      expect(await page(5), "a full last page").toMatchObject({ pages: 1 });
      expect((await page(4)).pages).toBe(2);
      expect(await store().read.accounts.page({ first: 2, after: made.at(-1) ?? "" }, {})).toEqual({
        items: [],
        hasNextPage: false,
      });
    });

    it("filters pages and counts alike", async () => {
      const cloud = await insertAccount(store(), { name: "Cloud 100% sure" });
      const activated = await insertAccount(store(), { name: "Waiting_room", ekm: EKM.activated });
      const enabled = await insertAccount(store(), { name: "ACME enabled", ekm: EKM.enabled });
      const rotating = await insertAccount(store(), { name: "Acme rotating", ekm: EKM.rotating });
      await store().transaction(async (tx) => {
        await tx.health.put(health(enabled.id, { state: "UNUSABLE" }));
        await tx.health.put(health(rotating.id));
      });
      const matches: [AccountFilter, string[]][] = [
        [{}, [rotating.id, enabled.id, activated.id, cloud.id]],
        [{ keyManagement: "CLOUD" }, [activated.id, cloud.id]],
        [{ keyManagement: "ENTERPRISE" }, [rotating.id, enabled.id]],
        [{ ekmStatus: "ACTIVATED" }, [activated.id]],
        [{ ekmStatus: "ROTATING" }, [rotating.id]],
        [{ health: "UNUSABLE" }, [enabled.id]],
        [{ health: "LOCKED" }, []],
        [{ search: "acme" }, [rotating.id, enabled.id]],
        [{ search: "acme", health: "HEALTHY" }, [rotating.id]],
        [{ search: cloud.id }, [cloud.id]],
        [{ search: "0% s" }, [cloud.id]],
        [{ search: "%" }, [cloud.id]],
        [{ search: "_" }, [activated.id]],
        [{ search: "\\" }, []],
        [{ search: "' OR 1=1 --" }, []],
      ];
      for (const [filter, expected] of matches) {
        const { items } = await walk(1, (request) => store().read.accounts.page(request, filter));
        expect(idsOf(items), JSON.stringify(filter)).toEqual(expected);
        expect(await store().read.accounts.count(filter), JSON.stringify(filter)).toBe(BigInt(expected.length));
      }
    });

    it("finds accounts by the key they use, used or rotate to, by its id and by its AWS account, and by nothing like it", async () => {
      const NEXT = "arn:aws:kms:eu-west-1:999988887777:key/mrk-0123456789abcdef0123456789abcdef";
      const plain = await insertAccount(store(), { name: "Plain" });
      const here = await insertAccount(store(), { name: "Here", ekm: EKM.enabled });
      const moved = await insertAccount(store(), {
        name: "Moved",
        ekm: { ...EKM.enabled, key: { ...EKM.enabled.key, arn: NEXT } },
      });
      const moving = await insertAccount(store(), { name: "Moving", ekm: EKM.rotating });
      const named = await insertAccount(store(), { name: "Reseller of 111122223333" });
      await store().transaction(async (tx) => {
        await tx.rotations.insert(rotation(moved.id, { fromArn: OTHER_ARN, toArn: NEXT }));
        await tx.rotations.insert(rotation(moving.id, { fromArn: ARN, toArn: NEXT }));
      });
      const matches: [string, string[]][] = [
        [ARN, [moving.id, here.id]],
        [NEXT, [moving.id, moved.id]],
        [OTHER_ARN, [moved.id]],
        [ARN.slice(0, -1), []],
        ["arn:", []],
        ["arn:%", []],
        ["11111111-2222-4333-8444-555555555555", [moving.id, here.id]],
        ["11111111-2222-4333-8444-55555555555_", []],
        ["mrk-0123456789abcdef0123456789abcdef", [moved.id]],
        ["111122223333", [named.id, moving.id, here.id]],
        ["999988887777", [moved.id]],
        ["11112222333", [named.id]],
        ["eu-west-1", []],
        ["plain", [plain.id]],
      ];
      for (const [search, expected] of matches) {
        const { items } = await walk(2, (request) => store().read.accounts.page(request, { search }));
        expect(idsOf(items), search).toEqual(expected);
        expect(await store().read.accounts.count({ search }), search).toBe(BigInt(expected.length));
      }
    });

    it("follows the health that is put last in its filter, whatever is saved after", async () => {
      const made = await insertAccount(store(), { ekm: EKM.enabled });
      await store().transaction((tx) => tx.health.put(health(made.id, { state: "UNUSABLE" })));
      await store().transaction((tx) => tx.health.put(health(made.id, { state: "DEGRADED" })));
      await store().transaction((tx) => tx.accounts.save({ ...made, name: "Renamed" }));
      expect(await store().read.accounts.count({ health: "UNUSABLE" })).toBe(0n);
      expect(await store().read.accounts.count({ health: "DEGRADED" })).toBe(1n);
    });

    it("finds the other accounts that use a key now", async () => {
      const one = await insertAccount(store(), { ekm: EKM.enabled });
      const two = await insertAccount(store(), { ekm: EKM.rotating });
      await insertAccount(store(), { ekm: EKM.activated });
      expect(await store().read.accounts.usingKey(ARN, one.id)).toEqual([two.id]);
      expect([...(await store().read.accounts.usingKey(ARN, "acc_other"))].sort()).toEqual([one.id, two.id]);
      expect(await store().read.accounts.usingKey(OTHER_ARN, one.id)).toEqual([]);
    });

    it("answers the key epochs and locks of the accounts asked for, and leaves unknown ones out", async () => {
      const keyLock = { lockedAt: at(6), lockedBy: "admin", reason: "why" };
      const open = await insertAccount(store(), { keyEpoch: 3 });
      const locked = await insertAccount(store(), { keyEpoch: 4, keyLock });
      await insertAccount(store(), { keyEpoch: 5 });
      const epochs = () => store().read.accounts.keyEpochs([locked.id, "acc_unknown", open.id]);
      expect(await epochs()).toEqual(
        new Map([
          [open.id, { keyEpoch: 3, locked: false }],
          [locked.id, { keyEpoch: 4, locked: true }],
        ]),
      );
      await store().transaction((tx) => tx.accounts.save({ ...open, keyEpoch: 4, keyLock }));
      expect((await epochs()).get(open.id)).toEqual({ keyEpoch: 4, locked: true });
      expect(await store().read.accounts.keyEpochs([])).toEqual(new Map());
    });

    it("finds enabled accounts that are due for a probe: never checked first, then the longest unchecked", async () => {
      const late = await insertAccount(store(), { ekm: EKM.enabled });
      const early = await insertAccount(store(), { ekm: EKM.rotating });
      const fresh = await insertAccount(store(), { ekm: EKM.enabled });
      const never = await insertAccount(store(), { ekm: EKM.enabled });
      const cloud = await insertAccount(store(), { ekm: EKM.activated });
      await store().transaction(async (tx) => {
        await tx.health.put(health(late.id, { checkedAt: at(20) }));
        await tx.health.put(health(early.id, { checkedAt: at(10) }));
        await tx.health.put(health(fresh.id, { checkedAt: at(30) }));
        await tx.health.put(health(cloud.id, { checkedAt: at(1) }));
      });
      expect(idsOf(await store().read.accounts.dueForProbe(at(30), 10))).toEqual([never.id, early.id, late.id]);
      expect(idsOf(await store().read.accounts.dueForProbe(at(30), 2))).toEqual([never.id, early.id]);
      await store().transaction((tx) => tx.health.put(health(early.id, { checkedAt: at(40) })));
      expect(idsOf(await store().read.accounts.dueForProbe(at(30), 10))).toEqual([never.id, late.id]);
      expect(idsOf(await store().read.accounts.checkedAfter(at(30), 10))).toEqual([early.id]);
      expect(await store().read.accounts.checkedAfter(at(40), 10)).toEqual([]);
      expect(await store().read.accounts.checkedAfter(at(0), 1)).toHaveLength(1);
    });
  });
}
