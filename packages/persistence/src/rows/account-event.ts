import type { AccountEventKind } from "@ekm/ekm";
import { EntitySchema } from "typeorm";
import { bool, id, int8, optional, primary, word } from "./columns.js";

export interface AccountEventRow {
  accountId: string;
  sequence: number;
  at: number;
  kind: AccountEventKind;
  subject: string | null;
  progress: boolean;
}

export const AccountEventRows = new EntitySchema<AccountEventRow>({
  name: "account_event",
  columns: {
    accountId: primary(id),
    sequence: primary(int8),
    at: int8,
    kind: word,
    subject: optional(id),
    progress: bool,
  },
});

/** Where each account's numbers have come to, whatever has been forgotten since. */
export interface AccountEventHeadRow {
  accountId: string;
  sequence: number;
  forgottenTo: number;
}

export const AccountEventHeadRows = new EntitySchema<AccountEventHeadRow>({
  name: "account_event_head",
  columns: { accountId: primary(id), sequence: int8, forgottenTo: int8 },
});
