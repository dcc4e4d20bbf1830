import { createReadStream } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import type { MockAws, Pages } from "@ekm/mock-aws";
import { z } from "zod";
import { ProductUnreachable } from "../product/graphql.js";
import { act } from "./acts/act.js";
import { perform } from "./acts/perform.js";
import type { Place } from "./acts/place.js";
import { Refused } from "./acts/refused.js";
import { createRuns, REPORTS, type RunsOptions } from "./experiments/runs.js";
import { loadAssets, sendAsset } from "./http/assets.js";
import { refusal } from "./http/guard.js";
import { HEADERS, readJson, sendJson } from "./http/respond.js";
import { createStreams, type StreamEvent } from "./http/stream.js";
import { actOnProduct, productAct } from "./product/acts.js";
import { accountsUnder, type ProductDoor, vendorOf } from "./product/look.js";
import { watchProduct } from "./product/watch-product.js";
import { watchSimulator } from "./world/watch.js";
import { viewOf } from "./world/world.js";

export interface PanelOptions {
  readonly aws: Pick<MockAws, "url" | "simulator">;
  /** The product beside it; absent: AWS alone. */
  readonly product?: ProductDoor;
  readonly experiments: Omit<RunsOptions, "told">;
}

export interface Panel {
  readonly pages: Pages;
  readonly url: string;
  /** Ends what runs. */
  close(): Promise<void>;
}

type Handler = (request: IncomingMessage, response: ServerResponse, path: string) => Promise<void>;

/** Pages that are there once `open` has made them: the port is served before everything that they show is. */
export function pagesToCome(): { readonly pages: Pages; open(panel: Panel): void } {
  let panel: Panel | undefined;
  return {
    pages: async (request, response) => (await panel?.pages(request, response)) ?? false,
    open(made) {
      panel = made;
    },
  };
}

/** The panel on the simulator's port: `/`, and everything below `/_panel/`. */
export async function createPanel({ aws, product, experiments }: PanelOptions): Promise<Panel> {
  const assets = await loadAssets();
  const streams = createStreams();
  const runs = createRuns({ ...experiments, told: () => streams.send(runEvent()) });
  const watch = await watchSimulator(aws.simulator, {
    calls: (lines) => streams.send({ name: "calls", data: lines }),
    world: () => streams.send(worldEvent()),
  });
  const seen = product && watchProduct(product, () => streams.size > 0, tellProduct);
  const accounts = () => seen?.seen ?? [];
  const vendor = () => vendorOf(accounts());
  const place: Place = {
    endpoint: aws.url,
    simulator: aws.simulator,
    policies: new Map(),
    vendor,
    accountsUnder: (arn) => accountsUnder(arn, accounts()),
  };

  const worldEvent = (): StreamEvent => ({ name: "world", data: viewOf(watch.snapshot, vendor()) });
  const productEvent = (): StreamEvent => ({
    name: "product",
    data: { isThere: product !== undefined, error: seen?.error ?? null, accounts: accounts() },
  });
  const runEvent = (): StreamEvent => ({ name: "run", data: runs.current });
  /** Who the vendor is decides what the world looks like. */
  function tellProduct(): void {
    streams.send(productEvent());
    streams.send(worldEvent());
  }

  /** The product looks at once, instead of at its next probe. It may refuse: then it sees it when it does. */
  async function letProductLook(keys: readonly string[]): Promise<void> {
    if (!product) return;
    const ids = new Set(keys.flatMap((arn) => place.accountsUnder(arn)));
    for (const accountId of ids) await actOnProduct(product, accounts(), { do: "check", accountId }).catch(ignoreRefusal);
    await seen?.look();
  }

  const changes: Readonly<Record<string, (body: unknown) => Promise<string>>> = {
    "/_panel/act": async (body) => {
      const wanted = read(act, body);
      const { said, keys } = await perform(place, wanted);
      void letProductLook(keys).catch(console.error);
      return said;
    },
    "/_panel/product": async (body) => {
      const wanted = read(productAct, body);
      if (!product) throw new Refused("No product is shown here.");
      const said = await actOnProduct(product, accounts(), wanted);
      void seen?.look().catch(console.error);
      return said;
    },
    "/_panel/run": async (body) => {
      const { name } = read(z.strictObject({ name: z.string().max(100) }), body);
      const run = await runs.start(name);
      return `${run.name} is running on a stack of its own.`;
    },
    "/_panel/stop": async () => {
      runs.stop();
      return "The experiment is interrupted; what it has broken is put back.";
    },
  };

  const reads: Readonly<Record<string, Handler>> = {
    "/_panel/experiments": async (_, response) => sendJson(response, 200, await runs.list()),
    "/_panel/stream": async (_, response) => {
      await watch.refresh();
      const first = [worldEvent(), productEvent(), { name: "calls", data: watch.log.lines } as const, runEvent()];
      if (!streams.open(response, first)) sendJson(response, 503, { message: "too many pages are open" });
      else void seen?.look().catch(console.error);
    },
  };

  async function dispatch(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const refused = refusal(request);
    if (refused !== undefined) return sendJson(response, 403, { message: refused });
    const { method = "GET" } = request;
    const change = Object.hasOwn(changes, path) ? changes[path] : undefined;
    if (change) {
      if (method !== "POST") return sendJson(response, 405, { message: "a change is a POST" });
      return sendJson(response, 200, { said: await change(await readJson(request)) });
    }
    if (method !== "GET" && method !== "HEAD") return sendJson(response, 405, { message: "this is only read" });
    const asset = assets.get(path);
    if (asset) return sendAsset(response, asset);
    const reader = Object.hasOwn(reads, path) ? reads[path] : undefined;
    if (reader) return reader(request, response, path);
    if (path.startsWith(REPORT)) return sendReport(response, path.slice(REPORT.length));
    return sendJson(response, 404, { message: "there is nothing here" });
  }

  /** A report of the last run. It brings its own style and runs nothing, so it has a policy of its own. */
  async function sendReport(response: ServerResponse, name: string): Promise<void> {
    const report = REPORTS.find((one) => one === name);
    const run = runs.current;
    if (!report || !run?.result) return sendJson(response, 404, { message: "there is no such report" });
    const type = report.endsWith("html") ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
    const policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
    response.writeHead(200, { ...HEADERS, "content-type": type, "content-security-policy": policy });
    createReadStream(join(run.directory, report))
      .on("error", () => response.destroy())
      .pipe(response);
  }

  // Who the vendor is and which accounts use which key is known before a page is open.
  void seen?.look().catch(console.error);
  return {
    url: new URL("/", aws.url).href,
    async pages(request, response) {
      const { pathname } = new URL(request.url ?? "/", "http://panel");
      if (pathname !== "/" && !pathname.startsWith("/_panel/")) return false;
      try {
        await dispatch(request, response, pathname);
      } catch (error) {
        if (!isForPeople(error)) throw error;
        sendJson(response, 409, { message: error.message });
      }
      return true;
    },
    async close() {
      seen?.close();
      watch.close();
      streams.close();
      await runs.close();
    },
  };
}

const REPORT = "/_panel/report/";

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new Refused(parsed.error.issues.map(({ path, message }) => `${path.join(".") || "body"}: ${message}`).join("; "));
}

const isForPeople = (error: unknown): error is Error => error instanceof Refused || error instanceof ProductUnreachable;

function ignoreRefusal(error: unknown): void {
  if (!isForPeople(error)) throw error;
}
