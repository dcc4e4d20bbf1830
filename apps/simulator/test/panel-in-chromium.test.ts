// What QA does with the panel: break a customer's key with a switch, see AWS refuse and why, see the product notice, repair.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import axe from "axe-core";
import { type Browser, chromium as driver, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { whenChromium } from "./support/chromium.js";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const PATIENCE = { timeout: 60_000 };

whenChromium(({ executablePath, args }) => {
  describe("the panel of a stack that is up", () => {
    let directory = "";
    let up: ChildProcess;
    let browser: Browser;
    let url = "";
    const complaints: string[] = [];

    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), "ekm-panel-"));
      up = spawn(process.execPath, [MAIN, "up", "--dir", directory, "--port", "0", "--aws-port", "0", "--lease", "2"], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      if (!up.stdout) throw new Error("no output");
      for await (const line of createInterface({ input: up.stdout })) {
        url = / panel: .* (http:\S+)$/.exec(line)?.[1] ?? url;
        if (line.includes("Ctrl-C")) break;
      }
      browser = await driver.launch({ executablePath, args: [...args] });
    }, 120_000);
    afterAll(async () => {
      await browser?.close();
      up?.kill("SIGINT");
      if (up && up.exitCode === null) await once(up, "exit");
      await rm(directory, { recursive: true, force: true });
    }, 60_000);

    async function open(
      options: { readonly width?: number; readonly colorScheme?: "light" | "dark"; readonly at?: string } = {},
    ) {
      const { width = 1280, colorScheme = "light", at = "" } = options;
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
      const page = await context.newPage();
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("request", (request) => {
        if (!request.url().startsWith(url)) complaints.push(`asked elsewhere: ${request.url()}`);
      });
      await page.goto(`${url}${at}`);
      return page;
    }
    const choose = async (page: Page, name: RegExp): Promise<void> => {
      await page.getByRole("link", { name }).click(PATIENCE);
      await page.locator("#health").waitFor(PATIENCE);
    };

    it("shows the refused call with its cause and the product's finding, and repairs", async () => {
      const page = await open();
      await choose(page, /Cobalt Health/);
      await page.locator("#health").getByText("HEALTHY").waitFor(PATIENCE);

      // By the keyboard alone.
      const disabled = page.getByRole("switch", { name: "Disabled" });
      await disabled.focus();
      await page.keyboard.press("Space");
      await page
        .getByRole("status")
        .getByText(/is disabled: every use of it is refused/)
        .waitFor(PATIENCE);
      await page.locator("#health").getByText("UNUSABLE").waitFor(PATIENCE);
      expect(await disabled.getAttribute("aria-checked")).toBe("true");
      expect(await disabled.evaluate((element) => element.matches(":focus"))).toBe(true);
      await page.getByRole("checkbox", { name: "this account only" }).check();
      const refused = page.locator("#calls tr").filter({ hasText: "DisabledException" }).first();
      await refused.waitFor(PATIENCE);
      expect(await refused.innerText()).toMatch(/vendor[\s\S]*cobalt-health[\s\S]*the key is Disabled/);
      await page.getByText("KEY_DISABLED").first().waitFor(PATIENCE);

      await page.getByRole("button", { name: "Start restore" }).click();
      await page.getByText("FAILED").first().waitFor(PATIENCE);

      await page.getByRole("button", { name: "Repair this account" }).click();
      await page.getByRole("status").getByText("cobalt-health: 1 thing put right.").waitFor(PATIENCE);
      await page.locator("#health").getByText("HEALTHY").waitFor(PATIENCE);
      expect(await disabled.getAttribute("aria-checked")).toBe("false");
      await page.context().close();
    }, 120_000);

    it("has no violation that axe finds, in light and dark, and no sideways scrolling at 360 px", async () => {
      for (const colorScheme of ["light", "dark"] as const) {
        for (const [at, ready] of [
          ["", "In the product"],
          ["#/experiments", "happy-path"],
        ] as const) {
          const page = await open({ colorScheme, at });
          await page.getByRole("heading", { name: ready }).waitFor(PATIENCE);
          if (at === "") await choose(page, /Granite Bank/);
          expect(await violations(page), `${colorScheme} ${at}`).toEqual([]);
          if (at !== "") {
            await page.setViewportSize({ width: 360, height: 800 });
            expect(await page.evaluate<number>("document.documentElement.scrollWidth"), at).toBeLessThanOrEqual(360);
            await page.context().close();
            continue;
          }
          await page.getByRole("button", { name: "Repair all" }).click();
          await page.getByRole("dialog").getByText("granite-bank: key disabled").waitFor(PATIENCE);
          expect(await violations(page), `${colorScheme} ${at} repair all`).toEqual([]);
          await page.setViewportSize({ width: 360, height: 800 });
          await page.keyboard.press("Escape");
          await page.getByRole("dialog").waitFor({ state: "hidden" });
          const widest = await page.evaluate<number>("document.documentElement.scrollWidth");
          expect(widest, `${colorScheme} ${at}`).toBeLessThanOrEqual(360);
          expect(await violations(page), `${colorScheme} ${at} at 360 px`).toEqual([]);
          await page.context().close();
        }
      }
    }, 120_000);

    it("takes a grant out and puts it back; with the product's template where it was gone before", async () => {
      const page = await open();
      const grant = page.getByRole("switch", { name: "Grant revoked" });
      await choose(page, /Iris Clinics/);
      await grant.and(page.locator('[aria-checked="true"]')).click(PATIENCE);
      await page.locator("#health").getByText("HEALTHY").waitFor(PATIENCE);
      await choose(page, /Cobalt Health/);
      await grant.and(page.locator('[aria-checked="false"]')).click(PATIENCE);
      await page.getByText("KEY_ACCESS_DENIED").first().waitFor(PATIENCE);
      await grant.and(page.locator('[aria-checked="true"]')).click(PATIENCE);
      await page.locator("#health").getByText("HEALTHY").waitFor(PATIENCE);
      await page.context().close();
    }, 120_000);

    it("runs an experiment on a stack of its own, one at a time, and shows its timeline and report", async () => {
      const page = await open({ at: "#/experiments" });
      await page.getByRole("button", { name: "Run key-disabled", exact: true }).click(PATIENCE);
      await page.locator("#verdict").getByText("running").waitFor(PATIENCE);
      const second = page.getByRole("button", { name: "Run happy-path", exact: true });
      await second.and(page.locator(":disabled")).waitFor(PATIENCE);
      const refused = await page.request.post(`${url}_panel/run`, { data: { name: "happy-path" } });
      expect([refused.status(), await refused.json()]).toEqual([409, { message: "An experiment is running: one at a time." }]);
      await page.locator("#verdict").getByText("as expected").waitFor({ timeout: 110_000 });
      expect(await page.locator(".timeline li").count()).toBeGreaterThan(8);
      expect(await page.locator(".timeline").innerText()).toContain("disable key main");
      const report = await page.request.get(`${url}_panel/report/report.html`);
      expect(report.headers()["content-security-policy"]).toContain("sandbox");
      expect(await report.text()).toContain("key-disabled");
      expect(await readdir(join(directory, "experiments"))).toHaveLength(1);
      await page.context().close();
    }, 150_000);

    it("says that the simulator has gone, and does not pretend to know", async () => {
      const page = await open();
      await choose(page, /Cobalt Health/);
      await page.context().setOffline(true);
      await page.getByRole("switch", { name: "Throttled" }).click();
      await page.getByRole("alert").getByText("The simulator does not answer").waitFor(PATIENCE);
      expect(await page.getByRole("switch", { name: "Throttled" }).getAttribute("aria-checked")).toBe("false");
      await page.context().close();
    }, 60_000);

    it("is content with what it may load: nothing broke the policy, nothing came from elsewhere", () => {
      expect(complaints.filter((text) => !/ERR_INTERNET_DISCONNECTED/.test(text))).toEqual([]);
    });
  });
});

async function violations(page: Page): Promise<string[]> {
  // Evaluated by the driver, so the page's own policy stays as it is.
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const axe = (
      globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }
    ).axe;
    const found = await axe.run();
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
  });
}
