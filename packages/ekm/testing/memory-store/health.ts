import type { HealthRepository } from "../../src/ports/store.js";
import { byIdDescending, insertRow, ownedBy, pageOf } from "./rows.js";
import type { Tables } from "./state.js";

export const memoryHealth = ({ read, write }: Tables): HealthRepository => ({
  async current(accountId) {
    return read().health.get(accountId) ?? null;
  },
  async put(health) {
    const { health: current, healthHistory } = write();
    const latest = ownedBy(healthHistory, health.accountId).sort(byIdDescending)[0];
    if (!latest || latest.state !== health.state || latest.problem?.code !== health.problem?.code) {
      insertRow(healthHistory, health);
    }
    current.set(health.accountId, health);
  },
  async history(accountId, request) {
    return pageOf(ownedBy(read().healthHistory, accountId), request);
  },
});
