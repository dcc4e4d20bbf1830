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
@ObjectType("Restore", {
  implements: Node,
  simpleResolvers: true,
  description: "Writing a backup's content back. The target appears whole, or not at all.",
})
export class RestoreView extends Node {
  declare readonly __typename: "Restore";

  @Field(() => BackupView, { description: "What is restored." })
  readonly backup!: () => Promise<BackupView>;

  @Field(() => JobStatusEnum, { description: "Where it stands." })
  readonly status!: JobStatus;

  @Field(() => JobProgressView, { description: "How far it has come." })
  readonly progress!: JobProgressView;

  @Field(() => String, { description: "The absolute path of the directory that appears when it succeeds." })
  readonly target!: string;

  @Field(() => String, {
    nullable: true,
    description: "Of what was restored; equal to the backup's. Null until it has succeeded.",
  })
  readonly contentDigest!: string | null;

  @Field(() => BigIntString, {
    description: "Bytes that were decrypted and written, into the staging place if it did not succeed.",
  })
  readonly bytesReleased!: bigint;

  @Field(() => DateTime, { nullable: true, description: "When the last of them was written. Null before the first." })
  readonly lastByteReleasedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: "When a worker first took it up. Null while QUEUED." })
  readonly startedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: "When it ended, however it ended. Null before." })
  readonly finishedAt!: Date | null;

  @Field(() => ProblemView, { nullable: true, description: "Why it failed. Null unless FAILED." })
  readonly problem!: ProblemView | null;
}

export const RestoreConnection = connectionType("Restore", () => RestoreView);
