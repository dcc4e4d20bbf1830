import { KMS } from "@aws-sdk/client-kms";
import type { Credentials } from "../harness.js";

/** An endpoint that says it is AWS, and two accounts in it. */
export interface Place {
  readonly url: string;
  readonly owner: Party;
  readonly stranger: Party;
}

export interface OpenPlace extends Place {
  close(): Promise<void>;
}

export interface Party extends Credentials {
  readonly accountId: string;
}

/** What a probe is handed: clients of AWS's own SDK, one attempt each, and keys that no other probe touches. */
export interface Bench {
  readonly place: Place;
  readonly owner: KMS;
  readonly stranger: KMS;
  client(credentials: Credentials, region?: string): KMS;
  /** A key of the owner's; answers its id. */
  newKey(input?: NewKey): Promise<string>;
  /** Likewise; answers its ARN. */
  newKeyArn(input?: NewKey): Promise<string>;
}

type NewKey = Parameters<KMS["createKey"]>[0];

/** One thing that AWS does, to be asked of any endpoint. */
export interface Probe {
  readonly id: string;
  /** What AWS does, in words; docs/kms-fidelity.md shows it. */
  readonly aws: string;
  ask(bench: Bench): Promise<unknown>;
  /** What `ask` finds at AWS. */
  readonly wanted: unknown;
}

export async function withBench<T>(place: Place, use: (bench: Bench) => Promise<T>): Promise<T> {
  const clients: KMS[] = [];
  const client = (credentials: Credentials, region = "us-east-1"): KMS => {
    const { accessKeyId, secretAccessKey, sessionToken } = credentials;
    const made = new KMS({
      endpoint: place.url,
      region,
      credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
      maxAttempts: 1,
    });
    clients.push(made);
    return made;
  };
  const [owner, stranger] = [client(place.owner), client(place.stranger)];
  const newKeyArn: Bench["newKey"] = async (input = {}) => (await owner.createKey(input)).KeyMetadata?.Arn ?? "";
  const newKey: Bench["newKey"] = async (input) => (await newKeyArn(input)).replace(/^.*\//, "");
  try {
    return await use({ place, owner, stranger, client, newKey, newKeyArn });
  } finally {
    for (const each of clients) each.destroy();
  }
}

/** `ok`, or the error's name and text, with ARNs by what they are. */
export async function answerTo(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "ok";
  } catch (error) {
    const { name, message } = error as Error;
    const text = message
      .replace(/arn:aws:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+/g, "{key}")
      .replace(/arn:aws:kms:[a-z0-9-]+:\d{12}:alias\/[\w/-]+/g, "{alias}")
      .replace(/arn:aws:(iam|sts)::\d{12}:[\w/-]+/g, "{caller}");
    return text === "UnknownError" || text === "" ? name : `${name}: ${text}`;
  }
}

export const nameOf = async (call: Promise<unknown>): Promise<string> => (await answerTo(call)).replace(/: .*/s, "");

export const x = Buffer.from("x");
/** A well-formed id that no key has. */
export const NO_KEY = "00000000-0000-4000-8000-000000000000";

let made = 0;
export const freshName = (): string => `alias/probe-${Date.now()}-${made++}`;

export const policyOf = (...statements: object[]): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({ Effect: "Allow", Action: "kms:*", Resource: "*", ...statement })),
  });
