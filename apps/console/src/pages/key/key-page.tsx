import { useAccountSettingsQuery } from "@ekm/client/react";
import { Shown } from "../../reading/shown.js";
import { useReading } from "../../reading/use-reading.js";
import { usePageTitle } from "../../shell/page-title.js";
import { Notice } from "../../ui/notice.js";
import { SetupPage } from "../setup/setup-page.js";
import { EnabledKey } from "./enabled-key.js";
import { NotActivated } from "./not-activated.js";

const ROTATING_MS = 1_500;

export default function KeyPage() {
  usePageTitle("Key management");
  const reading = useReading(useAccountSettingsQuery(), {
    everyMs: ({ account }) => (account?.ekm?.activeRotation?.status === "RUNNING" ? ROTATING_MS : null),
  });
  return (
    <>
      <h1>Enterprise Key Management</h1>
      <Shown reading={reading} loading="Reading the settings">
        {({ account }) => {
          if (account === null) return <Notice tone="bad">There is no account for this token.</Notice>;
          if (account.ekm === null) return <NotActivated name={account.name} id={account.id} />;
          if (account.ekm.key === null) return <SetupPage account={account} ekm={account.ekm} />;
          return <EnabledKey account={account} ekm={account.ekm} keyOf={account.ekm.key} again={reading.again} />;
        }}
      </Shown>
    </>
  );
}
