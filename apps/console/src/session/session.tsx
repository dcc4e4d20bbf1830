import type { KnownRole, ViewerQuery } from "@ekm/client";
import { useViewerQuery } from "@ekm/client/react";
import { createContext, type ReactNode, useContext, useMemo } from "react";
import { Shown } from "../reading/shown.js";
import { useReading } from "../reading/use-reading.js";

export interface Session {
  readonly subject: string;
  readonly account: ViewerQuery["viewer"]["account"];
  readonly isSupport: boolean;
  /** Keys, settings, locks, webhooks. */
  readonly mayAdminister: boolean;
  /** Backups, restores. */
  readonly mayOperate: boolean;
  readonly roles: readonly string[];
  signOut(): void;
}

const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error("There is no session above this component.");
  return session;
}

interface Props {
  readonly onEnd: (reason: string | null) => void;
  readonly children: ReactNode;
}

/** Asks who the token speaks for, and shows nothing else before that is known. */
export function SessionProvider({ onEnd, children }: Props) {
  const reading = useReading(useViewerQuery());
  return (
    <Shown reading={reading} loading="Signing in" page>
      {({ viewer }) => (
        <Known viewer={viewer} onEnd={onEnd}>
          {children}
        </Known>
      )}
    </Shown>
  );
}

function Known({ viewer, onEnd, children }: Props & Pick<ViewerQuery, "viewer">) {
  const session = useMemo((): Session => {
    const has = (role: KnownRole) => viewer.roles.includes(role);
    return {
      subject: viewer.subject,
      account: viewer.account,
      isSupport: has("SUPPORT"),
      mayAdminister: has("ACCOUNT_ADMIN"),
      mayOperate: has("ACCOUNT_ADMIN") || has("BACKUP_OPERATOR"),
      roles: viewer.roles,
      signOut: () => onEnd(null),
    };
  }, [viewer, onEnd]);
  return <SessionContext value={session}>{children}</SessionContext>;
}
