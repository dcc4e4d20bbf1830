// Invariant: a webhook connects to public addresses alone, and to those that were checked.
import { describe, expect, it } from "vitest";
import { AddressRefused, checkedAddresses, HostUnknown, resolveByDns, resolveBySystem } from "./checked-addresses.js";

const signal = new AbortController().signal;
const check = (hostname: string, answers: readonly string[], allowPrivate = false) =>
  checkedAddresses(hostname, { resolve: async () => answers, allowPrivate, signal });

describe("a host's addresses", () => {
  it("are what it resolves to", async () => {
    expect(await check("hooks.example", ["8.8.8.8", "2600::1"])).toEqual([
      { address: "8.8.8.8", family: 4 },
      { address: "2600::1", family: 6 },
    ]);
  });

  it.each([
    ["127.0.0.1"],
    ["10.0.0.7"],
    ["169.254.169.254"],
    ["100.64.0.1"],
    ["::1"],
    ["::ffff:10.0.0.1"],
    ["fd00:ec2::254"],
    ["fe80::1%eth0"],
  ])("are refused if one of them is %s", async (address) => {
    await expect(check("hooks.example", ["8.8.8.8", address])).rejects.toThrow(AddressRefused);
    await expect(check("hooks.example", [address])).rejects.toThrow(AddressRefused);
  });

  it("are not asked for when the host is an address, which is checked the same", async () => {
    const resolve = () => Promise.reject(new Error("asked"));
    const literal = (hostname: string) => checkedAddresses(hostname, { resolve, allowPrivate: false, signal });
    expect(await literal("8.8.8.8")).toEqual([{ address: "8.8.8.8", family: 4 }]);
    expect(await literal("[2600::1]")).toEqual([{ address: "2600::1", family: 6 }]);
    await expect(literal("127.0.0.1")).rejects.toThrow(AddressRefused);
    await expect(literal("[::ffff:7f00:1]")).rejects.toThrow(AddressRefused);
  });

  it("are none where there is none, or nonsense", async () => {
    await expect(check("hooks.example", [])).rejects.toThrow(HostUnknown);
    await expect(check("hooks.example", ["nonsense"])).rejects.toThrow(HostUnknown);
  });

  it("may be any in development", async () => {
    expect(await check("hooks.example", ["127.0.0.1"], true)).toEqual([{ address: "127.0.0.1", family: 4 }]);
  });

  it("of this machine are known to the system", async () => {
    expect(await resolveBySystem("localhost", signal)).toSatisfy((found: string[]) =>
      found.every((address) => address === "127.0.0.1" || address === "::1"),
    );
    expect(await resolveBySystem("nowhere.invalid", signal)).toEqual([]);
  });

  it("of what is no name are none", async () => {
    expect(await resolveByDns("a..b", signal)).toEqual([]);
  });
});
