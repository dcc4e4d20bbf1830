// Invariant: every operation, on a key in every state, for every kind of caller, answers what AWS does: name and text.
import { beforeAll, describe, expect, it } from "vitest";
import { type AwsClient, createAwsClient, type MockAws, startMockAws } from "../../src/index.js";
import { UPSTREAM } from "../harness.js";
import { ANSWERS, type AnswerName, CALLERS, type CallerName, STATES } from "./answers.js";
import { CONTEXT, FOREIGN, newSource, newSubject, OWNER } from "./subject.js";
import { expectedAnswer, ROWS, type Row, type Subject } from "./table.js";

let aws: MockAws;
let owner: AwsClient;
let foreign: AwsClient;
let sourceOfForeign: Pick<Subject, "source" | "ciphertextOfSource">;

beforeAll(async () => {
  aws = await startMockAws(UPSTREAM === undefined ? {} : { upstream: UPSTREAM });
  const client = async (id: string, principal: string) =>
    createAwsClient({
      endpoint: aws.url,
      ...(await aws.simulator.accounts.create({ id, name: id, principal })),
      region: "us-east-1",
    });
  owner = await client(OWNER, "user/admin");
  foreign = await client(FOREIGN, "user/vendor");
  sourceOfForeign = await newSource(foreign);
  return () => aws.close();
});

type Profile = "cross-account-denied" | "invalid-state" | "not-found";

/** Puts the accounts into the situation of the caller, for as long as the call takes. */
async function as(caller: CallerName, call: (client: AwsClient) => Promise<unknown>): Promise<unknown> {
  const profile = /\((.+)\)$/.exec(caller)?.[1] as Profile | undefined;
  const suspended = profile !== undefined || caller === "owner suspended itself" ? OWNER : FOREIGN;
  const status = caller.includes("suspended") ? "SUSPENDED" : caller.includes("closed") ? "CLOSED" : "ACTIVE";
  const id = caller === "owner closed itself" ? OWNER : suspended;
  await aws.simulator.accounts.setStatus(id, { status, profile: profile ?? "cross-account-denied" });
  try {
    return await call(caller.startsWith("owner") ? owner : foreign);
  } finally {
    await aws.simulator.accounts.setStatus(id, { status: "ACTIVE" });
  }
}

function wanted(answer: AnswerName, row: Row, caller: CallerName, subject: Subject): unknown {
  const fault = ANSWERS[answer];
  if (fault === null) return "ok";
  const account = caller.startsWith("owner") ? OWNER : FOREIGN;
  const named: Readonly<Record<string, string>> = {
    arn: subject.arn,
    alias: `arn:aws:kms:us-east-1:${account}:${subject.alias}`,
    caller: `arn:aws:iam::${FOREIGN}:user/vendor`,
    action: row.action ?? row.operation,
  };
  return [fault[0], fault[1].replace(/\{(\w+)\}/g, (_whole, name: string) => named[name] ?? "")];
}

/** A key whose policy lets the other account in, or not, put into the state. */
async function subjectIn(row: Row, state: (typeof STATES)[number], letIn: boolean): Promise<Subject> {
  const subject = await newSubject(owner, row.kind, letIn);
  await aws.simulator.keys.setState(subject.arn, { state });
  return subject;
}

describe.each(Object.keys(CALLERS) as CallerName[])("%s", (caller) => {
  it.each(ROWS.map((row) => [row.name, row] as const))("%s, in every state", async (_name, row) => {
    const found: Record<string, unknown> = {};
    const expected: Record<string, unknown> = {};
    for (const state of STATES) {
      const subject = await subjectIn(row, state, caller !== "foreign, without policy");
      const context = caller === "foreign, wrong context" ? { tenant: "other" } : CONTEXT;
      found[state] = await as(caller, async (client) => {
        const { status, body } = await client.kms(
          row.operation,
          row.input({ ...subject, ...(caller.startsWith("owner") ? {} : sourceOfForeign), context }),
        );
        return status === 200 ? "ok" : [body["__type"], body["message"]];
      });
      expected[state] = wanted(expectedAnswer(row, caller, state), row, caller, subject);
    }
    expect(found).toEqual(expected);
  });
});
