import { expect, it } from "vitest";
import { ProductUnreachable } from "../../product/graphql.js";
import { accountsUnder, vendorOf } from "./look.js";
import { watchProduct } from "./watch-product.js";

const account = (id: string, ekm: object | null) => ({ id, account: { id, ekm } }) as never;
const ekm = {
  vendorAwsAccountId: "222222222222",
  vendorPrincipalArn: "arn:vendor",
  key: { arn: "K1" },
  activeRotation: { fromArn: "K1", toArn: "K2" },
};

it("says why nothing can be seen, keeps what was, and goes on when the product is back", async () => {
  let isAway = true;
  let told = 0;
  const door = {
    gatewayUrl: "http://127.0.0.1:1",
    async accountIds() {
      if (isAway) throw new ProductUnreachable("no answer");
      return ["a"];
    },
    token: async () => undefined,
  };
  const watch = watchProduct(
    door,
    () => false,
    () => told++,
  );
  await watch.look();
  await watch.look();
  expect([watch.error, watch.seen, told]).toEqual(["no answer", [], 1]);
  isAway = false;
  await watch.look();
  expect([watch.error, watch.seen, told]).toEqual([null, [{ id: "a", error: "there is no token of its admin or viewer" }], 2]);
  isAway = true;
  await watch.look();
  expect([watch.error, watch.seen.length, told]).toEqual(["no answer", 1, 3]);
  watch.close();
});

it("survives a look that broke", async () => {
  let isBroken = true;
  const door = {
    gatewayUrl: "",
    async accountIds() {
      if (isBroken) throw new TypeError("a bug");
      return [];
    },
    token: async () => undefined,
  };
  const watch = watchProduct(
    door,
    () => false,
    () => {},
  );
  await expect(watch.look()).rejects.toThrow("a bug");
  isBroken = false;
  await watch.look();
  watch.close();
});

it("knows the vendor, and who uses a key: also where they come from it or go to it", () => {
  const seen = [account("none", null), account("a", ekm), { id: "b", error: "away" } as const];
  expect(vendorOf(seen)).toEqual({ accountId: "222222222222", principalArn: "arn:vendor" });
  expect(vendorOf([account("none", null)])).toBeUndefined();
  expect([accountsUnder("K1", seen), accountsUnder("K2", seen), accountsUnder("K3", seen)]).toEqual([["a"], ["a"], []]);
});
