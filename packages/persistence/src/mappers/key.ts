import type { CanaryWrap, KeyGeneration, KeyWrap } from "@ekm/ekm";
import type { CanaryWrapRow, KeyGenerationRow, KeyWrapRow } from "../rows/key.js";
import { fromMs, present, toMs } from "./values.js";

export const toKeyGenerationRow = (generation: KeyGeneration): KeyGenerationRow => ({
  accountId: generation.accountId,
  generation: generation.generation,
  checkValue: generation.checkValue,
  createdAt: generation.createdAt.getTime(),
  closedAt: toMs(generation.closedAt),
  reservedWraps: generation.reservedWraps,
  leftBecause: generation.leftBecause ?? null,
});

export const toKeyGeneration = (row: KeyGenerationRow): KeyGeneration => ({
  accountId: row.accountId,
  generation: row.generation,
  checkValue: row.checkValue,
  createdAt: new Date(row.createdAt),
  ...present({ closedAt: fromMs(row.closedAt) }),
  reservedWraps: row.reservedWraps,
  ...present({ leftBecause: row.leftBecause }),
});

export const toKeyWrapRow = (wrap: KeyWrap): KeyWrapRow => ({
  id: wrap.id,
  accountId: wrap.accountId,
  generation: wrap.generation,
  keyArn: wrap.keyArn,
  ciphertext: Buffer.from(wrap.ciphertext),
  state: wrap.state,
  rotationId: wrap.rotationId ?? null,
  createdAt: wrap.createdAt.getTime(),
});

export const toKeyWrap = (row: KeyWrapRow): KeyWrap => ({
  id: row.id,
  accountId: row.accountId,
  generation: row.generation,
  keyArn: row.keyArn,
  ciphertext: new Uint8Array(row.ciphertext),
  state: row.state,
  ...present({ rotationId: row.rotationId }),
  createdAt: new Date(row.createdAt),
});

export const toCanaryWrapRow = (canary: CanaryWrap): CanaryWrapRow => ({
  accountId: canary.accountId,
  keyArn: canary.keyArn,
  ciphertext: Buffer.from(canary.ciphertext),
  checkValue: canary.checkValue,
});

export const toCanaryWrap = (row: CanaryWrapRow): CanaryWrap => ({
  accountId: row.accountId,
  keyArn: row.keyArn,
  ciphertext: new Uint8Array(row.ciphertext),
  checkValue: row.checkValue,
});
