import type { JobStatus } from "@ekm/ekm";
import { Field, ObjectType } from "type-graphql";
import { BackupView } from "../backups/backup.js";
import { ProblemView } from "../errors/problem.js";
import { JobStatusEnum } from "../jobs/enums.js";
import { JobProgressView } from "../jobs/job-progress.js";
import { Node } from "../relay/node.js";
import { DateTime } from "../scalars/date-time.js";

/** `backup` is looked up only when it is asked for. */
@ObjectType("Verification", {
  implements: Node,
  simpleResolvers: true,
  description: "Reading a backup's objects and comparing them with its manifest, without writing anything anywhere.",
})
export class VerificationView extends Node {
  declare readonly __typename: "Verification";

  @Field(() => BackupView, { description: "What is verified." })
  readonly backup!: () => Promise<BackupView>;

  @Field(() => JobStatusEnum, { description: "Where it stands. SUCCEEDED: what was read is whole." })
  readonly status!: JobStatus;

  @Field(() => JobProgressView, { description: "How far it has come." })
  readonly progress!: JobProgressView;

  @Field(() => DateTime, { nullable: true, description: "When a worker first took it up. Null while QUEUED." })
  readonly startedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: "When it ended, however it ended. Null before." })
  readonly finishedAt!: Date | null;

  @Field(() => ProblemView, { nullable: true, description: "What was wrong. Null unless FAILED." })
  readonly problem!: ProblemView | null;
}
