import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type OpenAccount, type OpenAccountOptions, openAccount } from "./client/open-account.js";
import { createSimulatorControl } from "./control/in-process.js";
import type { SimulatorControl } from "./control/interface.js";
import { createFrontServer, type Pages } from "./front/http-server.js";
import { keepState } from "./state/state-file.js";
import { createWorld } from "./world.js";

export interface MockAwsOptions {
  /** TCP port; 0 (default) takes a free one. */
  readonly port?: number;
  /** Where to listen; default 127.0.0.1. */
  readonly host?: string;
  /** Fixes fault decisions, key ids and account ids; default random. */
  readonly seed?: string | number;
  /** `embedded` (default), or the URL of a LocalStack. */
  readonly upstream?: string;
  /** A JSON file that is loaded at the start and keeps the state. It holds key material and secrets: test data only. */
  readonly stateFile?: string;
  /** How long a caller may take to send a request, milliseconds; default 30,000. Then the connection is closed. */
  readonly requestTimeoutMs?: number;
  /** What else can be read on the port, by path: `GET` answers the value as JSON. For what this package knows nothing of. */
  readonly views?: Readonly<Record<string, () => Promise<unknown>>>;
  /** Pages of somebody else's on the port. */
  readonly pages?: Pages;
  /** The real clock; signature dates are always checked against the system's. */
  readonly clock?: { now(): Date };
}

export interface MockAws {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  readonly simulator: SimulatorControl;
  /** An account that is there from now on, and what its principal can do. */
  openAccount(name: string, options?: OpenAccountOptions): Promise<OpenAccount>;
  /** Breaks open connections, writes the state file. Idempotent. */
  close(): Promise<void>;
}

/** A simulated AWS of its own: many can run in one process. Rejects where it cannot listen or read its state file. */
export async function startMockAws(options: MockAwsOptions = {}): Promise<MockAws> {
  const { port = 0, host = "127.0.0.1", stateFile, requestTimeoutMs = 30_000, views = {}, pages } = options;
  const world = createWorld(options);
  const state = stateFile === undefined ? null : await keepState(world, stateFile);
  const simulator = createSimulatorControl(world);
  const server = createFrontServer(world, { simulator, views }, requestTimeoutMs, pages);
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address() as AddressInfo;

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
    world.upstream.close();
    await state?.close();
  };
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`;
  return {
    url,
    port: address.port,
    simulator,
    openAccount: (name, options) => openAccount({ url, simulator }, name, options),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}
