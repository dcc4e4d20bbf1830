import { type FormEvent, useEffect, useState } from "react";
import { usePageTitle } from "../shell/page-title.js";
import { ThemeSwitch } from "../shell/theme-switch.js";
import { Button } from "../ui/button.js";
import { Field } from "../ui/field.js";
import { Notice } from "../ui/notice.js";
import { titled } from "../words/titled.js";
import { type DemoPeople, readDemoPeople } from "./demo-people.js";

interface Props {
  readonly demo: string | null;
  readonly reason: string | null;
  readonly onToken: (token: string) => void;
}

const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

export function SignIn({ demo, reason, onToken }: Props) {
  usePageTitle("Sign in");
  const [token, setToken] = useState("");
  const [fault, setFault] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const text = token.trim().replace(/^bearer\s+/i, "");
    if (JWT.test(text)) return onToken(text);
    setFault("This is not an access token: three parts, separated by dots.");
  };
  return (
    <main className="sign-in">
      <div className="row between">
        <h1>Key management console</h1>
        <ThemeSwitch />
      </div>
      {reason === null ? null : <Notice tone="warn">{reason}</Notice>}
      <form className="card stack" onSubmit={submit} noValidate>
        <Field
          label="Access token"
          description="It is kept in this page's memory alone. A reload or a closed tab forgets it, and you sign in again."
          value={token}
          onChange={setToken}
          error={fault}
          secret
        />
        <div className="row">
          <Button type="submit" kind="primary">
            Sign in
          </Button>
        </div>
      </form>
      {demo === null ? null : <Demo url={demo} onToken={onToken} />}
    </main>
  );
}

const RETRY_MS = 2_000;

/** In a development stack only: its people, ready to be. */
function Demo({ url, onToken }: { readonly url: string; readonly onToken: (token: string) => void }) {
  const [people, setPeople] = useState<DemoPeople | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let over = false;
    const read = async () => {
      const found = await readDemoPeople(url);
      if (over) return;
      if (found === null) timer = setTimeout(read, RETRY_MS);
      else setPeople(found);
    };
    void read();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [url]);
  return (
    <section className="card stack" aria-labelledby="demo">
      <h2 id="demo">People of this development stack</h2>
      {people === null ? (
        <p className="muted">Its accounts are being set up.</p>
      ) : (
        <>
          <div className="row">
            <Button onPress={() => onToken(people.supportToken ?? "")}>Support</Button>
            <span className="muted">all accounts: search, activate, diagnose</span>
          </div>
          <ul className="people">
            {people.accounts.map(({ id, name, state, tokens }) => (
              <li key={id}>
                <span className="who">
                  <strong>{name}</strong> <span className="muted">{state}</span>
                </span>
                <span className="row tight">
                  {Object.entries(tokens).map(([role, token]) => (
                    <Button key={role} small onPress={() => onToken(token)} aria-label={`${titled(role)} of ${name}`}>
                      {titled(role.replace("ACCOUNT_", ""))}
                    </Button>
                  ))}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
