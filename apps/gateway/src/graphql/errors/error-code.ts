import { ERROR_CATALOG, ERROR_CODES, type ErrorCode } from "@ekm/ekm";
import { enumOf } from "../scalars/enum-of.js";

const MEANINGS = Object.fromEntries(ERROR_CODES.map((code) => [code, ERROR_CATALOG[code].meaning])) as Record<ErrorCode, string>;

export const ErrorCodeEnum = enumOf(
  "ErrorCode",
  ERROR_CODES,
  "Why something was refused or failed. `errorCatalog` has the remedy and retryability of each.",
  MEANINGS,
);
