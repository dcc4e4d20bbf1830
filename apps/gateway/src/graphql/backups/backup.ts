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
@ObjectType("Backup", { implements: Node, simpleResolvers: true })
export class BackupView extends Node {
  declare readonly __typename: "Backup";

  @Field(() => BackupSourceView)
  readonly source!: () => Promise<BackupSourceView>;

  @Field(() => JobStatusEnum)
  readonly status!: JobStatus;

  @Field(() => JobProgressView)
  readonly progress!: JobProgressView;

  @Field(() => KeyManagementEnum, { description: "How it was protected when it was made, and what protects it now." })
  readonly createdUnder!: KeyManagement;

  @Field(() => KeyManagementEnum)
  readonly protectedBy!: () => Promise<KeyManagement>;

  @Field(() => KeyArn, { nullable: true })
  readonly keyArn!: () => Promise<string | null>;

  @Field(() => Boolean)
  readonly restorable!: () => Promise<boolean>;

  @Field(() => BigIntString, { nullable: true })
  readonly bytes!: bigint | null;

  @Field(() => BigIntString, { nullable: true })
  readonly items!: bigint | null;

  @Field(() => String, { nullable: true })
  readonly contentDigest!: string | null;

  @Field(() => DateTime, { nullable: true })
  readonly startedAt!: Date | null;

  @Field(() => DateTime, { nullable: true })
  readonly finishedAt!: Date | null;

  @Field(() => DateTime, { nullable: true })
  readonly lastSealedAt!: Date | null;

  @Field(() => ProblemView, { nullable: true })
  readonly problem!: ProblemView | null;
}

export const BackupConnection = connectionType("Backup", () => BackupView);
