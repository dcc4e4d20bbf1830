import { ControlError, type SimulatorEvent } from "./interface.js";
import { type ControlRequest, type ControlRoute, RawResponse } from "./route.js";

const KEEP_ALIVE_MS = 15_000;
/** A reader that is this far behind is cut off: it can come back with `since`. */
const MAX_BACKLOG_BYTES = 32 * 1024 * 1024;

/** Server-sent events; `?since=N` (or Last-Event-ID) first replays what is kept after event N. */
export const events: ControlRoute = {
  path: "/_simulator/events",
  methods: { GET: async (request) => stream(request) },
};

function stream({ simulator, query, headers }: ControlRequest): RawResponse {
  const since = startOf(query.get("since") ?? headers["last-event-id"]);
  return new RawResponse((response) => {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write(": simulator events\n\n");
    const send = (event: SimulatorEvent): void => {
      response.write(`id: ${event.seq}\nevent: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`);
      if (response.writableLength > MAX_BACKLOG_BYTES) response.destroy();
    };
    const keepAlive = setInterval(() => response.write(": still here\n\n"), KEEP_ALIVE_MS);
    const subscribed = simulator.subscribe(send, since === undefined ? {} : { since });
    response.once("close", async () => {
      clearInterval(keepAlive);
      (await subscribed)();
    });
  });
}

function startOf(text: string | string[] | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  const since = Number(text);
  if (!Number.isSafeInteger(since) || since < 0) throw new ControlError(400, "since must be an event's number");
  return since;
}
