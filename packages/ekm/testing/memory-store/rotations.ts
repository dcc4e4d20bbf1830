import type { RotationRepository } from "../../src/ports/rotation-store.js";
import { StoreError } from "../../src/ports/store.js";
import { isActive, type KeyRotation } from "../../src/rotation/rotation.js";
import { isHeld } from "./jobs.js";
import { insertRow, ownedBy, pageOf } from "./rows.js";
import type { Tables } from "./state.js";

export function memoryRotations(tables: Tables): RotationRepository {
  const { read, write } = tables;
  const refuseSecondActive = (rotation: KeyRotation) => {
    const others = ownedBy(read().rotations, rotation.accountId).filter((other) => other.id !== rotation.id);
    if (isActive(rotation) && others.some(isActive)) throw new StoreError(`${rotation.accountId} has an active rotation`);
  };
  const save = (rotation: KeyRotation, expected: KeyRotation["status"]): boolean => {
    if (read().rotations.get(rotation.id)?.status !== expected) return false;
    refuseSecondActive(rotation);
    write().rotations.set(rotation.id, rotation);
    return true;
  };
  const failuresOf = (rotationId: string) => [...read().failures].filter(([, failure]) => failure.rotationId === rotationId);

  return {
    async byId(id) {
      return read().rotations.get(id) ?? null;
    },
    async insert(rotation) {
      refuseSecondActive(rotation);
      insertRow(write().rotations, rotation);
    },
    async save(rotation, expected) {
      return save(rotation, expected);
    },
    async saveFenced(rotation, expected, job) {
      return isHeld(tables, job) && save(rotation, expected);
    },
    async page(accountId, request) {
      return pageOf(ownedBy(read().rotations, accountId), request);
    },
    async count(accountId) {
      return BigInt(ownedBy(read().rotations, accountId).length);
    },
    async putFailure(failure) {
      write().failures.set(`${failure.rotationId}/${failure.generation}`, failure);
    },
    async failures(rotationId) {
      return failuresOf(rotationId)
        .map(([, failure]) => failure)
        .sort((a, b) => a.generation - b.generation);
    },
    async deleteFailures(rotationId) {
      for (const [key] of failuresOf(rotationId)) write().failures.delete(key);
    },
  };
}
