import type { Verified } from "../auth/verify-token.js";

/** The longest that setTimeout can wait. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Ends what goes on under a token when the token runs out. Clear the timer when it ends before. */
export const whenExpired = ({ expiresAt }: Verified, end: () => void): NodeJS.Timeout =>
  setTimeout(end, Math.min(expiresAt.getTime() - Date.now(), MAX_TIMER_MS));
