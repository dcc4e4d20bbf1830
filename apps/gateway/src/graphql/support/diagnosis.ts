import type { DiagnosisState, ErrorCode } from "@ekm/ekm";
import { Field, Int, ObjectType } from "type-graphql";
import { ErrorCodeEnum } from "../errors/error-code.js";
import { BigIntString } from "../scalars/big-int.js";
import { DateTime } from "../scalars/date-time.js";
import { KeyArn } from "../scalars/key-arn.js";
import { DiagnosisStateEnum } from "./enums.js";

@ObjectType("DiagnosisCause", { simpleResolvers: true, description: "Something that was seen to be wrong." })
export class DiagnosisCauseView {
  @Field(() => ErrorCodeEnum, { description: "As in `errorCatalog`." })
  readonly code!: ErrorCode;

  @Field(() => String, { description: "What the code means, in one sentence." })
  readonly meaning!: string;

  @Field(() => [String], { description: "Where AWS does not tell causes apart, all that are possible." })
  readonly possibleCauses!: readonly string[];

  @Field(() => KeyArn, { nullable: true, description: "The key that refused. Null when no key is to blame." })
  readonly keyArn!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: "The generation of the account's key that a rotation could not open. Null outside of rotations.",
  })
  readonly generation!: number | null;

  @Field(() => String, { nullable: true, description: "AWS's own name of the error. Null when AWS did not answer with one." })
  readonly awsErrorName!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "For the customer's question to AWS: the request stands under it in CloudTrail. Null when AWS gave none.",
  })
  readonly awsRequestId!: string | null;

  @Field(() => DateTime, { description: "When it was last seen." })
  readonly seenAt!: Date;
}

@ObjectType("CustomerStep", { simpleResolvers: true, description: "One thing for the customer to do." })
export class CustomerStepView {
  @Field(() => String, { description: "In words, for the AWS console or our own pages." })
  readonly text!: string;

  @Field(() => String, {
    nullable: true,
    description: "The same for the AWS CLI, run in the customer's own AWS account. Null where AWS has no part in it.",
  })
  readonly awsCli!: string | null;
}

@ObjectType("FailedJobs", { simpleResolvers: true, description: "Jobs that failed lately for the same reason." })
export class FailedJobsView {
  @Field(() => ErrorCodeEnum, { description: "Why they failed." })
  readonly code!: ErrorCode;

  @Field(() => Int, { description: "Backups; at most 100 failed ones are looked at, of the last 30 days." })
  readonly backups!: number;

  @Field(() => Int, { description: "Restores; at most 100 failed ones are looked at, of the last 30 days." })
  readonly restores!: number;

  @Field(() => DateTime, { description: "When the last of them failed." })
  readonly lastFailedAt!: Date;
}

@ObjectType("Diagnosis", {
  simpleResolvers: true,
  description: "Why an account's backups and restores fail, and what to do about it. Made of what is stored: AWS is not asked.",
})
export class DiagnosisView {
  @Field(() => DiagnosisStateEnum, { description: "The gravest of all that is the matter." })
  readonly state!: DiagnosisState;

  @Field(() => String, { description: "What is the matter, in one or two sentences." })
  readonly summary!: string;

  @Field(() => DateTime, {
    nullable: true,
    description: "When it began. Null when nothing is wrong, or the beginning is not known.",
  })
  readonly since!: Date | null;

  @Field(() => [DiagnosisCauseView], { description: "All that was seen to be wrong, the gravest first. Empty when nothing was." })
  readonly causes!: readonly DiagnosisCauseView[];

  @Field(() => [FailedJobsView], {
    description: "Backups and restores that failed in the last 30 days by reason, the most frequent first.",
  })
  readonly failedJobs!: readonly FailedJobsView[];

  @Field(() => BigIntString, { description: "Succeeded backups that cannot be restored while this lasts." })
  readonly backupsAtRisk!: bigint;

  @Field(() => DateTime, { nullable: true, description: "When AWS deletes the key. Null when it is not known to be scheduled." })
  readonly deletionDate!: Date | null;

  @Field(() => [CustomerStepView], {
    description: "In the order in which they are to be done. Empty when there is nothing to do.",
  })
  readonly whatTheCustomerMustDo!: readonly CustomerStepView[];

  @Field(() => [String], { description: "What support may do itself, and what it must not promise." })
  readonly whatSupportCanDo!: readonly string[];

  @Field(() => String, { description: "What happens by itself once the customer has done that, and what does not." })
  readonly promise!: string;

  @Field(() => String, {
    description:
      "All of this as plain text, ready to paste into a ticket: at most 8,000 characters, no secret, no name of a file, no location.",
  })
  readonly ticketText!: string;
}
