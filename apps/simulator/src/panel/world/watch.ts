import type { SimulatorControl } from "@ekm/mock-aws";
import { type CallLog, createCallLog, type LogLine } from "../calls/call-log.js";
import { type Snapshot, takeSnapshot } from "./world.js";

const BATCH_MS = 100;

export interface Watch {
  readonly log: CallLog;
  readonly snapshot: Snapshot;
  /** Looks again: some changes come into sight without an event. */
  refresh(): Promise<void>;
  close(): void;
}

export interface Told {
  calls(lines: readonly LogLine[]): void;
  /** The simulated AWS may be another than it was. */
  world(): void;
}

/** Follows the simulated AWS of this process: what is called, and how it stands. Tells ten times a second at most. */
export async function watchSimulator(simulator: SimulatorControl, told: Told): Promise<Watch> {
  const log = createCallLog();
  let snapshot = await takeSnapshot(simulator);
  let waiting: LogLine[] = [];
  let timer: NodeJS.Timeout | undefined;
  let isChanged = false;

  const tell = (): void => {
    timer = undefined;
    const lines = waiting;
    waiting = [];
    if (lines.length > 0) told.calls(lines);
    if (isChanged) told.world();
    isChanged = false;
  };
  const schedule = (): void => {
    timer ??= setTimeout(tell, BATCH_MS);
  };
  const refresh = async (): Promise<void> => {
    snapshot = await takeSnapshot(simulator);
    isChanged = true;
    schedule();
  };
  const stop = await simulator.subscribe((event) => {
    waiting.push(log.add(event, snapshot));
    // Once whoever made the change is done with it, and before another call can be answered.
    if (event.kind === "change") queueMicrotask(() => void refresh());
    schedule();
  });
  return {
    log,
    get snapshot() {
      return snapshot;
    },
    refresh,
    close() {
      stop();
      clearTimeout(timer);
    },
  };
}
