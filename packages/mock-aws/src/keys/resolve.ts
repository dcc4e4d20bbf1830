import { AwsFault } from "../front/aws-fault.js";
import { isKeyId, keyArn } from "./key.js";

/** Which key a caller means: an ARN that may or may not exist, or the fault for an identifier that names none. */
export interface KeyName {
  readonly arn: string;
  readonly accountId: string;
  readonly id: string;
}

const ARN = /^arn:aws:kms:([a-z0-9-]+):(\d{12}):(key|alias)\/(.+)$/;

const notFound = (message: string): AwsFault => new AwsFault("NotFoundException", message);

/** Of a key id or ARN in a request; a bare id, or an alias's name, means the caller's own account and Region. */
export function resolveKeyName(text: string, callerAccountId: string, region: string): KeyName | AwsFault | AliasOfAnother {
  if (text.startsWith("alias/")) return notFound(`Alias arn:aws:kms:${region}:${callerAccountId}:${text} is not found.`);
  if (!text.startsWith("arn:")) {
    if (!isKeyId(text)) return notFound(`Invalid keyId '${text}'`);
    return { arn: keyArn(region, callerAccountId, text), accountId: callerAccountId, id: text };
  }
  const [, arnRegion, accountId, kind, id] = ARN.exec(text) ?? [];
  if (arnRegion === undefined || accountId === undefined || id === undefined) return notFound(`Invalid arn ${text}`);
  if (arnRegion !== region) return notFound(`Invalid arn ${arnRegion}`);
  if (kind === "alias") {
    return accountId === callerAccountId ? notFound(`Alias ${text} is not found.`) : { aliasOfAnother: text };
  }
  if (!isKeyId(id) && accountId === callerAccountId) return notFound(`Invalid keyId '${id}'`);
  return { arn: text, accountId, id };
}

/** Another account's alias: the caller is told no more than that it may not. */
export interface AliasOfAnother {
  readonly aliasOfAnother: string;
}
