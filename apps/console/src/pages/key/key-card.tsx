import { type AccountSettingsFragment, type CustomerKeyDetailsFragment, type EkmSettingsFragment } from "@ekm/client";
import { useHealthCheck } from "../../reading/use-asking.js";
import { useNow } from "../../reading/use-now.js";
import { useSession } from "../../session/session.js";
import { Button } from "../../ui/button.js";
import { Card } from "../../ui/card.js";
import { Value } from "../../ui/copy.js";
import { Facts } from "../../ui/facts.js";
import { Failures } from "../../ui/failures.js";
import { Notice } from "../../ui/notice.js";
import { Pill } from "../../ui/pill.js";
import { Problem } from "../../ui/problem.js";
import { healthWords } from "../../words/health.js";
import { at, day, fromNow, span } from "../../words/times.js";

interface Props {
  readonly account: AccountSettingsFragment;
  readonly ekm: EkmSettingsFragment;
  readonly keyOf: CustomerKeyDetailsFragment;
}

/** The key, and how it does, live. */
export function KeyCard({ account, ekm, keyOf }: Props) {
  const { mayAdminister } = useSession();
  const now = useNow();
  const [checking, check] = useHealthCheck();
  const { health } = keyOf;
  const [tone, word] = healthWords(health.state);
  return (
    <Card
      title={ekm.status === "ROTATING" ? "Enabled; the key is being updated" : "Enabled"}
      side={
        <span role="status" aria-label="Health of the key">
          <Pill tone={tone}>{word}</Pill>
        </span>
      }
    >
      <Facts
        rows={[
          ["Key", <Value key="arn" text={keyOf.arn} what="the key's ARN" />],
          ["AWS account", keyOf.awsAccountId],
          ["Region", keyOf.multiRegion ? `${keyOf.region}, multi-Region` : keyOf.region],
          ["Enabled", at(keyOf.enabledAt)],
          [`${word} since`, `${at(health.since)} (${fromNow(health.since, now)})`],
          ["Last looked at", fromNow(health.checkedAt, now)],
          ["Last usable", health.lastUsableAt === null || health.state === "HEALTHY" ? null : at(health.lastUsableAt)],
          [
            "Terms",
            ekm.acceptance === null ? null : `version ${ekm.acceptance.version}, accepted by ${ekm.acceptance.acceptedBy}`,
          ],
        ]}
      />
      {health.deletionDate === null ? null : (
        <Notice tone="bad" title={`AWS deletes this key in ${span(new Date(health.deletionDate).getTime() - now)}`}>
          <p>
            On {day(health.deletionDate)} the key is gone, and with it every backup of this account. Cancel the deletion in AWS
            before, and enable the key again.
          </p>
        </Notice>
      )}
      {account.keyLock === null ? null : (
        <Notice tone="bad" title="Keys are locked on our side">
          <p>
            By {account.keyLock.lockedBy} on {at(account.keyLock.lockedAt)}: {account.keyLock.reason}
          </p>
        </Notice>
      )}
      {health.problem === null || account.keyLock !== null ? null : (
        <Problem of={health.problem} tone={health.state === "DEGRADED" ? "warn" : "bad"} />
      )}
      {health.warnings.map((warning) => (
        <Problem key={warning.code} of={warning} tone="warn" />
      ))}
      {mayAdminister ? (
        <div className="row">
          <Button onPress={() => check({ accountId: account.id })} isPending={checking.sending}>
            {checking.sending ? "Checking …" : "Check key now"}
          </Button>
        </div>
      ) : null}
      <Failures of={checking.errors} />
    </Card>
  );
}
