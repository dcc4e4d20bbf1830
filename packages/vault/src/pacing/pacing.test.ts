import { GateClosedError } from "@ekm/crypto-core";
import { describe, expect, it } from "vitest";
import { createFakeClock } from "../../testing/test-clock.js";
import { StopError } from "../faults/vault-error.js";
import { createPacer } from "./pacer.js";
import { passGate, stoppableGate } from "./stoppable-gate.js";

describe("createPacer", () => {
  const { signal } = new AbortController();

  it("lets the first bytes go at once and the next when they are paid for", async () => {
    const clock = createFakeClock();
    const pacer = createPacer(clock, 1000n, signal, async () => {});
    await pacer.ready();
    expect(clock.elapsedMs).toBe(0);
    pacer.charge(500);
    pacer.charge(250);
    await pacer.ready();
    expect(clock.elapsedMs).toBe(750);
  });

  it("gives no credit for time in which nothing flowed", async () => {
    const clock = createFakeClock();
    const pacer = createPacer(clock, 1000n, signal, async () => {});
    await clock.sleep(60_000);
    pacer.charge(1000);
    await pacer.ready();
    expect(clock.elapsedMs).toBe(61_000);
  });

  it("asks its check before it waits, and at least ten times a second while it does", async () => {
    const clock = createFakeClock();
    const at: number[] = [];
    const pacer = createPacer(clock, 1n, signal, async () => {
      at.push(clock.elapsedMs);
      if (clock.elapsedMs >= 1000) throw new Error("stopped");
    });
    pacer.charge(3600);
    await expect(pacer.ready()).rejects.toThrow("stopped");
    expect(at).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
  });

  it("still asks when there is no bound", async () => {
    const pacer = createPacer(createFakeClock(), undefined, signal, async () => {
      throw new Error("asked");
    });
    await expect(pacer.ready()).rejects.toThrow("asked");
  });
});

describe("stoppableGate", () => {
  it("is closed by the stop, also for who waits already, and leaves no listener behind", async () => {
    const stop = new AbortController();
    const gate = stoppableGate({ isOpen: () => false, waitUntilOpen: () => new Promise(() => {}) }, stop.signal);
    const waiting = passGate(gate);
    stop.abort("fence-lost");
    await expect(waiting).rejects.toEqual(new StopError("fence-lost"));
    await expect(passGate(gate)).rejects.toBeInstanceOf(StopError);
    expect(stoppableGate({ isOpen: () => true, waitUntilOpen: async () => {} }, stop.signal).isOpen()).toBe(false);
  });

  it("hands on the gate's own end", async () => {
    const closed = new GateClosedError("revoked");
    const gate = stoppableGate(
      { isOpen: () => false, waitUntilOpen: () => Promise.reject(closed) },
      new AbortController().signal,
    );
    await expect(passGate(gate)).rejects.toBe(closed);
  });

  it("asks again after a wait: open for a moment is not open", async () => {
    const answers = [false, false, true];
    let waits = 0;
    await passGate({
      isOpen: () => answers.shift() ?? true,
      waitUntilOpen: async () => {
        waits++;
      },
    });
    expect(waits).toBe(2);
  });
});
