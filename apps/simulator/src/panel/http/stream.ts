import type { ServerResponse } from "node:http";
import { HEADERS } from "./respond.js";

const KEEP_ALIVE_MS = 15_000;
/** A page that is this far behind is cut off: it connects again and gets the present. */
const MAX_BACKLOG_BYTES = 4 * 1024 * 1024;
const MAX_PAGES = 32;

/** Server-sent events to every page that is open. */
export interface Streams {
  /** False where too many are open. `first` is what a page gets at once. */
  open(response: ServerResponse, first: readonly StreamEvent[]): boolean;
  send(event: StreamEvent): void;
  readonly size: number;
  close(): void;
}

export interface StreamEvent {
  readonly name: "world" | "calls" | "product" | "run";
  readonly data: unknown;
}

export function createStreams(): Streams {
  const pages = new Set<ServerResponse>();
  const write = (page: ServerResponse, text: string): void => {
    page.write(text);
    if (page.writableLength > MAX_BACKLOG_BYTES) page.destroy();
  };
  const keepAlive = setInterval(() => {
    for (const page of pages) write(page, ": still here\n\n");
  }, KEEP_ALIVE_MS);
  keepAlive.unref();
  return {
    open(response, first) {
      if (pages.size >= MAX_PAGES) return false;
      response.writeHead(200, { ...HEADERS, "content-type": "text/event-stream" });
      response.once("close", () => pages.delete(response));
      pages.add(response);
      for (const event of first) write(response, textOf(event));
      return true;
    },
    send(event) {
      if (pages.size === 0) return;
      const text = textOf(event);
      for (const page of pages) write(page, text);
    },
    get size() {
      return pages.size;
    },
    close() {
      clearInterval(keepAlive);
      for (const page of pages) page.end();
    },
  };
}

const textOf = ({ name, data }: StreamEvent): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
