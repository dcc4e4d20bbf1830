import { describe, expect, it } from "vitest";
import { webhookUrl } from "./webhook-url.js";

describe("a webhook's URL", () => {
  it.each([
    ["https://hooks.example.com/ekm", "https://hooks.example.com/ekm"],
    [" https://hooks.example.com:8443/a?b=c ", "https://hooks.example.com:8443/a?b=c"],
    ["HTTPS://Hooks.Example.COM", "https://hooks.example.com/"],
    ["https://bücher.example/", "https://xn--bcher-kva.example/"],
    ["https://8.8.8.8/", "https://8.8.8.8/"],
    ["https://[2600::1]/", "https://[2600::1]/"],
  ])("%s is normalised", (text, url) => {
    expect(webhookUrl(text, false)).toEqual({ ok: true, value: url });
  });

  it.each([
    ["no URL", "hooks.example.com"],
    ["empty", ""],
    ["plain HTTP", "http://hooks.example.com/"],
    ["another scheme", "ftp://hooks.example.com/"],
    ["a file", "file:///etc/passwd"],
    ["a user name", "https://user@hooks.example.com/"],
    ["a password", "https://:secret@hooks.example.com/"],
    ["a fragment", "https://hooks.example.com/#here"],
    ["too long", `https://hooks.example.com/${"a".repeat(2048)}`],
    ["loopback", "https://127.0.0.1/"],
    ["loopback in other spellings", "https://0x7f.1/"],
    ["loopback as one number", "https://2130706433/"],
    ["loopback in octal", "https://0177.0.0.1/"],
    ["loopback in full-width digits", "https://１２７.0.0.1/"],
    ["private", "https://10.1.2.3/"],
    ["metadata", "https://169.254.169.254/latest/meta-data/"],
    ["IPv6 loopback", "https://[::1]/"],
    ["IPv4 in IPv6", "https://[::ffff:10.0.0.1]/"],
  ])("is refused: %s", (_what, text) => {
    expect(webhookUrl(text, false)).toMatchObject({
      ok: false,
      error: [{ code: "WEBHOOK_URL_REFUSED", field: ["input", "url"] }],
    });
  });

  it("in development may be plain HTTP and of this machine, and still has no password", () => {
    expect(webhookUrl("http://127.0.0.1:8080/x", true)).toEqual({ ok: true, value: "http://127.0.0.1:8080/x" });
    expect(webhookUrl("http://user:password@127.0.0.1/", true).ok).toBe(false);
    expect(webhookUrl("ftp://127.0.0.1/", true).ok).toBe(false);
  });
});
