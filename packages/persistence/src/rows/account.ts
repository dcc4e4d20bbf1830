import type { AccountEkm, KeyHealthState, KeyManagement } from "@ekm/ekm";
import { EntitySchema } from "typeorm";
import { bool, id, int4, int8, json, optional, primary, text, word } from "./columns.js";

export interface AccountRow {
  id: string;
  name: string;
  /** The name in lower case, for the search. */
  nameFolded: string;
  createdAt: number;
  ekmStatus: AccountEkm["status"];
  keyManagement: KeyManagement;
  lapsedAt: number | null;
  activatedAt: number | null;
  activatedBy: string | null;
  ticket: string | null;
  activationExpiresAt: number | null;
  termsVersion: string | null;
  termsSha256: string | null;
  termsAcceptedBy: string | null;
  termsAcceptedAt: number | null;
  keyArn: string | null;
  keyMultiRegion: boolean | null;
  keyEnabledAt: number | null;
  keyWarnings: string | null;
  rotationId: string | null;
  vendorKeyArn: string | null;
  vendorKeyCreatedAt: number | null;
  vendorKeyDeletionDate: number | null;
  lockedAt: number | null;
  lockedBy: string | null;
  lockReason: string | null;
  keyEpoch: number;
  version: number;
  /** Copies of the current key health, kept by its repository, so that filters and due probes read one index. */
  healthState: KeyHealthState | null;
  /** 0: never. */
  healthCheckedAt: number;
}

export const AccountRows = new EntitySchema<AccountRow>({
  name: "account",
  columns: {
    id: primary(id),
    name: text,
    nameFolded: text,
    createdAt: int8,
    ekmStatus: word,
    keyManagement: word,
    lapsedAt: optional(int8),
    activatedAt: optional(int8),
    activatedBy: optional(text),
    ticket: optional(text),
    activationExpiresAt: optional(int8),
    termsVersion: optional(word),
    termsSha256: optional(word),
    termsAcceptedBy: optional(text),
    termsAcceptedAt: optional(int8),
    keyArn: optional(text),
    keyMultiRegion: optional(bool),
    keyEnabledAt: optional(int8),
    keyWarnings: optional(json),
    rotationId: optional(id),
    vendorKeyArn: optional(text),
    vendorKeyCreatedAt: optional(int8),
    vendorKeyDeletionDate: optional(int8),
    lockedAt: optional(int8),
    lockedBy: optional(text),
    lockReason: optional(text),
    keyEpoch: int4,
    version: int4,
    healthState: optional(word),
    healthCheckedAt: int8,
  },
});
