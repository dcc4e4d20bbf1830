import { createFakeClock, createMemoryStore, createSequentialIds, storeContract } from "../testing/index.js";

storeContract("in memory", async () => {
  const store = createMemoryStore({ clock: createFakeClock(), ids: createSequentialIds() });
  return { store, cleanup: () => store.close() };
});
