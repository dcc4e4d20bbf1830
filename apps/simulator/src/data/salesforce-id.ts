const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

/** Key prefixes of Salesforce's standard objects: the first three characters of every Id. */
export const KEY_PREFIX = {
  User: "005",
  Account: "001",
  Contact: "003",
  Lead: "00Q",
  Opportunity: "006",
  Case: "500",
  Task: "00T",
  Attachment: "00P",
  ContentDocument: "069",
  ContentVersion: "068",
} as const;
export type SalesforceObject = keyof typeof KEY_PREFIX;

/**
 * The 18-character Id of the n-th record of an object (n < 2^31): 15 case-sensitive characters (prefix, pod, counter) and three
 * that encode their capitals, so that Ids differ even where case is ignored. The counter starts at an offset that depends on the seed.
 */
export function salesforceId(object: SalesforceObject, seed: number, n: number): string {
  let counter = 62 ** 5 + (Math.abs(Math.trunc(seed)) % 100_000) * 62 ** 3 + n;
  let tail = "";
  for (let digit = 0; digit < 9; digit++) {
    tail = BASE62.charAt(counter % 62) + tail;
    counter = Math.floor(counter / 62);
  }
  const short = `${KEY_PREFIX[object]}5g0${tail}`;
  return short + caseSuffix(short);
}

/** One character for each group of five: bit i is set where character i is a capital letter. */
export function caseSuffix(short: string): string {
  let suffix = "";
  for (let group = 0; group < 15; group += 5) {
    let bits = 0;
    for (let at = 0; at < 5; at++) {
      const code = short.charCodeAt(group + at);
      if (code >= 65 && code <= 90) bits |= 1 << at;
    }
    suffix += SUFFIX.charAt(bits);
  }
  return suffix;
}
