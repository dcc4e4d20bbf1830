import type { CallEvent, SimulatorControl } from "@ekm/mock-aws";

/** The calls that AWS did not answer well, from its own event log. */
export class RefusalLog {
  private readonly refused: CallEvent[] = [];
  private unsubscribe: (() => void) | undefined;

  /** `callerAccountId`: whose calls count. */
  constructor(private readonly callerAccountId: string) {}

  async open(control: SimulatorControl): Promise<void> {
    this.unsubscribe = await control.subscribe((event) => {
      if (event.kind === "call" && event.outcome !== "ok" && event.callerAccountId === this.callerAccountId)
        this.refused.push(event);
    });
  }

  close(): void {
    this.unsubscribe?.();
  }

  /** The first on that key at or after that time; undefined: none so far. */
  firstAfter(keyArn: string, fromMs: number): number | undefined {
    return this.refused
      .filter((event) => event.keyArn === keyArn)
      .map(({ at }) => Date.parse(at))
      .find((at) => at >= fromMs);
  }
}
