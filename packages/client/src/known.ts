/** Whether a value is one that this version of the client knows: enums of the API may grow. `isKnown(errorCodes, problem.code)`. */
export const isKnown = <Value extends string>(list: readonly Value[], value: string): value is Value =>
  (list as readonly string[]).includes(value);
