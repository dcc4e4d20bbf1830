const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** Powers of 1000, as storage is sold. Bytes come as decimal text. */
export function bytes(amount: string | number): string {
  let value = Number(amount);
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

export const count = (amount: string | number): string => Number(amount).toLocaleString("en-GB");

export const plural = (amount: string | number, one: string, many = `${one}s`): string =>
  `${count(amount)} ${Number(amount) === 1 ? one : many}`;
