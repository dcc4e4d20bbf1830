/** Places for listeners: so many in all, and so many of one account. */
export interface Seats {
  /** Null: all are taken. The place is given back once, however often that is asked. */
  take(accountId: string): (() => void) | null;
}

export function createSeats(limits: { readonly total: number; readonly perAccount: number }): Seats {
  const taken = new Map<string, number>();
  let total = 0;
  return {
    take(accountId) {
      const own = taken.get(accountId) ?? 0;
      if (total >= limits.total || own >= limits.perAccount) return null;
      taken.set(accountId, own + 1);
      total += 1;
      let given = false;
      return () => {
        if (given) return;
        given = true;
        total -= 1;
        const left = (taken.get(accountId) ?? 1) - 1;
        if (left === 0) taken.delete(accountId);
        else taken.set(accountId, left);
      };
    },
  };
}
