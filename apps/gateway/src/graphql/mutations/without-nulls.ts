type WithoutNulls<T> = { [K in keyof T]: Exclude<T[K], null> };

/** GraphQL's null and its absence mean the same to the use cases: absence. */
export const withoutNulls = <T extends object>(input: T): WithoutNulls<T> =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value != null)) as WithoutNulls<T>;
