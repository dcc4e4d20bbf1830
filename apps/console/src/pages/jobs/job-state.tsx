import type { JobProgressDetailsFragment, JobStatus, ProblemDetailsFragment } from "@ekm/client";
import { Pill } from "../../ui/pill.js";
import { Progress } from "../../ui/progress.js";
import { bytes } from "../../words/amounts.js";
import { jobWords } from "../../words/job-status.js";

interface Props {
  readonly label: string;
  readonly job: {
    readonly status: JobStatus;
    readonly progress: JobProgressDetailsFragment;
    readonly problem: ProblemDetailsFragment | null;
  };
}

/** How far a job is, or why it failed. */
export function JobState({ label, job: { status, progress, problem } }: Props) {
  const [tone, word] = jobWords(status);
  const { bytesDone, bytesTotal } = progress;
  return (
    <div className="stack tight">
      <span>
        <Pill tone={tone}>{word}</Pill>
      </span>
      {status === "RUNNING" ? (
        <Progress
          label={label}
          done={Number(bytesDone)}
          total={bytesTotal === null ? null : Number(bytesTotal)}
          text={bytesTotal === null ? bytes(bytesDone) : `${bytes(bytesDone)} of ${bytes(bytesTotal)}`}
        />
      ) : null}
      {problem === null ? null : (
        <div className="small">
          <p>{problem.message}</p>
          {problem.remedy === null ? null : <p className="muted">{problem.remedy}</p>}
          <p className="muted">
            <code>{problem.code}</code>
          </p>
        </div>
      )}
    </div>
  );
}
