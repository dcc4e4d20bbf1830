import type { ErrorCode, WrapState } from "@ekm/ekm";
import { EntitySchema } from "typeorm";
import { blob, id, int4, int8, optional, primary, text, word } from "./columns.js";

export interface KeyGenerationRow {
  accountId: string;
  generation: number;
  checkValue: string;
  createdAt: number;
  closedAt: number | null;
  reservedWraps: number;
  leftBecause: ErrorCode | null;
}

export const KeyGenerationRows = new EntitySchema<KeyGenerationRow>({
  name: "key_generation",
  columns: {
    accountId: primary(id),
    generation: primary(int4),
    checkValue: text,
    createdAt: int8,
    closedAt: optional(int8),
    reservedWraps: int8,
    leftBecause: optional(word),
  },
});

export interface KeyWrapRow {
  id: string;
  accountId: string;
  generation: number;
  keyArn: string;
  ciphertext: Buffer;
  state: WrapState;
  rotationId: string | null;
  createdAt: number;
}

export const KeyWrapRows = new EntitySchema<KeyWrapRow>({
  name: "key_wrap",
  columns: {
    id: primary(id),
    accountId: id,
    generation: int4,
    keyArn: text,
    ciphertext: blob,
    state: word,
    rotationId: optional(id),
    createdAt: int8,
  },
});

export interface CanaryWrapRow {
  accountId: string;
  keyArn: string;
  ciphertext: Buffer;
  checkValue: string;
}

export const CanaryWrapRows = new EntitySchema<CanaryWrapRow>({
  name: "canary_wrap",
  columns: { accountId: primary(id), keyArn: primary(text), ciphertext: blob, checkValue: text },
});
