/** `npm run screens -w @ekm/console`: pictures of the main states against the real stack, in light and dark, for the documents. */
import { mkdir, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { whenChromium } from "../test/support/chromium.js";
import { signIn } from "../test/support/page.js";
import { startStack } from "../test/support/stack.js";

const OUT = fileURLToPath(new URL("../../../docs/screens/", import.meta.url));
const MOST_BYTES = 150_000;
const STATES = [
  ["not-activated", "Amber Textiles", "/key"],
  ["setup", "Birch Logistics", "/key"],
  ["enabled", "Cobalt Health", "/key"],
  ["updating-key", "Dune Robotics", "/key"],
  ["key-disabled", "Granite Bank", "/key"],
  ["backups", "Cobalt Health", "/backups"],
  ["audit-log", "Cobalt Health", "/audit"],
  ["support-accounts", null, "/accounts"],
] as const;

whenChromium((launch) => {
  it("takes the pictures", async () => {
    await mkdir(OUT, { recursive: true });
    const [stack, browser] = await Promise.all([startStack(), launch()]);
    try {
      const people = await fetch(`${stack.gateway}/demo/people.json`);
      const { supportToken } = (await people.json()) as { supportToken: string };
      for (const colorScheme of ["light", "dark"] as const) {
        for (const [name, account, path] of STATES) {
          const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 860 } });
          const token = account === null ? supportToken : ((await stack.account(account)).tokens["ACCOUNT_ADMIN"] ?? "");
          await signIn(page, `${stack.gateway}/console${path}`, token);
          await page.waitForFunction(() => document.querySelector(".skeleton") === null);
          if (account !== null) await page.locator(".connection").getByText("Live").waitFor();
          const file = `${OUT}${name}-${colorScheme}.png`;
          await page.screenshot({ path: file });
          expect((await stat(file)).size, file).toBeLessThan(MOST_BYTES);
          await page.close();
        }
      }
    } finally {
      await browser.close();
      await stack.close();
    }
  }, 300_000);
});
