import type { AccountSettingsFragment } from "@ekm/client";
import { useAccountSettingsQuery } from "@ekm/client/react";
import { Link } from "wouter";
import { Live } from "../../reading/live.js";
import { Shown } from "../../reading/shown.js";
import { useReading } from "../../reading/use-reading.js";
import { Connection } from "../../shell/connection.js";
import { usePageTitle } from "../../shell/page-title.js";
import { Card } from "../../ui/card.js";
import { Value } from "../../ui/copy.js";
import { Facts } from "../../ui/facts.js";
import { Notice } from "../../ui/notice.js";
import { Pill } from "../../ui/pill.js";
import { healthWords } from "../../words/health.js";
import { at, day } from "../../words/times.js";
import { titled } from "../../words/titled.js";
import { Activation } from "./activation.js";
import { WhyItFails } from "./why-it-fails.js";

export default function SupportAccountPage({ id }: { readonly id: string }) {
  return (
    <Live accountId={id}>
      <Account id={id} />
    </Live>
  );
}

function Account({ id }: { readonly id: string }) {
  usePageTitle("Account");
  const reading = useReading(useAccountSettingsQuery({ variables: { accountId: id } }));
  return (
    <>
      <div className="row between">
        <Link href="/accounts">← All accounts</Link>
        <Connection />
      </div>
      <Shown reading={reading} loading="Reading the account">
        {({ account }) =>
          account === null ? <Notice tone="bad">There is no such account.</Notice> : <Details account={account} />
        }
      </Shown>
    </>
  );
}

function Details({ account }: { readonly account: AccountSettingsFragment }) {
  const { ekm, keyLock } = account;
  const key = ekm?.key ?? null;
  const [tone, word] = key === null ? (["idle", ""] as const) : healthWords(key.health.state);
  return (
    <>
      <h1>{account.name}</h1>
      <Card title="Account" side={key === null ? null : <Pill tone={tone}>{word}</Pill>}>
        <Facts
          rows={[
            ["Id", <Value key="id" text={account.id} what="the account's id" />],
            ["Created", at(account.createdAt)],
            ["Key management", account.keyManagement === "ENTERPRISE" ? "Enterprise: the customer's key" : "Cloud: our key"],
            ["EKM", ekm === null ? "Not activated" : titled(ekm.status)],
            ["Activated", ekm === null ? null : `${day(ekm.activatedAt)}, by ${ekm.activatedBy}`],
            ["Ticket", ekm?.activationTicket ?? null],
            ["To be used by", ekm?.activationExpiresAt == null || key !== null ? null : day(ekm.activationExpiresAt)],
            ["Key", key === null ? null : <Value key="arn" text={key.arn} what="the key's ARN" />],
            ["Locked", keyLock === null ? null : `${at(keyLock.lockedAt)}, by ${keyLock.lockedBy}: ${keyLock.reason}`],
          ]}
        />
      </Card>
      {key === null ? <Activation account={account} /> : null}
      <WhyItFails accountId={account.id} />
    </>
  );
}
