import type { JobKind } from "@ekm/ekm";
import { EntitySchema } from "typeorm";
import { id, int4, int8, optional, primary, text, word } from "./columns.js";

export interface JobRow {
  id: string;
  kind: JobKind;
  /** 0 first. */
  priority: number;
  accountId: string;
  subjectId: string;
  enqueuedAt: number;
  /** From when on it may be claimed, by the database's clock: the end of its lease while held, of its delay after a release. */
  freeAt: number;
  fence: number;
  attempts: number;
  /** Null: nobody holds it, so that no fence is good. */
  owner: string | null;
}

export const JobRows = new EntitySchema<JobRow>({
  name: "job",
  columns: {
    id: primary(id),
    kind: word,
    priority: int4,
    accountId: id,
    subjectId: id,
    enqueuedAt: int8,
    freeAt: int8,
    fence: int8,
    attempts: int4,
    owner: optional(text),
  },
});
