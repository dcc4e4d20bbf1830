// Invariant: no request, however made, costs the gateway more than 50 ms of CPU before it is refused, and none leaves anything behind in its
// memory. Measured inside the gateway's own process, on its build.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DOCUMENTS } from "./attacks/documents.js";
import { type HostileRequest, REQUESTS } from "./attacks/requests.js";
import { type MeasuredGateway, startMeasuredGateway } from "./support/measured-gateway.js";

const MOST_CPU_MS = 50;
const TRIES = 5;
const ROUNDS = 10;
const MOST_GROWTH_BYTES = 4 * 1024 * 1024;

let gateway: MeasuredGateway;
let token: string;

beforeAll(async () => {
  gateway = await startMeasuredGateway({
    EKM_REFUSALS_PER_MINUTE: "1000000",
    EKM_QUERIES_PER_MINUTE: "1000000",
    EKM_MUTATIONS_PER_MINUTE: "1000000",
    EKM_INTROSPECTION: "true",
  });
  token = await gateway.issuer.token({ roles: ["SUPPORT"] });
});
afterAll(async () => {
  await gateway.close();
});

const documentRequest = (query: string): HostileRequest => ({ body: JSON.stringify({ query }) });
const CORPUS: readonly (readonly [string, HostileRequest])[] = [
  ...Object.entries(DOCUMENTS).map(([name, query]) => [name, documentRequest(query)] as const),
  ...Object.entries(REQUESTS),
];

async function send({ method = "POST", search = "", headers = {}, body }: HostileRequest) {
  const response = await fetch(`${gateway.url}/graphql${search}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      accept: "application/graphql-response+json",
      authorization: `Bearer ${token}`,
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  const answer = JSON.parse(text) as { errors?: { extensions: { code: string } }[]; data?: object | null };
  return { status: response.status, text, errors: answer.errors ?? [], given: Object.values(answer.data ?? {}) };
}

/** The middle of several tries, after one that warms up. */
async function cpuOf(request: HostileRequest): Promise<number> {
  await send(request);
  const spent: number[] = [];
  for (let n = 0; n < TRIES; n += 1) {
    const before = await gateway.cpuMs();
    await send(request);
    spent.push((await gateway.cpuMs()) - before);
  }
  return spent.sort((a, b) => a - b)[TRIES >> 1] as number;
}

describe("an attack by HTTP", { timeout: 60_000 }, () => {
  it.each(CORPUS)("with %s is refused, at little cost", async (_what, request) => {
    const { status, errors, given } = await send(request);
    const code = request.code ?? "BAD_USER_INPUT";
    expect(errors.length).toBeGreaterThan(0);
    expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(new Set([code]));
    // Where one field alone was refused, the answer is one of GraphQL.
    expect(given.filter((value) => value !== null)).toEqual([]);
    expect([200, 400, 401, 404, 405, 413, 415]).toContain(status);
    expect(await cpuOf(request)).toBeLessThanOrEqual(MOST_CPU_MS);
  });

  it("is told in few words, whatever it sent", async () => {
    for (const [what, request] of CORPUS) expect((await send(request)).text.length, what).toBeLessThan(16_000);
  });

  it("leaves nothing in memory, however often it comes", async () => {
    const round = async () => {
      for (const [, request] of CORPUS) await send(request);
    };
    for (let n = 0; n < 2; n += 1) await round();
    const before = await gateway.heapBytes();
    for (let n = 0; n < ROUNDS; n += 1) await round();
    expect((await gateway.heapBytes()) - before).toBeLessThan(MOST_GROWTH_BYTES);
    expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
  });
});
