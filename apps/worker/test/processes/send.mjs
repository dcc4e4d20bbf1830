// Sends one message to the URL of each argument, as a worker's process would, and prints what came of it.
import { resolveBySystem } from "../../dist/webhooks/checked-addresses.js";
import { createHttpSender } from "../../dist/webhooks/http-sender.js";

const sender = createHttpSender({ timeoutMs: 5_000, allowInsecure: true, resolve: resolveBySystem });
for (const url of process.argv.slice(2)) {
  const result = await sender.send({ url, headers: { "webhook-id": "evt_1" }, body: "{}" }, new AbortController().signal);
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
