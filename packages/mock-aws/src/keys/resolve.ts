import { AwsFault } from "../front/aws-fault.js";
import type { Aliases } from "./aliases.js";
import { isKeyId, keyArn } from "./key.js";

/** Which key a caller means: an ARN that may or may not exist, or the fault for an identifier that names none. */
export interface KeyName {
  readonly arn: string;
  readonly accountId: string;
  readonly id: string;
  /** The alias that the caller used. */
  readonly alias?: string;
}

/** Another account's alias that leads nowhere: the caller is told no more than that it may not. */
export interface AliasOfAnother {
  readonly aliasOfAnother: string;
}

export interface ResolveOptions {
  readonly callerAccountId: string;
  readonly region: string;
  readonly aliases: Aliases;
  /** Whether the operation takes an alias in place of a key. */
  readonly aliasAllowed: boolean;
}

const ARN = /^arn:aws:kms:([a-z0-9-]+):(\d{12}):(key|alias)\/(.+)$/;

const notFound = (message: string): AwsFault => new AwsFault("NotFoundException", message);

/** Of a key id, key ARN, alias name or alias ARN in a request; a bare one means the caller's own account and Region. */
export function resolveKeyName(text: string, options: ResolveOptions): KeyName | AwsFault | AliasOfAnother {
  const { callerAccountId, region } = options;
  if (text.startsWith("alias/")) {
    return options.aliasAllowed ? behindAlias(callerAccountId, text, options) : notFound(`Invalid keyId '${text}'`);
  }
  if (!text.startsWith("arn:")) {
    if (!isKeyId(text)) return notFound(`Invalid keyId '${text}'`);
    return { arn: keyArn(region, callerAccountId, text), accountId: callerAccountId, id: text };
  }
  const [, arnRegion, accountId, kind, id] = ARN.exec(text) ?? [];
  if (arnRegion === undefined || accountId === undefined || id === undefined) return notFound(`Invalid arn ${text}`);
  if (arnRegion !== region) return notFound(`Invalid arn ${arnRegion}`);
  if (kind === "alias") {
    // Assumed: AWS documents InvalidArnException for an ARN that is not of the kind that the operation takes, not its text.
    if (!options.aliasAllowed) return new AwsFault("InvalidArnException", `Invalid arn ${text}`);
    return behindAlias(accountId, `alias/${id}`, options);
  }
  if (!isKeyId(id) && accountId === callerAccountId) return notFound(`Invalid keyId '${id}'`);
  return { arn: text, accountId, id };
}

function behindAlias(
  accountId: string,
  name: string,
  { callerAccountId, region, aliases }: ResolveOptions,
): KeyName | AwsFault | AliasOfAnother {
  const arn = `arn:aws:kms:${region}:${accountId}:${name}`;
  const alias = aliases.find(accountId, region, name);
  if (alias) return { arn: keyArn(region, accountId, alias.targetKeyId), accountId, id: alias.targetKeyId, alias: name };
  return accountId === callerAccountId ? notFound(`Alias ${arn} is not found.`) : { aliasOfAnother: arn };
}
