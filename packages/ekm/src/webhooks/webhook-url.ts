import { rejection } from "../errors/catalog.js";
import { fail, type Outcome, ok, type Rejection } from "../errors/outcome.js";
import { isPublicAddress } from "./public-address.js";

const MAX_LENGTH = 2048;

/**
 * The normalised URL of a receiver: https, no user name or password, no fragment, no address of a private network. A name is not
 * looked up here: what it points to is checked at each attempt. WEBHOOK_URL_REFUSED otherwise. `allowInsecure`: http and any
 * address are let through too.
 */
export function webhookUrl(text: string, allowInsecure: boolean): Outcome<string, readonly Rejection[]> {
  const refuse = (message: string) => fail([rejection("WEBHOOK_URL_REFUSED", message, ["input", "url"])]);
  const trimmed = text.trim();
  const url = trimmed.length <= MAX_LENGTH && URL.canParse(trimmed) ? new URL(trimmed) : null;
  if (url === null) return refuse(`This is not a URL of at most ${MAX_LENGTH} characters.`);
  const isSecure = url.protocol === "https:";
  if (!isSecure && !(allowInsecure && url.protocol === "http:")) return refuse("The URL must begin with https://.");
  if (url.username !== "" || url.password !== "") {
    return refuse("The URL must not hold a user name or a password: the signature tells who sends.");
  }
  if (url.hash !== "") return refuse("The URL must not have a fragment: it would not be sent.");
  if (!allowInsecure && isRefusedLiteral(url.hostname))
    return refuse("An address of a private or special network may not be used.");
  return ok(url.href);
}

/** A URL's host that is an IP address is in brackets or, in whatever spelling it was given, dotted decimal by now. */
function isRefusedLiteral(hostname: string): boolean {
  const bracketed = /^\[(.*)\]$/.exec(hostname)?.[1];
  const literal = bracketed ?? (/^[\d.]+$/.test(hostname) ? hostname : undefined);
  return literal !== undefined && !isPublicAddress(literal);
}
