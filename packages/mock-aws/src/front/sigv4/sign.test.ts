import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AwsFault } from "../aws-fault.js";
import { canonicalRequest } from "./canonical-request.js";
import { signRequest, timestampOf } from "./sign.js";
import { SignatureVerifier } from "./verify.js";

/** Credentials and date of AWS's Signature Version 4 test suite. */
const SUITE = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  region: "us-east-1",
  service: "service",
};
const DATE = new Date("2015-08-30T12:36:00Z");

const signatureIn = (headers: Record<string, string>): string => /Signature=(.*)/.exec(headers["authorization"] ?? "")?.[1] ?? "";

describe("AWS's Signature Version 4 test suite", () => {
  it.each([
    ["get-vanilla", "GET", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"],
    ["post-vanilla", "POST", "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"],
    [
      "get-vanilla-query-order-key-case",
      "GET",
      "Param2=value2&Param1=value1",
      "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    ],
  ])("%s", (_name, method, query, signature) => {
    const headers = { host: "example.amazonaws.com" };
    const signed = signRequest({ method, path: "/", query, headers, body: "" }, SUITE, DATE);
    expect(signatureIn(signed)).toBe(signature);
  });

  it("the canonical request folds white space of header values", () => {
    const text = canonicalRequest({ method: "GET", path: "/", query: "", headers: { "my-header1": "  a   b  c " }, body: "" }, [
      "my-header1",
    ]);
    expect(text).toContain("\nmy-header1:a b c\n");
  });
});

describe("verification", () => {
  const identity = { ...SUITE, service: "kms" };
  const now = new Date();
  const verify = (request: Parameters<SignatureVerifier["verify"]>[0], at = now) =>
    new SignatureVerifier().verify(request, {
      service: "kms",
      credentialsOf: (id) =>
        id === identity.accessKeyId ? { secretAccessKey: identity.secretAccessKey, session: null } : undefined,
      now: at,
    });
  const signed = (body: string, date = now, who = identity) => {
    const plain = {
      method: "POST",
      path: "/",
      query: "",
      headers: { host: "127.0.0.1:1", "content-type": "application/x-amz-json-1.1", "x-amz-target": "TrentService.Encrypt" },
      body,
    };
    return { ...plain, headers: signRequest(plain, who, date) };
  };
  const codeOf = (result: unknown): string => (result instanceof AwsFault ? result.code : "accepted");

  it("accepts what the signer signed (property)", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (body) => {
        expect(verify(signed(body))).toEqual({ accessKeyId: identity.accessKeyId, region: "us-east-1" });
      }),
    );
  });

  it("refuses any change to what was signed", () => {
    const good = signed("{}");
    const header = (name: string, value: string) => ({ ...good, headers: { ...good.headers, [name]: value } });
    const changed = [
      { ...good, body: "{ }" },
      { ...good, path: "/other" },
      { ...good, query: "a=b" },
      { ...good, method: "PUT" },
      header("host", "127.0.0.1:2"),
      header("x-amz-target", "TrentService.Decrypt"),
      header("x-amz-date", timestampOf(new Date(now.getTime() + 1000))),
      header("authorization", String(good.headers["authorization"]).replace("us-east-1", "eu-west-1")),
      header(
        "authorization",
        String(good.headers["authorization"]).replace(/.$/, (end) => (end === "0" ? "1" : "0")),
      ),
      header("authorization", `${good.headers["authorization"]}00`),
    ];
    for (const request of changed) expect(codeOf(verify(request))).toBe("InvalidSignatureException");
  });

  it("names what is missing or unknown", () => {
    const good = signed("{}");
    const header = (value: string) => ({ ...good, headers: { ...good.headers, authorization: value } });
    const text = String(good.headers["authorization"]);
    expect(codeOf(verify({ ...good, headers: { host: "x" } }))).toBe("MissingAuthenticationTokenException");
    expect(codeOf(verify(header("Basic abc")))).toBe("IncompleteSignatureException");
    expect(codeOf(verify(header(text.replace(/Signature=.*/, ""))))).toBe("IncompleteSignatureException");
    expect(codeOf(verify(header(text.replace("/aws4_request", ""))))).toBe("IncompleteSignatureException");
    expect(codeOf(verify(header(text.replace("AKIDEXAMPLE", "AKIDOTHER"))))).toBe("UnrecognizedClientException");
    expect(codeOf(verify({ ...good, headers: { ...good.headers, "x-amz-security-token": "t" } }))).toBe(
      "UnrecognizedClientException",
    );
    expect(codeOf(verify(header(text.replace("content-type;host;", "content-type;"))))).toBe("InvalidSignatureException");
    expect(codeOf(verify(header(text.replace(";x-amz-target", ""))))).toBe("InvalidSignatureException");
    expect(codeOf(verify(signed("{}", now, { ...identity, service: "s3" })))).toBe("InvalidSignatureException");
    expect(codeOf(verify(signed("{}", now, { ...identity, region: "nowhere" })))).toBe("InvalidSignatureException");
  });

  it("reads a header that it knows but for its end no otherwise than one that is new", () => {
    const verifier = new SignatureVerifier();
    const credentialsOf = (id: string) =>
      id === identity.accessKeyId ? { secretAccessKey: identity.secretAccessKey, session: null } : undefined;
    const again = (request: Parameters<SignatureVerifier["verify"]>[0]) =>
      verifier.verify(request, { service: "kms", credentialsOf, now });
    const [first, second] = [signed("{}"), signed("[]")];
    const text = String(first.headers["authorization"]);
    const header = (value: string) => ({ ...first, headers: { ...first.headers, authorization: value } });
    expect(codeOf(again(first))).toBe("accepted");
    expect(codeOf(again(second))).toBe("accepted");
    expect(codeOf(again({ ...second, body: "{}" }))).toBe("InvalidSignatureException");
    expect(codeOf(again(header(text.replace(/Signature=.*/, "Signature="))))).not.toBe("accepted");
    expect(codeOf(again(header(text.replace("AKIDEXAMPLE", "AKIDOTHER"))))).toBe("UnrecognizedClientException");
  });

  it("allows five minutes of skew either way, and says how far off it is", () => {
    const at = (minutes: number) => verify(signed("{}", new Date(now.getTime() + minutes * 60_000)));
    expect(codeOf(at(-4.9))).toBe("accepted");
    expect(codeOf(at(4.9))).toBe("accepted");
    const late = at(-5.1);
    const early = at(5.1);
    expect(late instanceof AwsFault && late.message).toMatch(
      /^Signature expired: \d{8}T\d{6}Z is now earlier than .* - 5 min\.\)$/,
    );
    expect(early instanceof AwsFault && early.message).toMatch(/^Signature not yet current: .* \+ 5 min\.\)$/);
  });
});
