import type { Demo, DemoAccount } from "./demo-file.js";
import { DEMO_QUERIES, type DemoQuery } from "./demo-queries.js";
import { type Html, html } from "./html.js";

/** The whole page. `nonce` is the one that the content security policy names. */
export const demoPage = (demo: Demo, nonce: string): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>EKM demo</title>
<style nonce="${nonce}">
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.2; }
section, article { margin-bottom: 2rem; }
article { border: 1px solid #8886; border-radius: 6px; padding: 0 1rem 1rem; }
code, pre { font: 14px/1.4 ui-monospace, monospace; }
pre { overflow-x: auto; padding: .75rem; background: #8882; border-radius: 4px; }
dt { font-weight: 600; margin-top: .5rem; }
dd { margin: 0; overflow-wrap: anywhere; }
.token { display: inline-block; max-width: 22rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; vertical-align: bottom; }
button { font: inherit; padding: 0 .6rem; cursor: pointer; }
</style>
</head>
<body>
<h1>EKM demo</h1>
<p>Demo accounts with tokens to try the API with. Open the <a href="/explorer">explorer</a>, put
<code>{"Authorization": "Bearer TOKEN"}</code> into its headers, and paste a query. AWS is simulated at <code>${demo.aws.endpoint}</code>.
From the repository's root <code>npm run sim -- key list</code> shows its keys; <code>key disable ARN</code>, <code>key enable ARN</code>
and <code>account suspend AWS-ACCOUNT-ID</code> break them and mend them.</p>
<section>
<h2>Support</h2>
<p>Creates and activates accounts, and looks. ${copyable(demo.supportToken)}</p>
</section>
${byState(demo.accounts).map(
  ([state, accounts]) => html`<section>
<h2>${state}</h2>
${accounts.map(account)}
</section>`,
)}
<section>
<h2>Queries to paste</h2>
${DEMO_QUERIES.map(query)}
</section>
<script nonce="${nonce}">
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  const { copy } = button.dataset;
  try {
    await navigator.clipboard.writeText(copy);
    button.textContent = "Copied";
  } catch {
    // Without https the clipboard may be closed to pages: the text is selected instead.
    getSelection().selectAllChildren(button.closest("span, article").querySelector("code"));
    button.textContent = "Press Ctrl+C";
  }
  setTimeout(() => { button.textContent = "Copy"; }, 2000);
});
</script>
</body>
</html>
`.text;

/** In the order in which the states first appear. */
function byState(accounts: readonly DemoAccount[]): readonly (readonly [string, readonly DemoAccount[]])[] {
  const states = new Map<string, DemoAccount[]>();
  for (const one of accounts) states.set(one.state, [...(states.get(one.state) ?? []), one]);
  return [...states];
}

const account = ({ id, name, description, keyArn, tokens }: DemoAccount): Html => html`<article>
<h3>${name}</h3>
<p>${description}</p>
<dl>
<dt>Account id</dt><dd><code>${id}</code></dd>
${keyArn === undefined ? null : html`<dt>Key</dt><dd><code>${keyArn}</code></dd>`}
${Object.entries(tokens).map(([role, token]) => html`<dt>${role}</dt><dd>${copyable(token)}</dd>`)}
</dl>
</article>`;

const query = ({ title, as, query: text }: DemoQuery): Html => html`<article>
<h3>${title}</h3>
<p>With the token of ${as}. <button type="button" data-copy="${text}">Copy</button></p>
<pre><code>${text}</code></pre>
</article>`;

const copyable = (text: string): Html =>
  html`<span><code class="token">${text}</code> <button type="button" data-copy="${text}">Copy</button></span>`;
