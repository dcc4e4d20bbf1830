import type { Stack } from "../../stack/stack.js";

/** Ends the process if it runs, and starts it; resolves once it serves. The gateway keeps its port: its address is known by now. */
export async function restartProcess(stack: Stack, name: "worker" | "gateway"): Promise<void> {
  const process = stack[name];
  await process.terminate();
  await process.start(name === "gateway" ? { EKM_PORT: new URL(stack.gatewayUrl).port } : {});
}
