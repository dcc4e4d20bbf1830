import type { IncomingMessage } from "node:http";

const THIS_MACHINE = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/**
 * Why a request is refused; undefined where it is not. The panel changes things, so no other web page may drive it:
 * a page whose name was made to point at this machine (DNS rebinding) is known by its Host, a page of another site (CSRF) by its
 * Origin or by what the browser says of where the request comes from. A change must be JSON, which no form can send.
 */
export function refusal({ method, headers }: Pick<IncomingMessage, "method" | "headers">): string | undefined {
  const { host = "", origin } = headers;
  if (!THIS_MACHINE.test(host)) return "the panel answers to this machine's own names only";
  if (origin !== undefined && origin !== `http://${host}`) return "a page of another origin may not do this";
  const site = headers["sec-fetch-site"];
  // `none`: typed in, or a bookmark.
  const isLink = method === "GET" && headers["sec-fetch-mode"] === "navigate";
  if (site !== undefined && site !== "same-origin" && site !== "none" && !isLink) return "a page of another site may not do this";
  const isJson = headers["content-type"]?.split(";")[0]?.trim() === "application/json";
  if (method !== "GET" && method !== "HEAD" && !isJson) return "a change is asked for in JSON";
  return undefined;
}
