import type { KeyRotation, RotationStatus } from "@ekm/ekm";
import { EntitySchema } from "typeorm";
import { bool, id, int4, int8, json, optional, primary, text, word } from "./columns.js";

export interface KeyRotationRow {
  id: string;
  accountId: string;
  fromArn: string;
  toArn: string;
  toMultiRegion: boolean;
  toWarnings: string;
  status: RotationStatus;
  pausedBy: NonNullable<KeyRotation["pausedBy"]> | null;
  rewrapped: number;
  total: number;
  startedAt: number;
  startedBy: string;
  pausedAt: number | null;
  switchedAt: number | null;
  finishedAt: number | null;
  problem: string | null;
  acceptsLoss: boolean;
  retirementJws: string | null;
  retirementKeyId: string | null;
  retirementSignedAt: number | null;
  retirementSafeAfter: number | null;
  retirementGenerations: number | null;
  retirementBackups: number | null;
}

export const KeyRotationRows = new EntitySchema<KeyRotationRow>({
  name: "key_rotation",
  columns: {
    id: primary(id),
    accountId: id,
    fromArn: text,
    toArn: text,
    toMultiRegion: bool,
    toWarnings: json,
    status: word,
    pausedBy: optional(word),
    rewrapped: int4,
    total: int4,
    startedAt: int8,
    startedBy: text,
    pausedAt: optional(int8),
    switchedAt: optional(int8),
    finishedAt: optional(int8),
    problem: optional(json),
    acceptsLoss: bool,
    retirementJws: optional(text),
    retirementKeyId: optional(text),
    retirementSignedAt: optional(int8),
    retirementSafeAfter: optional(int8),
    retirementGenerations: optional(int4),
    retirementBackups: optional(int8),
  },
});

export interface GenerationFailureRow {
  rotationId: string;
  generation: number;
  backups: number;
  problem: string;
}

export const GenerationFailureRows = new EntitySchema<GenerationFailureRow>({
  name: "generation_failure",
  columns: { rotationId: primary(id), generation: primary(int4), backups: int8, problem: json },
});
