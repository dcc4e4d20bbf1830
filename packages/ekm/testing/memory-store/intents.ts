import type { IntentRepository } from "../../src/ports/intent-store.js";
import { insertRow } from "./rows.js";
import type { Tables } from "./state.js";

export const memoryIntents = ({ read, write }: Tables): IntentRepository => ({
  async insert(intent) {
    insertRow(write().intents, intent);
  },
  async finish(id, at, outcome, awsRequestIds) {
    const intent = read().intents.get(id);
    if (intent && intent.finishedAt === undefined) {
      write().intents.set(id, { ...intent, finishedAt: at, outcome, awsRequestIds });
    }
  },
  async unfinished(before, limit) {
    return [...read().intents.values()]
      .filter((intent) => intent.finishedAt === undefined && intent.at < before)
      .sort((a, b) => a.at.getTime() - b.at.getTime() || (a.id < b.id ? -1 : 1))
      .slice(0, limit);
  },
});
