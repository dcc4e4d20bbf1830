import type { CallEvent, ChangeEvent, SimulatorControl } from "@ekm/mock-aws";

/** The product's calls, and what changed in AWS, from AWS's own event log. */
export class RefusalLog {
  private readonly calls: CallEvent[] = [];
  private readonly changes: ChangeEvent[] = [];
  private unsubscribe: (() => void) | undefined;

  /** `callerAccountId`: whose calls count. */
  constructor(private readonly callerAccountId: string) {}

  async open(control: SimulatorControl): Promise<void> {
    this.unsubscribe = await control.subscribe((event) => {
      if (event.kind === "change") this.changes.push(event);
      else if (event.callerAccountId === this.callerAccountId && event.keyArn !== null) this.calls.push(event);
    });
  }

  close(): void {
    this.unsubscribe?.();
  }

  /** The first on that key at or after that time; undefined: none so far. */
  firstAfter(keyArn: string, fromMs: number): number | undefined {
    return this.calls
      .filter((event) => event.keyArn === keyArn && event.outcome !== "ok")
      .map(({ at }) => Date.parse(at))
      .find((at) => at >= fromMs);
  }

  callsOn(keyArn: string): readonly CallEvent[] {
    return this.calls.filter((event) => event.keyArn === keyArn);
  }
  /** Of the key itself, of an AWS account, or of the faults in force. */
  changesOf(ids: readonly string[]): readonly ChangeEvent[] {
    return this.changes.filter(({ subject, id }) => subject === "faults" || (id !== null && ids.includes(id)));
  }
}
