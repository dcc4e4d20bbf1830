import { ERROR_CODES } from "@ekm/ekm";
import { enumOf } from "../scalars/enum-of.js";

export const ErrorCodeEnum = enumOf("ErrorCode", ERROR_CODES);
