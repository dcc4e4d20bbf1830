import type { IncomingMessage, ServerResponse } from "node:http";
import type { SimulatorControl } from "./interface.js";

export interface ControlRequest {
  readonly simulator: SimulatorControl;
  /** What stands for `{id}` in the path, decoded. */
  readonly id: string;
  /** What stands for `{name}`. */
  readonly name: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  /** The JSON body; undefined where there is none. */
  readonly body: unknown;
}

/** One path. A handler answers a value for JSON, or takes the response over. */
export interface ControlRoute {
  /** `/_simulator/keys/{id}/state` */
  readonly path: string;
  readonly methods: Readonly<Partial<Record<"GET" | "POST" | "PUT" | "PATCH" | "DELETE", Handler>>>;
}

export type Handler = (request: ControlRequest) => Promise<unknown>;

/** A handler's value that writes the response itself. */
export class RawResponse {
  constructor(readonly write: (response: ServerResponse) => void) {}
}
