import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, type Decision, type Exchange, effectNamed, type FaultCall, type Variation } from "@ekm/faults";
import type { OperationServices } from "../kms/operation.js";
import type { World } from "../world.js";
import { type AdmissionNotes, type Admitted, admit } from "./admit.js";
import { type Authorisation, authorise, authoriseAnywhere } from "./authorise.js";
import { AwsFault } from "./aws-fault.js";
import { createExchange, sendAnswer } from "./exchange.js";
import { readBody } from "./read-body.js";
import { createRequestIds } from "./request-ids.js";
import { SignatureVerifier } from "./sigv4/verify.js";
import { awsJson } from "./wire/aws-json.js";
import { awsQuery } from "./wire/aws-query.js";
import type { Wire } from "./wire/wire.js";
import { nameAnotherKey } from "./wrong-key.js";

const MAX_BODY_BYTES = 256 * 1024;
const NOBODY: Authorisation = { touched: null, keys: [] };

/** `POST /`: signature → identity → account status → key policy → faults → the operation, over the upstream. */
export function createAwsEndpoint(world: World): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const signatures = new SignatureVerifier();
  const nextRequestId = createRequestIds();
  return (request, response) => new AwsCall(world, signatures, nextRequestId(), request, response).answer();
}

/** One request, and what the event log is to say of it: as much as is known when it ends. */
class AwsCall {
  readonly #started = performance.now();
  readonly #headers: Readonly<Record<string, string>>;
  readonly #wire: Wire;
  readonly #notes: AdmissionNotes = { caller: null, region: null };
  #authorisation = NOBODY;
  #context: Readonly<Record<string, string>> | null = null;
  #operation = "";
  #decision: Decision | null = null;
  #outcome = "ok";

  constructor(
    private readonly world: World,
    private readonly signatures: SignatureVerifier,
    private readonly requestId: string,
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
  ) {
    this.#headers = flatHeaders(request);
    this.#wire = this.#headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ? awsQuery : awsJson;
  }

  async answer(): Promise<void> {
    const { world, response } = this;
    const body = await readBody(this.request, MAX_BODY_BYTES);
    if (body === null) {
      response.setHeader("connection", "close");
      return this.#refuse(new AwsFault("RequestEntityTooLargeException", "The request is too large.", 413));
    }
    this.#operation = this.#wire.operationOf(this.#headers, body) ?? "";
    const latencyMs = world.effects.latency ?? 0;
    if (latencyMs > 0 && !(await delay(latencyMs, response))) return this.#record("aborted", null);

    const admitted = this.#admit(body);
    if (admitted instanceof AwsFault) return this.#refuse(admitted);
    this.#context = admitted.bound.uses[0]?.context ?? null;
    const services = servicesFor(world, admitted);
    this.#authorisation = await judge(admitted, services, false);
    const { keys } = this.#authorisation;
    const denied = keys instanceof AwsFault ? keys : throttled(world, this.#operation, admitted, this.#authorisation);
    const call = faultCall(this.#wire.service, this.#operation, admitted, this.#authorisation);
    this.#decision = world.faults.decide(call, denied ? "stale" : undefined);
    if (denied && this.#decision === null) return this.#refuse(denied);
    if (this.#decision === null) return this.#send(await this.#proceed(admitted, services, {}));
    if (!(await delay(this.#decision.latencyMs, response))) return this.#record("aborted", null);
    await effectNamed(this.#decision.effect).apply(this.#decision, this.#exchange(admitted, services));
  }

  #admit(body: Buffer): Admitted | AwsFault {
    const [path = "/", query = ""] = this.request.url === "/" ? ["/"] : (this.request.url ?? "/").split("?", 2);
    const { accounts, clock } = this.world;
    const signable = { method: "POST", path, query, headers: this.#headers, body };
    return admit(signable, this.#operation, this.#wire, { accounts, clock, signatures: this.signatures }, this.#notes);
  }

  async #proceed(admitted: Admitted, services: OperationServices, variation: Variation): Promise<Answer> {
    // Judged again where time has passed or the view is another: a change in between must be seen.
    const judgeAgain = variation.stale === true || (this.#decision?.latencyMs ?? 0) > 0;
    const { keys } = judgeAgain ? await judge(admitted, services, variation.stale ?? false) : this.#authorisation;
    if (keys instanceof AwsFault) return this.#faultAnswer(keys);
    const result = await admitted.bound.run(keys, services);
    if (result instanceof AwsFault) return this.#faultAnswer(result);
    const output = variation.wrongKey ? nameAnotherKey(result.body) : result.body;
    const answer = this.#wire.answer(this.#operation, output, this.requestId);
    if (result.effectiveAt === undefined) return answer;
    const effectiveAt = new Date(result.effectiveAt).toISOString();
    return { ...answer, headers: { ...answer.headers, "x-simulator-effective-at": effectiveAt } };
  }

  #faultAnswer(fault: AwsFault): Answer {
    this.#outcome = fault.code;
    return this.#wire.fault(fault, this.requestId);
  }

  #refuse(fault: AwsFault): void {
    this.#send(this.#faultAnswer(fault));
  }

  #send(answer: Answer): void {
    this.#record(this.#outcome, answer.status);
    sendAnswer(this.response, answer);
  }

  /** As a fault's effect sees it. */
  #exchange(admitted: Admitted, services: OperationServices): Exchange {
    return createExchange(this.request, this.response, {
      proceed: (variation) => this.#proceed(admitted, services, variation),
      errorAnswer: (error) => this.#faultAnswer(new AwsFault(error.code, error.message ?? null, error.statusCode)),
      ended: (end, answer) => {
        const html = answer?.headers["content-type"]?.startsWith("text/html") === true;
        this.#record(end === "answered" ? (html ? "html" : this.#outcome) : end, answer?.status ?? null);
      },
    });
  }

  #record(outcome: string, status: number | null): void {
    const { caller, region } = this.#notes;
    const { touched } = this.#authorisation;
    const { events } = this.world;
    events.call({
      seq: events.nextSeq(),
      at: events.at(),
      kind: "call",
      requestId: this.requestId,
      service: this.#wire.service,
      operation: this.#operation,
      region,
      callerAccountId: caller?.account.id ?? null,
      callerArn: caller?.arn ?? null,
      keyArn: touched?.arn ?? null,
      ownerAccountId: touched?.accountId ?? null,
      encryptionContext: this.#context,
      outcome,
      status,
      rule: this.#decision?.rule ?? null,
      durationMs: Math.round((performance.now() - this.#started) * 1000) / 1000,
    });
  }
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
function judge(
  { caller, region, bound }: Admitted,
  services: OperationServices,
  stale: boolean,
): Authorisation | Promise<Authorisation> {
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
  const cookies = headers["set-cookie"];
  const flat = cookies === undefined ? headers : { ...headers, "set-cookie": cookies.join(",") };
  return flat as Readonly<Record<string, string>>;
}
