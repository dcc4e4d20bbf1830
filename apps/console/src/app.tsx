import { createEkmClient, type EkmClient } from "@ekm/client";
import { EkmProvider } from "@ekm/client/react";
import { use, useCallback, useRef, useState } from "react";
import { Router } from "wouter";
import { SessionProvider } from "./session/session.js";
import { SignIn } from "./session/sign-in.js";
import type { Settings } from "./settings.js";
import { Shell } from "./shell/shell.js";

/** The token lives in this closure and nowhere else: a reload forgets it. */
function clientFor(api: string, token: string, onRefused: () => void): EkmClient {
  return createEkmClient({
    url: api,
    token({ refused }) {
      if (refused === undefined) return token;
      onRefused();
      throw new Error("Your token is not accepted any more.");
    },
  });
}

export function App({ settings: promised }: { readonly settings: Promise<Settings> }) {
  const settings = use(promised);
  const [client, setClient] = useState<EkmClient | null>(null);
  const [reason, setReason] = useState<string | null>(null);
  const current = useRef<EkmClient | null>(null);

  const end = useCallback((why: string | null) => {
    current.current?.dispose();
    current.current = null;
    setReason(why);
    setClient(null);
  }, []);
  const begin = (token: string) => {
    setReason(null);
    current.current = clientFor(settings.api, token, () =>
      end("Your token was not accepted: it may have run out. Sign in with a new one."),
    );
    setClient(current.current);
  };

  return (
    <Router base="/console">
      {client === null ? (
        <SignIn demo={settings.demo} reason={reason} onToken={begin} />
      ) : (
        <EkmProvider client={client}>
          <SessionProvider onEnd={end}>
            <Shell />
          </SessionProvider>
        </EkmProvider>
      )}
    </Router>
  );
}
