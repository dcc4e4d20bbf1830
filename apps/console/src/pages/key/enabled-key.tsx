import type { AccountSettingsFragment, CustomerKeyDetailsFragment, EkmSettingsFragment } from "@ekm/client";
import { useState } from "react";
import { useSession } from "../../session/session.js";
import { Button } from "../../ui/button.js";
import { Card } from "../../ui/card.js";
import { Notice } from "../../ui/notice.js";
import { Rotations } from "../rotation/rotations.js";
import { UpdateKey } from "../rotation/update-key.js";
import { Diagnosis } from "./diagnosis.js";
import { HealthHistory } from "./health-history.js";
import { Impact } from "./impact.js";
import { KeyCard } from "./key-card.js";
import { LockKeys, UnlockKeys } from "./lock-keys.js";

interface Props {
  readonly account: AccountSettingsFragment;
  readonly ekm: EkmSettingsFragment;
  readonly keyOf: CustomerKeyDetailsFragment;
  readonly again: () => void;
}

type Asked = "update" | "lock" | "unlock" | null;

export function EnabledKey({ account, ekm, keyOf, again }: Props) {
  const { mayAdminister } = useSession();
  const [asked, setAsked] = useState<Asked>(null);
  const close = () => {
    setAsked(null);
    again();
  };
  const isLocked = account.keyLock !== null;
  return (
    <>
      <KeyCard account={account} ekm={ekm} keyOf={keyOf} />
      <Diagnosis accountId={account.id} keyOf={keyOf} />
      {mayAdminister ? (
        <Card title="What you can do">
          <div className="row">
            <Button onPress={() => setAsked("update")} isDisabled={ekm.activeRotation !== null || isLocked}>
              Update key …
            </Button>
            {isLocked ? (
              <Button onPress={() => setAsked("unlock")}>Unlock keys …</Button>
            ) : (
              <Button kind="danger" onPress={() => setAsked("lock")}>
                Lock keys …
              </Button>
            )}
          </div>
          <p className="muted">
            Lock stops every use of your data's keys on our side within a second, jobs under way included. To withhold the key
            from us for certain, disable it in AWS.
          </p>
        </Card>
      ) : null}
      {ekm.leftBehind.length === 0 ? null : (
        <Notice tone="warn" title="Left behind with your consent">
          {ekm.leftBehind.map(({ generation, backups, problem }) => (
            <p key={generation}>
              Generation {generation}, with {backups} backups: {problem.message}
            </p>
          ))}
        </Notice>
      )}
      <Rotations ekm={ekm} />
      <div className="columns">
        <Impact ekm={ekm} />
        <HealthHistory />
      </div>
      {asked === "update" ? <UpdateKey account={account} onClose={close} /> : null}
      {asked === "lock" ? <LockKeys account={account} onClose={close} /> : null}
      {asked === "unlock" ? <UnlockKeys account={account} onClose={close} /> : null}
    </>
  );
}
