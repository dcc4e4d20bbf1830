import { ERROR_CATALOG } from "../errors/catalog.js";
import type { Problem } from "../errors/outcome.js";
import type { DiagnosisCause } from "./diagnosis.js";

/**
 * A stored problem as a cause. Its message is left out: it may hold what a ticket must not, such as a path; the catalogue's meaning says it
 * in general.
 */
export const causeOf = ({ code, possibleCauses, keyArn, awsErrorName, awsRequestId }: Problem, seenAt: Date): DiagnosisCause => ({
  code,
  meaning: ERROR_CATALOG[code].meaning,
  possibleCauses,
  seenAt,
  ...(keyArn === undefined ? {} : { keyArn }),
  ...(awsErrorName === undefined ? {} : { awsErrorName }),
  ...(awsRequestId === undefined ? {} : { awsRequestId }),
});
