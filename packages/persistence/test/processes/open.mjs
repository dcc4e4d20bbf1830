import { open, say } from "./store.mjs";

const store = await open(process.argv[2]);
await store.close();
say({ opened: true });
