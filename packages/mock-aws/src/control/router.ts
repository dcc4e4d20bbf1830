import type { IncomingMessage, ServerResponse } from "node:http";
import { readBody } from "../front/read-body.js";
import { account } from "./account.js";
import { accountStatus } from "./account-status.js";
import { accounts } from "./accounts.js";
import { chaosEffects } from "./chaos-effects.js";
import { chaosFaults } from "./chaos-faults.js";
import { clock } from "./clock.js";
import { cloudTrail } from "./cloud-trail.js";
import { events } from "./events.js";
import { grants } from "./grants.js";
import { health } from "./health.js";
import { home } from "./home.js";
import { ControlError, type SimulatorControl } from "./interface.js";
import { keyState } from "./key-state.js";
import { keys } from "./keys.js";
import { principal } from "./principal.js";
import { quotas } from "./quotas.js";
import { reset } from "./reset.js";
import { type ControlRoute, type Handler, RawResponse } from "./route.js";

const ROUTES = [
  account,
  accountStatus,
  accounts,
  chaosEffects,
  chaosFaults,
  clock,
  cloudTrail,
  events,
  grants,
  health,
  home,
  keyState,
  keys,
  principal,
  quotas,
  reset,
].map((route) => ({
  route,
  pattern: new RegExp(`^${route.path.replace("{id}", "(?<id>[^/]+)").replace("{name}", "(?<name>.+)")}$`),
}));

const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** What the control interface is about, and what else can be read there. */
export interface Controlled {
  readonly simulator: SimulatorControl;
  /** By path; what `GET` answers as JSON. */
  readonly views: Readonly<Record<string, () => Promise<unknown>>>;
}

/** Everything on the port but `POST /`. An error is `{"message": ...}` with status 400, 403, 404, 405, 409 or 413. */
export async function answerControl(controlled: Controlled, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const answer = await dispatch(controlled, request);
    if (answer instanceof RawResponse) answer.write(response);
    else sendJson(response, 200, answer);
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    if (error.status === 413) response.setHeader("connection", "close");
    sendJson(response, error.status, { message: error.message });
  }
}

async function dispatch({ simulator, views }: Controlled, request: IncomingMessage): Promise<unknown> {
  const url = new URL(request.url ?? "/", "http://simulator");
  const { route, id, name } = Object.hasOwn(views, url.pathname) ? viewAt(url.pathname, views) : find(url.pathname);
  const handler = methodOf(route, request.method ?? "GET");
  if (request.method !== "GET") refuseForeignPages(request);
  return handler({ simulator, id, name, query: url.searchParams, headers: request.headers, body: await readJson(request) });
}

interface Found {
  readonly route: ControlRoute;
  readonly id: string;
  readonly name: string;
}

function viewAt(path: string, views: Controlled["views"]): Found {
  return { route: { path, methods: { GET: async () => views[path]?.() } }, id: "", name: "" };
}

function find(path: string): Found {
  for (const { route, pattern } of ROUTES) {
    const match = pattern.exec(path);
    if (match) return { route, id: decode(match.groups?.["id"] ?? ""), name: decode(match.groups?.["name"] ?? "") };
  }
  throw new ControlError(404, `there is nothing at ${path.slice(0, 200)}`);
}

function methodOf(route: ControlRoute, method: string): Handler {
  const handler = Object.hasOwn(route.methods, method) ? route.methods[method as keyof ControlRoute["methods"]] : undefined;
  if (!handler) throw new ControlError(405, `${route.path} takes ${Object.keys(route.methods).join(", ")}`);
  return handler;
}

const THIS_MACHINE = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/**
 * A page of another site that is open in the developer's browser must not steer the simulator; nor one whose name was made to
 * point at this machine.
 */
function refuseForeignPages(request: IncomingMessage): void {
  const { origin, host } = request.headers;
  if (origin !== undefined && (origin !== `http://${host}` || !THIS_MACHINE.test(origin)))
    throw new ControlError(403, "a page of another origin may not do this");
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request, MAX_BODY_BYTES);
  if (body === null) throw new ControlError(413, "the body is too large");
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new ControlError(400, "the body is not valid JSON");
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ControlError(400, "the path is not valid");
  }
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(value));
}
