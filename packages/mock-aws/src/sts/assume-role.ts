import type { Account, Caller, PrincipalRecord, Tags } from "../front/accounts.js";
import { AwsFault } from "../front/aws-fault.js";
import { refusalOf } from "../front/permit.js";
import { conditionContext } from "../front/policy/context.js";
import { evaluateResourcePolicy } from "../front/policy/evaluate.js";
import { parsePolicy } from "../front/policy/parse.js";
import type { Policy } from "../front/policy/policy.js";
import { type Input, optional, required, shape, text } from "../kms/input.js";
import { conditionValues, defineOperation, type OperationServices } from "../kms/operation.js";
import { formList } from "./form-list.js";

const input = shape({
  RoleArn: required(text(20, 2048)),
  RoleSessionName: required(text(2, 64, "[\\w+=,.@-]*")),
  ExternalId: optional(text(2, 1224, "[\\w+=,.@:\\/-]*")),
  DurationSeconds: optional(text(1, 8)),
  Policy: optional(text(1, 2048)),
  Tags: optional(formList("Key", "Value")),
});

/** A role's temporary credentials, for whom its trust policy lets in. They expire on the simulated clock. */
export const assumeRole = defineOperation({
  name: "AssumeRole",
  input,
  uses: () => [],
  async run(given, _keys, services) {
    const duration = durationOf(given.DurationSeconds);
    if (duration instanceof AwsFault) return duration;
    const policy = given.Policy === undefined ? null : sessionPolicy(given.Policy);
    if (policy instanceof AwsFault) return policy;
    const found = roleOf(given.RoleArn, services);
    if (found === null || !mayAssume(given, found, services)) return denied(services.caller, given.RoleArn);
    const tags = Object.fromEntries((given.Tags ?? []).map(({ Key, Value }) => [Key, Value]));
    const opened = services.accounts.openSession(found.account, found.role, {
      name: given.RoleSessionName,
      durationSeconds: duration,
      tags,
      policy,
    });
    const { caller, accessKeyId } = opened;
    return {
      body: {
        Credentials: {
          AccessKeyId: accessKeyId,
          SecretAccessKey: caller.secretAccessKey,
          SessionToken: caller.session.token,
          Expiration: new Date(caller.session.expiresAt).toISOString(),
        },
        AssumedRoleUser: { AssumedRoleId: caller.userId, Arn: caller.arn },
      },
    };
  },
});

type Given = Input<typeof input>;

interface Role {
  readonly account: Account;
  readonly role: PrincipalRecord;
}

function durationOf(given: string | undefined): number | AwsFault {
  if (given === undefined) return 3600;
  const seconds = Number(given);
  const valid = Number.isInteger(seconds) && seconds >= 900 && seconds <= 43_200;
  const message = `1 validation error detected: Value '${given}' at 'durationSeconds' failed to satisfy constraint: Member must have value between 900 and 43200`;
  return valid ? seconds : new AwsFault("ValidationException", message);
}

function sessionPolicy(document: string): Policy | AwsFault {
  const parsed = parsePolicy(document, "identity");
  return parsed.ok ? parsed.policy : new AwsFault("MalformedPolicyDocument", parsed.problem);
}

/** Null for a role that there is not, or whose account is not active. */
function roleOf(arn: string, { accounts }: OperationServices): Role | null {
  const [, id, name] = /^arn:aws:iam::(\d{12}):(role\/.+)$/.exec(arn) ?? [];
  const account = accounts.find(id ?? "");
  const role = accounts.findPrincipal(id ?? "", name ?? "");
  const usable = account?.status === "ACTIVE" || account?.status === "PENDING_CLOSURE";
  return account && role && usable ? { account, role } : null;
}

/** sts:AssumeRole, and with tags sts:TagSession too, by the trust policy and by the caller's own policies. */
function mayAssume(given: Given, { account, role }: Role, services: OperationServices): boolean {
  const { caller, region, clock } = services;
  const tags: Tags = Object.fromEntries((given.Tags ?? []).map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value]));
  const context = conditionContext({
    caller,
    region,
    now: clock.now(),
    further: {
      ...conditionValues({ "sts:ExternalId": given.ExternalId, "sts:RoleSessionName": given.RoleSessionName }),
      ...tags,
      ...(given.Tags?.length ? { "aws:TagKeys": given.Tags.map(({ Key }) => Key) } : {}),
    },
  });
  const actions = given.Tags?.length ? ["sts:AssumeRole", "sts:TagSession"] : ["sts:AssumeRole"];
  return actions.every((action) => {
    const asked = {
      accountId: caller.account.id,
      callerArn: caller.arn,
      principalArn: caller.principalArn,
      action,
      resource: role.principalArn,
      context,
    };
    const trust = evaluateResourcePolicy(role.trust ?? trustOfOwnAccount(account.id), asked);
    return refusalOf(caller, asked, trust, caller.account.id === account.id) === null;
  });
}

function trustOfOwnAccount(accountId: string): Policy {
  const statement = { Effect: "Allow", Principal: { AWS: accountId }, Action: ["sts:AssumeRole", "sts:TagSession"] };
  const parsed = parsePolicy(JSON.stringify({ Version: "2012-10-17", Statement: [statement] }), "trust");
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.policy;
}

const denied = (caller: Caller, roleArn: string): AwsFault =>
  new AwsFault(
    "AccessDeniedException",
    `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    403,
  );
