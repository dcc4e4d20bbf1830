export const ACCOUNT_EVENT_KINDS = [
  "EKM_ACTIVATED",
  "EKM_ACTIVATION_WITHDRAWN",
  "EKM_ACTIVATION_LAPSED",
  "EKM_ENABLED",
  "KEY_HEALTH_CHANGED",
  "KEY_PENDING_DELETION",
  "ROTATION_CHANGED",
  "BACKUP_CHANGED",
  "RESTORE_CHANGED",
  "VERIFICATION_CHANGED",
  "KEYS_LOCKED",
  "KEYS_UNLOCKED",
] as const;
export type AccountEventKind = (typeof ACCOUNT_EVENT_KINDS)[number];

/**
 * Something of an account changed: what a screen that is open must look at again. It says what, not how: whoever hears of it
 * reads the present state.
 */
export interface AccountEvent {
  readonly accountId: string;
  /** 1, 2, 3, ... within the account, in the order of the commits. Progress that was overtaken leaves gaps. */
  readonly sequence: number;
  readonly at: Date;
  readonly kind: AccountEventKind;
  /** The rotation, backup, restore or verification. */
  readonly subject?: string;
}

const ID = /^evt_([0-9A-Z]{26})_([1-9][0-9]{0,14})$/;

/** Opaque to clients. It holds the place, so that a client can go on from an event that is no longer kept. */
export const eventId = ({ accountId, sequence }: Pick<AccountEvent, "accountId" | "sequence">): string =>
  `evt_${accountId.slice("acc_".length)}_${sequence}`;

/** Null when it is no event id of ours. */
export function placeOfEvent(id: string): { readonly accountId: string; readonly sequence: number } | null {
  const [, account, sequence] = ID.exec(id) ?? [];
  return account === undefined ? null : { accountId: `acc_${account}`, sequence: Number(sequence) };
}
