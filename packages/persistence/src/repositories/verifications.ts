import type { VerificationRepository } from "@ekm/ekm";
import type { EntityManager } from "typeorm";
import { toVerification, toVerificationRow } from "../mappers/verification.js";
import { VerificationRows } from "../rows/verification.js";
import { cancellable, saveFenced } from "./job-rows.js";

export const verificationRepository = (manager: EntityManager): VerificationRepository => ({
  async byId(id) {
    const row = await manager.findOneBy(VerificationRows, { id });
    return row && toVerification(row);
  },
  async insert(verification) {
    await manager.insert(VerificationRows, toVerificationRow(verification));
  },
  async saveFenced(verification, job) {
    return saveFenced(manager, VerificationRows, toVerificationRow(verification), job);
  },
  ...cancellable(manager, VerificationRows),
});
