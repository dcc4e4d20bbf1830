import {
  CancelEkmKeyRotationDocument,
  type KeyRotationDetailsFragment,
  type KnownRotationStatus,
  PauseEkmKeyRotationDocument,
  ResumeEkmKeyRotationDocument,
} from "@ekm/client";
import { useIntention } from "@ekm/client/react";
import { useSession } from "../../session/session.js";
import { Button } from "../../ui/button.js";
import { Value } from "../../ui/copy.js";
import { Facts } from "../../ui/facts.js";
import { Failures } from "../../ui/failures.js";
import type { Tone } from "../../ui/notice.js";
import { Notice } from "../../ui/notice.js";
import { Pill } from "../../ui/pill.js";
import { Problem } from "../../ui/problem.js";
import { Progress } from "../../ui/progress.js";
import { plural } from "../../words/amounts.js";
import { at } from "../../words/times.js";
import { titled } from "../../words/titled.js";
import { Certificate } from "./certificate.js";

const TONES: Readonly<Record<KnownRotationStatus, Tone>> = {
  RUNNING: "info",
  PAUSED: "warn",
  COMPLETED: "good",
  FAILED: "bad",
  CANCELLED: "idle",
};

/** One update of the key, from its start to the certificate that says when the old key may go. */
export function RotationView({ rotation }: { readonly rotation: KeyRotationDetailsFragment }) {
  const { mayAdminister } = useSession();
  const { status, fromArn, toArn, rewrapped, total, startedAt, pausedAt, finishedAt, problem, failures, retirement } = rotation;
  const isActive = status === "RUNNING" || status === "PAUSED";
  const tone = (TONES as Readonly<Record<string, Tone>>)[status] ?? "idle";
  return (
    <article className="stack rotation" aria-label={`Update begun ${at(startedAt)}`}>
      <div className="row between">
        <h3>Begun {at(startedAt)}</h3>
        <span role={isActive ? "status" : undefined}>
          <Pill tone={tone}>{titled(status)}</Pill>
        </span>
      </div>
      {isActive ? (
        <Progress
          label="Under the new key"
          done={rewrapped}
          total={total}
          text={`${rewrapped} of ${plural(total, "key generation")}`}
        />
      ) : null}
      <Facts
        rows={[
          ["From", <Value key="from" text={fromArn} what="the old key's ARN" />],
          ["To", <Value key="to" text={toArn} what="the new key's ARN" />],
          ["Paused", pausedAt === null || !isActive ? null : at(pausedAt)],
          ["Ended", finishedAt === null ? null : at(finishedAt)],
        ]}
      />
      {problem === null ? null : <Problem of={problem} tone={status === "FAILED" ? "bad" : "warn"} />}
      {status === "PAUSED" && problem !== null ? <p>It goes on by itself once the key can be used again.</p> : null}
      {failures.length === 0 ? null : (
        <Notice tone="bad" title="These could not be brought over">
          {failures.map(({ generation, backups, problem: why }) => (
            <p key={generation}>
              Generation {generation}, with {plural(backups, "backup")}: {why.message}
            </p>
          ))}
        </Notice>
      )}
      {retirement === null ? null : <Certificate retirement={retirement} oldArn={fromArn} />}
      {isActive && mayAdminister ? <Controls rotation={rotation} /> : null}
    </article>
  );
}

function Controls({ rotation: { id, status, cancellable } }: { readonly rotation: KeyRotationDetailsFragment }) {
  const [pausing, pause] = useIntention(PauseEkmKeyRotationDocument);
  const [resuming, resume] = useIntention(ResumeEkmKeyRotationDocument);
  const [cancelling, cancel] = useIntention(CancelEkmKeyRotationDocument);
  return (
    <>
      <div className="row">
        {status === "RUNNING" ? (
          <Button onPress={() => pause({ rotationId: id })} isPending={pausing.sending}>
            Pause
          </Button>
        ) : (
          <Button onPress={() => resume({ rotationId: id })} isPending={resuming.sending}>
            Go on
          </Button>
        )}
        <Button kind="danger" onPress={() => cancel({ rotationId: id })} isDisabled={!cancellable} isPending={cancelling.sending}>
          Cancel
        </Button>
        {cancellable ? null : <span className="muted">The switch was made: it can only be completed.</span>}
      </div>
      <Failures of={[...pausing.errors, ...resuming.errors, ...cancelling.errors]} />
    </>
  );
}
