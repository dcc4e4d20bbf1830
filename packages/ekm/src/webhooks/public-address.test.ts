// Invariant: no spelling of an address that is not on the public Internet is taken for one that is.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPublicAddress } from "./public-address.js";

describe("a public address", () => {
  it.each([
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2600::1",
    "2a00:1450:4001:81b::200e",
    "2001:4860:4860::8888",
    "2620:fe::9",
  ])("is %s", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    ["this network", "0.0.0.0"],
    ["this network", "0.1.2.3"],
    ["private", "10.0.0.1"],
    ["private", "172.16.0.1"],
    ["private", "172.31.255.255"],
    ["private", "192.168.1.1"],
    ["shared (CGNAT)", "100.64.0.1"],
    ["shared (CGNAT)", "100.127.255.255"],
    ["loopback", "127.0.0.1"],
    ["loopback", "127.255.255.254"],
    ["link-local: the metadata of cloud machines", "169.254.169.254"],
    ["protocol assignments", "192.0.0.170"],
    ["documentation", "192.0.2.1"],
    ["documentation", "198.51.100.7"],
    ["documentation", "203.0.113.7"],
    ["6to4 relay", "192.88.99.1"],
    ["benchmarks", "198.19.0.1"],
    ["multicast", "224.0.0.1"],
    ["multicast", "239.255.255.255"],
    ["reserved", "240.0.0.1"],
    ["broadcast", "255.255.255.255"],
    ["unspecified", "::"],
    ["loopback", "::1"],
    ["loopback, long", "0:0:0:0:0:0:0:1"],
    ["IPv4-mapped", "::ffff:127.0.0.1"],
    ["IPv4-mapped, in hex", "::ffff:7f00:1"],
    ["IPv4-mapped, public", "::ffff:8.8.8.8"],
    ["IPv4-compatible", "::127.0.0.1"],
    ["NAT64", "64:ff9b::7f00:1"],
    ["NAT64, local", "64:ff9b:1::1"],
    ["unique local", "fc00::1"],
    ["unique local: the metadata of cloud machines", "fd00:ec2::254"],
    ["link-local", "fe80::1"],
    ["link-local, with a zone", "fe80::1%eth0"],
    ["multicast", "ff02::1"],
    ["6to4", "2002:7f00:1::1"],
    ["Teredo", "2001::1"],
    ["documentation", "2001:db8::1"],
    ["documentation", "3fff::1"],
    ["discard", "100::1"],
    ["segment routing", "5f00::1"],
    ["nothing", ""],
    ["a name", "localhost"],
    ["octal", "010.8.8.8"],
    ["short", "8.8.8"],
    ["decimal", "134744072"],
    ["too large", "8.8.8.256"],
    ["two gaps", "2600::1::1"],
    ["too many groups", "2600:1:1:1:1:1:1:1:1"],
    ["too few groups", "2600:1"],
    ["a gap of nothing", "2600:1:1:1::1:1:1:1:1"],
    ["IPv4 within", "2600:8.8.8.8::1"],
  ])("is not %s: %s", (_what, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it("is no IPv4 address in IPv6 dress, whichever", () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const form = fc.constantFrom("::", "::ffff:", "::ffff:0:", "64:ff9b::");
    fc.assert(
      fc.property(form, fc.tuple(octet, octet, octet, octet), (prefix, octets) => {
        expect(isPublicAddress(`${prefix}${octets.join(".")}`)).toBe(false);
      }),
    );
  });
});
