import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, type Decision, type Exchange, effectNamed, type FaultCall, type Variation } from "@ekm/faults";
import type { OperationServices } from "../kms/operation.js";
import type { World } from "../world.js";
import { type AdmissionNotes, type Admitted, admit } from "./admit.js";
import { type Authorisation, authorise, authoriseAnywhere } from "./authorise.js";
import { AwsFault } from "./aws-fault.js";
import { createExchange } from "./exchange.js";
import { readBody } from "./read-body.js";
import { SignatureVerifier } from "./sigv4/verify.js";
import { awsJson } from "./wire/aws-json.js";
import { awsQuery } from "./wire/aws-query.js";
import { nameAnotherKey } from "./wrong-key.js";

const MAX_BODY_BYTES = 256 * 1024;

/** `POST /`: signature → identity → account status → key policy → faults → the operation, over the upstream. */
export function createAwsEndpoint(world: World): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const signatures = new SignatureVerifier();

  return async (request, response) => {
    const started = performance.now();
    const requestId = randomUUID();
    const headers = flatHeaders(request);
    const wire = headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ? awsQuery : awsJson;
    const notes: AdmissionNotes = { caller: null, region: null };
    let authorisation: Authorisation = { touched: null, keys: [] };
    let context: Readonly<Record<string, string>> | undefined;
    let operation = "";
    let decision: Decision | null = null;
    let outcome = "ok";

    const record = (finalOutcome: string, status: number | null): void =>
      world.events.call({
        requestId,
        service: wire.service,
        operation,
        region: notes.region,
        callerAccountId: notes.caller?.account.id ?? null,
        callerArn: notes.caller?.arn ?? null,
        keyArn: authorisation.touched?.arn ?? null,
        ownerAccountId: authorisation.touched?.accountId ?? null,
        encryptionContext: context ?? null,
        outcome: finalOutcome,
        status,
        rule: decision?.rule ?? null,
        durationMs: Math.round((performance.now() - started) * 1000) / 1000,
      });

    const faultAnswer = (fault: AwsFault): Answer => {
      outcome = fault.code;
      return wire.fault(fault, requestId);
    };

    const exchangeFor = (proceed: (variation: Variation) => Promise<Answer>): Exchange =>
      createExchange(request, response, {
        proceed,
        errorAnswer: (error) => faultAnswer(new AwsFault(error.code, error.message ?? null, error.statusCode)),
        ended(end, answer) {
          const html = answer?.headers["content-type"]?.startsWith("text/html") === true;
          record(end === "answered" ? (html ? "html" : outcome) : end, answer?.status ?? null);
        },
      });

    const refuse = (fault: AwsFault): void => exchangeFor(async () => faultAnswer(fault)).send(faultAnswer(fault));

    const body = await readBody(request, MAX_BODY_BYTES);
    if (body === null) {
      response.setHeader("connection", "close");
      refuse(new AwsFault("RequestEntityTooLargeException", "The request is too large.", 413));
      return;
    }
    operation = wire.operationOf(headers, body) ?? "";
    const latencyMs = world.effects.latency ?? 0;
    if (latencyMs > 0 && !(await delay(latencyMs, response))) return record("aborted", null);

    const [path = "/", query = ""] = (request.url ?? "/").split("?", 2);
    const admitted = admit(
      { method: "POST", path, query, headers, body },
      wire,
      { accounts: world.accounts, clock: world.clock, signatures },
      notes,
    );
    if (admitted instanceof AwsFault) return refuse(admitted);

    const services = servicesFor(world, admitted);
    const { uses } = admitted.bound;
    context = uses[0]?.context;
    const judge = (stale: boolean): Promise<Authorisation> => judgeCall(admitted, services, stale);
    authorisation = await judge(false);
    const denied =
      authorisation.keys instanceof AwsFault ? authorisation.keys : throttled(world, operation, admitted, authorisation);
    decision = world.faults.decide(faultCall(wire.service, operation, admitted, authorisation), denied ? "stale" : undefined);
    if (denied && decision === null) return refuse(denied);

    const proceed = async (variation: Variation): Promise<Answer> => {
      // Judged again where time has passed or the view is another: a change in between must be seen.
      const judgeAgain = variation.stale === true || (decision?.latencyMs ?? 0) > 0;
      const { keys } = judgeAgain ? await judge(variation.stale ?? false) : authorisation;
      if (keys instanceof AwsFault) return faultAnswer(keys);
      const result = await admitted.bound.run(keys, services);
      if (result instanceof AwsFault) return faultAnswer(result);
      const output = variation.wrongKey ? nameAnotherKey(result.body) : result.body;
      const answer = wire.answer(operation, output, requestId);
      if (result.effectiveAt === undefined) return answer;
      const effectiveAt = new Date(result.effectiveAt).toISOString();
      return { ...answer, headers: { ...answer.headers, "x-simulator-effective-at": effectiveAt } };
    };

    const exchange = exchangeFor(proceed);
    if (decision === null) return exchange.send(await proceed({}));
    if (!(await delay(decision.latencyMs, response))) return record("aborted", null);
    await effectNamed(decision.effect).apply(decision, exchange);
  };
}

/** False where the caller went away first. */
async function delay(ms: number, response: ServerResponse): Promise<boolean> {
  if (ms <= 0) return true;
  const gone = new AbortController();
  const onClose = (): void => gone.abort();
  response.once("close", onClose);
  try {
    await sleep(ms, undefined, { signal: gone.signal });
    return true;
  } catch {
    return false;
  } finally {
    response.off("close", onClose);
  }
}

/** Identity policies first, where the operation needs something beside keys; then each key's policy. */
async function judgeCall(
  { caller, region, bound }: Admitted,
  services: OperationServices,
  stale: boolean,
): Promise<Authorisation> {
  const refused = authoriseAnywhere(bound.permissions({ accountId: caller.account.id, region }), services);
  return refused ? { touched: null, keys: refused } : authorise(bound.uses, services, { stale });
}

/** Of the caller's quota, and of the custom key store's. */
function throttled(world: World, operation: string, { caller, region }: Admitted, { touched }: Authorisation): AwsFault | null {
  const store = touched?.customKeyStoreId ?? null;
  return (
    world.quotas.take(caller.account.id, region, operation) ??
    (store === null ? null : world.quotas.takeOfStore(store, operation))
  );
}

function servicesFor(world: World, { caller, region }: Admitted): OperationServices {
  const { accounts, keys, aliases, grants, stores, imports, upstream, clock, events, ids } = world;
  return { caller, region, accounts, keys, aliases, grants, stores, imports, upstream, clock, events, ids };
}

function faultCall(service: string, operation: string, { caller, region }: Admitted, { touched }: Authorisation): FaultCall {
  return {
    service,
    operation,
    region,
    callerAccountId: caller.account.id,
    keyArn: touched?.arn,
    accountId: touched?.accountId,
  };
}

/** node:http makes a list of one header alone. */
function flatHeaders({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  const { "set-cookie": cookies, ...others } = headers;
  return { ...others, ...(cookies === undefined ? {} : { "set-cookie": cookies.join(",") }) } as Record<string, string>;
}
