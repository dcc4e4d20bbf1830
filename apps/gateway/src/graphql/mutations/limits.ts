import { Matches, MaxLength } from "class-validator";
import { MAX_ID_LENGTH } from "../relay/bounded-id.js";

/**
 * Upper bounds of what is let in at all, far beyond anything sensible; what is acceptable within them is the domain's to
 * say, as a userError with a code.
 */
export const IdBound = () => MaxLength(MAX_ID_LENGTH);
export const IdempotencyKeyBound = () => MaxLength(1_000);
export const NameBound = () => MaxLength(1_000);
export const TextBound = () => MaxLength(4_000);
export const PathBound = () => MaxLength(8_192);
export const KeyIdentifierBound = () => MaxLength(4_096);
export const PrintableBound = () => Matches(/^\P{Cc}*$/u, { message: "$property must not hold control characters" });
