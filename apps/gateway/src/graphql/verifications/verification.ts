import type { JobStatus } from "@ekm/ekm";
import { Field, ObjectType } from "type-graphql";
import { BackupView } from "../backups/backup.js";
import { ProblemView } from "../errors/problem.js";
import { JobStatusEnum } from "../jobs/enums.js";
import { JobProgressView } from "../jobs/job-progress.js";
import { Node } from "../relay/node.js";
import { DateTime } from "../scalars/date-time.js";

/** `backup` is looked up only when it is asked for. */
@ObjectType("Verification", { implements: Node, simpleResolvers: true })
export class VerificationView extends Node {
  declare readonly __typename: "Verification";

  @Field(() => BackupView)
  readonly backup!: () => Promise<BackupView>;

  @Field(() => JobStatusEnum)
  readonly status!: JobStatus;

  @Field(() => JobProgressView)
  readonly progress!: JobProgressView;

  @Field(() => DateTime, { nullable: true })
  readonly startedAt!: Date | null;

  @Field(() => DateTime, { nullable: true })
  readonly finishedAt!: Date | null;

  @Field(() => ProblemView, { nullable: true })
  readonly problem!: ProblemView | null;
}
