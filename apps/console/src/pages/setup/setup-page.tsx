import {
  type AccountSettingsFragment,
  type EkmSettingsFragment,
  EnableEkmDocument,
  type KeyCheckDetailsFragment,
} from "@ekm/client";
import { useIntention, useLegalTermsQuery } from "@ekm/client/react";
import { type FormEvent, useState } from "react";
import { Shown } from "../../reading/shown.js";
import { useKeyValidation } from "../../reading/use-asking.js";
import { useReading } from "../../reading/use-reading.js";
import { useSession } from "../../session/session.js";
import { Button } from "../../ui/button.js";
import { Card } from "../../ui/card.js";
import { Failures } from "../../ui/failures.js";
import { Field } from "../../ui/field.js";
import { Notice } from "../../ui/notice.js";
import { Tick } from "../../ui/tick.js";
import { arnHint, isKeyArn } from "../../words/key-arn.js";
import { at, day } from "../../words/times.js";
import { GrantStep } from "./grant-step.js";
import { KeyChecks } from "./key-checks.js";

interface Props {
  readonly account: AccountSettingsFragment;
  readonly ekm: EkmSettingsFragment;
}

interface Checked {
  readonly arn: string;
  readonly usable: boolean;
  readonly checks: readonly KeyCheckDetailsFragment[];
}

/** The four steps from an activation to a key of the customer's own. */
export function SetupPage({ account, ekm }: Props) {
  const { mayAdminister } = useSession();
  const [arn, setArn] = useState("");
  const [checked, setChecked] = useState<Checked | null>(null);
  const [accepted, setAccepted] = useState<string | null>(null);
  const [typed, setTyped] = useState("");
  const [validating, validate] = useKeyValidation();
  const [enabling, enable] = useIntention(EnableEkmDocument);
  const hint = arnHint(arn);
  const isChecked = checked?.usable === true && checked.arn === arn.trim();

  if (!mayAdminister) {
    return (
      <Notice tone="info">
        Enterprise Key Management is activated. An account admin enables it, with a key of your AWS account.
      </Notice>
    );
  }

  const check = async (event: FormEvent) => {
    event.preventDefault();
    if (!isKeyArn(arn)) return;
    setChecked(null);
    const keyArn = arn.trim();
    const result = await validate({ accountId: account.id, keyArn });
    if (result.ok) setChecked({ arn: keyArn, ...result.data });
  };
  const finish = async (event: FormEvent) => {
    event.preventDefault();
    if (!isChecked || accepted === null || typed !== account.name) return;
    const input = { accountId: account.id, keyArn: arn.trim(), acceptedTermsVersion: accepted, confirmIrreversible: true };
    await enable(input);
  };

  return (
    <>
      <Notice tone="info" title="Activated, not enabled">
        <p>
          Support activated it on {day(ekm.activatedAt)}
          {ekm.activationExpiresAt === null ? "." : `; enable it by ${day(ekm.activationExpiresAt)}.`} Nothing changes before the
          last step.
        </p>
      </Notice>
      <Card title="1. Let us use your key">
        <GrantStep ekm={ekm} arn={isKeyArn(arn) ? arn.trim() : null} />
      </Card>
      <Card title="2. Name the key">
        <form className="stack" onSubmit={check} noValidate>
          <Field
            label="ARN of the KMS key"
            placeholder="arn:aws:kms:eu-west-1:111122223333:key/…"
            value={arn}
            onChange={setArn}
            error={hint}
            code
          />
          <div className="row">
            <Button type="submit" kind="primary" isDisabled={!isKeyArn(arn)} isPending={validating.sending}>
              {validating.sending ? "Checking …" : "Check the key"}
            </Button>
            <span className="muted">Nothing is changed by it.</span>
          </div>
        </form>
        <Failures of={validating.errors} />
        {validating.sending || checked !== null ? <KeyChecks checks={checked?.checks ?? null} /> : null}
        {checked === null ? null : <Verdict usable={checked.usable} isSame={isChecked || checked.arn === arn.trim()} />}
      </Card>
      <Card title="3. Read and accept the terms">
        <Terms accepted={accepted} onAccept={setAccepted} />
      </Card>
      <Card title="4. Enable">
        <form className="stack" onSubmit={finish} noValidate>
          <Notice tone="warn" title="This cannot be undone">
            <p>
              There is no way back to Cloud Key Management. Whoever deletes the key, or loses it, loses every backup of this
              account for ever: nobody can open them, we neither.
            </p>
          </Notice>
          <Field
            label={`Type the account's name, ${account.name}, to confirm`}
            value={typed}
            onChange={setTyped}
            isDisabled={!isChecked || accepted === null}
            description={missing(isChecked, accepted !== null) ?? "Exactly as it is written here."}
          />
          <div className="row">
            <Button
              type="submit"
              kind="primary"
              isDisabled={!isChecked || accepted === null || typed !== account.name}
              isPending={enabling.sending}
            >
              {enabling.sending ? "Enabling …" : "Enable Enterprise Key Management"}
            </Button>
          </div>
        </form>
        <Failures of={enabling.errors} />
      </Card>
    </>
  );
}

function missing(isChecked: boolean, isAccepted: boolean): string | null {
  if (!isChecked) return "First check the key in step 2.";
  return isAccepted ? null : "First accept the terms in step 3.";
}

function Verdict({ usable, isSame }: { readonly usable: boolean; readonly isSame: boolean }) {
  if (!isSame) return <Notice tone="warn">The ARN was changed after the check. Check it again.</Notice>;
  if (usable) {
    return (
      <Notice tone="good" title="The key can be used">
        <p>Go on with the terms.</p>
      </Notice>
    );
  }
  return (
    <Notice tone="bad" title="The key cannot be used yet">
      <p>Mend what failed above, and check again.</p>
    </Notice>
  );
}

interface TermsProps {
  readonly accepted: string | null;
  readonly onAccept: (version: string | null) => void;
}

function Terms({ accepted, onAccept }: TermsProps) {
  const reading = useReading(useLegalTermsQuery());
  return (
    <Shown reading={reading} loading="Reading the terms">
      {({ account }) => {
        const terms = account?.ekm?.terms;
        if (terms === undefined) return <Notice tone="bad">There are no terms to accept.</Notice>;
        return (
          <>
            <h3>
              {terms.title}{" "}
              <span className="muted small">
                version {terms.version}, published {at(terms.publishedAt)}
              </span>
            </h3>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
            <section className="terms" tabIndex={0} aria-label="The terms">
              {terms.body}
            </section>
            <Tick isSelected={accepted === terms.version} onChange={(is) => onAccept(is ? terms.version : null)}>
              I have read these terms and accept them for this account.
            </Tick>
          </>
        );
      }}
    </Shown>
  );
}
