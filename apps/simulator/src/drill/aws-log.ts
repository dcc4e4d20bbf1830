import type { SimulatorControl, SimulatorEvent } from "@ekm/mock-aws";

/** What AWS itself saw of one key since the log was opened. Only a simulated AWS can be asked; times are milliseconds since 1970. */
export interface AwsLog {
  /** When the key became `state`, for whoever calls it, at or after that time. */
  becameAt(state: "Enabled" | "Disabled", fromMs: number): number | undefined;
  /** The vendor's first call on the key that was refused at or after that time. */
  firstRefusalAfter(fromMs: number): number | undefined;
  close(): void;
}

export async function openAwsLog(control: SimulatorControl, keyArn: string, vendorAwsAccountId: string): Promise<AwsLog> {
  const changes: { readonly state: string | null; readonly at: number }[] = [];
  const refusals: number[] = [];
  const record = (event: SimulatorEvent): void => {
    if (event.kind === "change" && event.id === keyArn) changes.push({ state: event.state, at: Date.parse(event.effectiveAt) });
    else if (
      event.kind === "call" &&
      event.keyArn === keyArn &&
      event.outcome !== "ok" &&
      event.callerAccountId === vendorAwsAccountId
    )
      refusals.push(Date.parse(event.at));
  };
  const close = await control.subscribe(record);
  return {
    becameAt: (state, fromMs) => changes.find((change) => change.state === state && change.at >= fromMs)?.at,
    firstRefusalAfter: (fromMs) => refusals.find((at) => at >= fromMs),
    close,
  };
}
