import { lazy, type ReactNode, Suspense } from "react";
import { Link, Redirect, Route, Switch, useLocation } from "wouter";
import { Live } from "../reading/live.js";
import { useSession } from "../session/session.js";
import { Button } from "../ui/button.js";
import { titled } from "../words/titled.js";
import { Connection } from "./connection.js";
import { ThemeSwitch } from "./theme-switch.js";

const KeyPage = lazy(() => import("../pages/key/key-page.js"));
const BackupsPage = lazy(() => import("../pages/jobs/backups-page.js"));
const RestoresPage = lazy(() => import("../pages/jobs/restores-page.js"));
const AuditPage = lazy(() => import("../pages/audit/audit-page.js"));
const WebhooksPage = lazy(() => import("../pages/webhooks/webhooks-page.js"));
const AccountsPage = lazy(() => import("../pages/support/accounts-page.js"));
const SupportAccountPage = lazy(() => import("../pages/support/account-page.js"));

const OWN_PAGES = [
  ["/key", "Key management"],
  ["/backups", "Backups"],
  ["/restores", "Restores"],
  ["/audit", "Audit log"],
  ["/webhooks", "Webhooks"],
] as const;
const SUPPORT_PAGES = [["/accounts", "Accounts"]] as const;

export function Shell() {
  const { isSupport } = useSession();
  if (isSupport) {
    return (
      <Frame pages={SUPPORT_PAGES}>
        <Switch>
          <Route path="/accounts">
            <AccountsPage />
          </Route>
          <Route path="/accounts/:id">{({ id }) => <SupportAccountPage key={id} id={id} />}</Route>
          <Route>
            <Redirect to="/accounts" replace />
          </Route>
        </Switch>
      </Frame>
    );
  }
  return (
    <Live>
      <Frame pages={OWN_PAGES} side={<Connection />}>
        <Switch>
          <Route path="/key">
            <KeyPage />
          </Route>
          <Route path="/backups">
            <BackupsPage />
          </Route>
          <Route path="/restores">
            <RestoresPage />
          </Route>
          <Route path="/audit">
            <AuditPage />
          </Route>
          <Route path="/webhooks">
            <WebhooksPage />
          </Route>
          <Route>
            <Redirect to="/key" replace />
          </Route>
        </Switch>
      </Frame>
    </Live>
  );
}

interface FrameProps {
  readonly pages: readonly (readonly [path: string, name: string])[];
  readonly side?: ReactNode;
  readonly children: ReactNode;
}

function Frame({ pages, side, children }: FrameProps) {
  const { account, subject, roles, signOut } = useSession();
  const [location] = useLocation();
  return (
    <div className="frame">
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <header className="head">
        <div className="who">
          <strong>{account?.name ?? "Support"}</strong>
          <span className="muted small">
            {subject} · {roles.map(titled).join(", ")}
          </span>
        </div>
        <div className="row tight">
          {side}
          <ThemeSwitch />
          <Button small onPress={signOut}>
            Sign out
          </Button>
        </div>
      </header>
      <nav className="nav" aria-label="Pages">
        {pages.map(([path, name]) => (
          <Link key={path} href={path} aria-current={location.startsWith(path) ? "page" : undefined}>
            {name}
          </Link>
        ))}
      </nav>
      <main id="content" className="content" tabIndex={-1}>
        <Suspense fallback={<div className="skeleton" role="status" aria-label="Loading" />}>{children}</Suspense>
      </main>
    </div>
  );
}
