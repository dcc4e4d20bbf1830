// Told to start, opens the store.
import { once } from "node:events";
import { open, say } from "./store.mjs";

say({ ready: true });
await once(process.stdin, "data");
process.stdin.destroy();
const store = await open(process.argv[2]);
await store.close();
say({ opened: true });
