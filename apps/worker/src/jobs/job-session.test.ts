import type { Clock, Job, JobProgress } from "@ekm/ekm";
import { describe, expect, it, vi } from "vitest";
import { JobSession } from "./job-session.js";

const job: Job = { id: "job_1", kind: "BACKUP", accountId: "acc_1", subjectId: "bkp_1", fence: 7, attempts: 1 };

/** A clock whose sleeps end when the test says so. */
function steppedClock() {
  const waiting: (() => void)[] = [];
  const clock: Clock = {
    now: () => new Date(0),
    monotonicMs: () => 0,
    sleep: (_ms, signal) =>
      new Promise((resolve) => {
        waiting.push(resolve);
        signal?.addEventListener("abort", () => resolve(), { once: true });
      }),
  };
  return {
    clock,
    async step() {
      await vi.waitFor(() => expect(waiting.length).toBeGreaterThan(0));
      waiting.shift()?.();
    },
  };
}

function session(answers: ("go-on" | "cancel" | "fence-lost" | Error)[], shutdown = new AbortController()) {
  const { clock, step } = steppedClock();
  const beats: JobProgress[] = [];
  const errors: unknown[] = [];
  const heartbeat = async (_job: Job, progress: JobProgress) => {
    beats.push(progress);
    const answer = answers[Math.min(beats.length, answers.length) - 1] ?? "go-on";
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const made = new JobSession(job, { heartbeat }, clock, 250, (error) => errors.push(error), shutdown.signal);
  return { made, step, beats, errors, shutdown };
}

describe("a job's session", () => {
  it("writes the latest progress at each beat", async () => {
    const { made, step, beats } = session(["go-on"]);
    made.control.progress({ bytesDone: 1n, itemsDone: 0n });
    made.control.progress({ bytesDone: 2n, itemsDone: 1n });
    await step();
    await vi.waitFor(() => expect(beats).toEqual([{ bytesDone: 2n, itemsDone: 1n }]));
    await made.end();
    expect(made.stop).toBeUndefined();
  });

  it.each([
    ["cancel", "cancelled"],
    ["fence-lost", "fence-lost"],
  ] as const)("turns the answer %s into the stop %s", async (answer, stop) => {
    const { made, step } = session(["go-on", answer]);
    await step();
    await step();
    await vi.waitFor(() => expect(made.stop).toBe(stop));
    expect(made.control.signal.aborted).toBe(true);
    await made.end();
  });

  it("goes on beating when a beat fails: the job's lease decides, not one lost write", async () => {
    const { made, step, beats, errors } = session([new Error("database is locked"), "go-on"]);
    await step();
    await step();
    await vi.waitFor(() => expect(beats).toHaveLength(2));
    expect(errors).toHaveLength(1);
    expect(made.stop).toBeUndefined();
    await made.end();
  });

  it("stops for a shutdown, also one that came before it began", async () => {
    const shutdown = new AbortController();
    const first = session(["go-on"], shutdown);
    shutdown.abort();
    expect(first.made.stop).toBe("shutting-down");
    await first.made.end();
    const late = session(["go-on"], shutdown);
    expect(late.made.stop).toBe("shutting-down");
    await late.made.end();
  });

  it("keeps the first reason", async () => {
    const { made, step, shutdown } = session(["cancel"]);
    await step();
    await vi.waitFor(() => expect(made.stop).toBe("cancelled"));
    shutdown.abort();
    expect(made.stop).toBe("cancelled");
    await made.end();
  });
});
