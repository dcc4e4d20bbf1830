import type { JobStatus, KeyManagement } from "@ekm/ekm";
import { Field, ObjectType } from "type-graphql";
import { KeyManagementEnum } from "../accounts/enums.js";
import { ProblemView } from "../errors/problem.js";
import { JobStatusEnum } from "../jobs/enums.js";
import { JobProgressView } from "../jobs/job-progress.js";
import { connectionType } from "../relay/connection.js";
import { Node } from "../relay/node.js";
import { BigIntString } from "../scalars/big-int.js";
import { DateTime } from "../scalars/date-time.js";
import { KeyArn } from "../scalars/key-arn.js";
import { BackupSourceView } from "../sources/backup-source.js";

/** What is a function here is looked up only when it is asked for. */
@ObjectType("Backup", {
  implements: Node,
  simpleResolvers: true,
  description: "A copy of a source as it was, encrypted. It succeeds as a whole or not at all.",
})
export class BackupView extends Node {
  declare readonly __typename: "Backup";

  @Field(() => BackupSourceView, { description: "What was backed up." })
  readonly source!: () => Promise<BackupSourceView>;

  @Field(() => JobStatusEnum, { description: "Where it stands." })
  readonly status!: JobStatus;

  @Field(() => JobProgressView, { description: "How far it has come." })
  readonly progress!: JobProgressView;

  @Field(() => KeyManagementEnum, { description: "How it was protected when it was made, and what protects it now." })
  readonly createdUnder!: KeyManagement;

  @Field(() => KeyManagementEnum, {
    description: "Whose key protects it now: by the key that wraps the account-key generation it was sealed under.",
  })
  readonly protectedBy!: () => Promise<KeyManagement>;

  @Field(() => KeyArn, {
    nullable: true,
    description: "The customer's KMS key that protects it now. Null in Cloud Key Management.",
  })
  readonly keyArn!: () => Promise<string | null>;

  @Field(() => Boolean, { description: "Whether a restore that is asked for now has, as far as is known, all that it needs." })
  readonly restorable!: () => Promise<boolean>;

  @Field(() => BigIntString, {
    nullable: true,
    description: "Bytes of the content before encryption. Null until it has succeeded.",
  })
  readonly bytes!: bigint | null;

  @Field(() => BigIntString, {
    nullable: true,
    description: "Files. Null until it has succeeded.",
  })
  readonly items!: bigint | null;

  @Field(() => String, {
    nullable: true,
    description:
      "SHA-256 over the canonical listing of the content, hex: equal content, equal digests. Null until it has succeeded.",
  })
  readonly contentDigest!: string | null;

  @Field(() => DateTime, { nullable: true, description: "When a worker first took it up. Null while QUEUED." })
  readonly startedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: "When it ended, however it ended. Null before." })
  readonly finishedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: "When the last frame was encrypted. Null before the first." })
  readonly lastSealedAt!: Date | null;

  @Field(() => ProblemView, { nullable: true, description: "Why it failed. Null unless FAILED." })
  readonly problem!: ProblemView | null;
}

export const BackupConnection = connectionType("Backup", () => BackupView);
