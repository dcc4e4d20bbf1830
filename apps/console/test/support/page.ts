/** What the tests ask of every page that they visit. */
import axe from "axe-core";
import type { Page } from "playwright-core";
import { expect } from "vitest";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

interface Found {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

/** WCAG 2.2 AA as far as a machine can tell, and nothing wider than a narrow screen. */
export async function expectGoodPage(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector(".skeleton") === null);
  const { violations } = (await page.evaluate(
    `${axe.source}; axe.run(document, { runOnly: ${JSON.stringify(RULES)} })`,
  )) as Found;
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
  const { width = 0, height = 0 } = page.viewportSize() ?? {};
  await page.setViewportSize({ width: 360, height });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await page.setViewportSize({ width, height });
}

/** Signs in by pasting the token, as anybody does. */
export async function signIn(page: Page, url: string, token: string): Promise<void> {
  await page.goto(url);
  await page.getByLabel("Access token").fill(token);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.locator("#content h1").first().waitFor();
}

/** What a browser says against a page: blocked by the policy, thrown, not found. */
export function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  return complaints;
}
