// Invariant: the whole way from support's activation to a key that fails and is mended can be gone in the console, and what a page says is so.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { whenChromium } from "./support/chromium.js";
import { createCustomerKey } from "./support/customer-key.js";
import { complaintsOf, expectGoodPage, signIn } from "./support/page.js";
import { type Stack, startStack } from "./support/stack.js";

const PATIENCE_MS = 60_000;
const START_MS = 180_000;

whenChromium((launch) => {
  let stack: Stack;
  let browser: Browser;
  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack(), launch()]);
  }, START_MS);
  afterAll(async () => {
    await browser?.close();
    await stack?.close();
  }, START_MS);

  const open = async (): Promise<Page> => {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      permissions: ["clipboard-read", "clipboard-write"],
    });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    return page;
  };
  const urlOf = (path = "/"): string => `${stack.gateway}/console${path}`;

  describe("from activation to a key that fails and is mended", () => {
    it("goes through the console alone", { timeout: 4 * PATIENCE_MS }, async () => {
      const account = await stack.account("Amber Textiles");
      const admin = await open();
      const complaints = complaintsOf(admin);
      await admin.goto(urlOf());
      await admin.getByRole("button", { name: "Account admin of Amber Textiles" }).waitFor();
      await expectGoodPage(admin);
      await admin.getByRole("button", { name: "Account admin of Amber Textiles" }).click();
      await admin.getByRole("heading", { name: "Not activated for your account" }).waitFor();
      expect(await admin.getByLabel("ARN of the KMS key").count()).toBe(0);
      await expectGoodPage(admin);

      const support = await open();
      await signIn(support, urlOf("/accounts"), (await tokenOfSupport(stack)) ?? "");
      await support.getByLabel("Name or id").fill("Amber");
      await support.getByRole("link", { name: "Amber Textiles" }).click();
      await support.getByLabel("Ticket in which the customer asked").fill("CASE-4711");
      await expectGoodPage(support);
      await support.getByRole("button", { name: "Activate" }).click();
      await support.getByRole("heading", { name: "Withdraw the activation" }).waitFor();
      await support.getByText("CASE-4711").first().waitFor();

      // Without a reload: the page of the admin hears of it.
      await admin.getByRole("heading", { name: "1. Let us use your key" }).waitFor();
      await expectGoodPage(admin);
      await admin.getByRole("tab", { name: "Policy statements" }).waitFor();
      await admin.getByRole("button", { name: "Copy Policy statements" }).click();
      const statements = JSON.parse(await admin.evaluate(() => navigator.clipboard.readText())) as object[];
      const keyArn = await createCustomerKey(stack.aws, (owner) => policyOf(owner, statements));

      const field = admin.getByLabel("ARN of the KMS key");
      await field.fill("arn:aws:kms:us-east-1:111122223333:alias/backups");
      await admin.getByText("This names an alias").waitFor();
      await field.fill(keyArn);
      await admin.keyboard.press("Enter");
      await admin.getByText(/^The key can/).waitFor();
      expect(await admin.getByRole("list", { name: "Checks of the key" }).innerText()).not.toContain("Failed");
      await admin.getByText("The key can be used", { exact: true }).waitFor();
      expect(await admin.getByRole("list", { name: "Checks of the key" }).getByText("Passed").count()).toBe(13);
      await admin.getByText("I have read these terms").click();
      const name = admin.getByLabel("Type the account's name");
      await name.fill("Amber");
      const enable = admin.getByRole("button", { name: "Enable Enterprise Key Management" });
      expect(await enable.isDisabled()).toBe(true);
      await name.fill(account.name);
      await expectGoodPage(admin);
      await enable.click();

      await admin.getByRole("heading", { name: "Enabled", exact: true }).waitFor();
      await admin.getByText(keyArn).first().waitFor();
      const health = admin.getByRole("status", { name: "Health of the key" });
      await health.getByText("Healthy").waitFor();
      await expectGoodPage(admin);

      await stack.sim("key", "disable", keyArn);
      await health.getByText("Unusable").waitFor();
      await admin.getByText("The key is disabled in AWS KMS.").waitFor();
      await admin.getByRole("heading", { name: "What to do" }).waitFor();
      await expectGoodPage(admin);
      await stack.sim("key", "enable", keyArn);
      await admin.getByRole("button", { name: "Check key now" }).click();
      await health.getByText("Healthy").waitFor();

      expect(complaints).toEqual([]);
      await admin.reload();
      await admin.getByLabel("Access token").waitFor();
      expect(await admin.evaluate(() => JSON.stringify([localStorage, sessionStorage]))).not.toContain("eyJ");
      expect(await admin.evaluate(() => document.cookie)).toBe("");
    });
  });

  it.each([
    ["a key that is being updated", "Dune Robotics", "/key", "Under the new key"],
    ["a key that AWS will delete", "Harbor Media", "/key", "AWS deletes this key in"],
    ["locked keys", "Kelp Energy", "/key", "Keys are locked on our side"],
    ["backups", "Cobalt Health", "/backups", "Salesforce weekly export"],
    ["no restores", "Cobalt Health", "/restores", "Nothing was restored yet"],
    ["the audit log", "Cobalt Health", "/audit", "Evidence"],
    ["no webhooks", "Cobalt Health", "/webhooks", "Nobody is told yet"],
  ])(
    "shows %s",
    async (_what, name, path, words) => {
      const page = await open();
      const complaints = complaintsOf(page);
      await signIn(page, urlOf(path), (await stack.account(name)).tokens["ACCOUNT_ADMIN"] ?? "");
      await page.getByText(words).first().waitFor();
      await expectGoodPage(page);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
    2 * PATIENCE_MS,
  );

  it(
    "locks with a reason and unlocks, by keyboard alone",
    async () => {
      const page = await open();
      await signIn(page, urlOf("/key"), (await stack.account("Cobalt Health")).tokens["ACCOUNT_ADMIN"] ?? "");
      const health = page.getByRole("status", { name: "Health of the key" });
      await page.getByRole("button", { name: "Lock keys …" }).focus();
      await page.keyboard.press("Enter");
      await page.getByLabel("Reason").waitFor();
      await expectGoodPage(page);
      await page.getByLabel("Reason").focus();
      await page.keyboard.type("Laptop stolen");
      await page.keyboard.press("Enter");
      await page.getByText(/: Laptop stolen/).waitFor();
      await health.getByText("Locked").waitFor();
      await page.getByRole("button", { name: "Unlock keys …" }).focus();
      await page.keyboard.press("Enter");
      await page.getByLabel("Reason").waitFor();
      await page.getByLabel("Reason").focus();
      await page.keyboard.type("Found again");
      await page.keyboard.press("Enter");
      await health.getByText("Healthy").waitFor();
      await page.context().close();
    },
    2 * PATIENCE_MS,
  );

  it(
    "backs up, restores, and says how it went",
    async () => {
      const page = await open();
      await signIn(page, urlOf("/backups"), (await stack.account("Cobalt Health")).tokens["BACKUP_OPERATOR"] ?? "");
      await page
        .getByRole("button", { name: /^Restore the backup of/ })
        .first()
        .click();
      await page.getByRole("button", { name: "Start the restore" }).click();
      await page.getByRole("heading", { name: "Restores", exact: true }).waitFor();
      await page.getByText("Succeeded").first().waitFor();
      await expectGoodPage(page);
      await page.context().close();
    },
    2 * PATIENCE_MS,
  );
});

const tokenOfSupport = async (stack: Stack): Promise<string | null> => {
  const answer = await fetch(`${stack.gateway}/demo/people.json`);
  return ((await answer.json()) as { supportToken: string | null }).supportToken;
};

const policyOf = (ownerId: string, statements: readonly object[]): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Sid: "Owner", Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ownerId}:root` }, Action: "kms:*", Resource: "*" },
      ...statements,
    ],
  });
