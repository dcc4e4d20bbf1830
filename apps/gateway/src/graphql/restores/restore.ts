import type { JobStatus } from "@ekm/ekm";
import { Field, ObjectType } from "type-graphql";
import { BackupView } from "../backups/backup.js";
import { ProblemView } from "../errors/problem.js";
import { JobStatusEnum } from "../jobs/enums.js";
import { JobProgressView } from "../jobs/job-progress.js";
import { connectionType } from "../relay/connection.js";
import { Node } from "../relay/node.js";
import { BigIntString } from "../scalars/big-int.js";
import { DateTime } from "../scalars/date-time.js";

/** `backup` is looked up only when it is asked for. */
@ObjectType("Restore", { implements: Node, simpleResolvers: true })
export class RestoreView extends Node {
  declare readonly __typename: "Restore";

  @Field(() => BackupView)
  readonly backup!: () => Promise<BackupView>;

  @Field(() => JobStatusEnum)
  readonly status!: JobStatus;

  @Field(() => JobProgressView)
  readonly progress!: JobProgressView;

  @Field(() => String)
  readonly target!: string;

  @Field(() => String, { nullable: true })
  readonly contentDigest!: string | null;

  @Field(() => BigIntString)
  readonly bytesReleased!: bigint;

  @Field(() => DateTime, { nullable: true })
  readonly lastByteReleasedAt!: Date | null;

  @Field(() => DateTime, { nullable: true })
  readonly startedAt!: Date | null;

  @Field(() => DateTime, { nullable: true })
  readonly finishedAt!: Date | null;

  @Field(() => ProblemView, { nullable: true })
  readonly problem!: ProblemView | null;
}

export const RestoreConnection = connectionType("Restore", () => RestoreView);
