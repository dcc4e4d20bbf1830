// Invariant: the bytes that docs/format.md spells out are the format. They are made here from the page's own words with node:crypto
// alone, so a change of the format that the page does not follow is seen, and the other way round.
import { createCipheriv, createHmac, hkdfSync } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { AccountKey, ALWAYS_OPEN, open } from "../src/index.js";
import { chunks, drain } from "../testing/bytes.js";

const PAGE = path.resolve(import.meta.dirname, "..", "..", "..", "docs", "format.md");
const [BEGIN, END] = ["<!-- vector -->", "<!-- /vector -->"];

const counting = (from: number, length: number): Buffer => Buffer.from(Array.from({ length }, (_, n) => from + n));
const uint = (bytes: number, value: number): Buffer => Buffer.from(value.toString(16).padStart(bytes * 2, "0"), "hex");
const withLength = (field: Buffer): Buffer => Buffer.concat([uint(2, field.length), field]);

const KEY_NAME = "acc_1/1";
const CONTEXT = { "ekm:account": "acc_1", "ekm:backup": "bkp_1", "ekm:generation": "1", "ekm:object": "1/000000" };
const FRAME = 8;
const PLAINTEXT = Buffer.from("hello, reader");

function gcm(key: Buffer, iv: Buffer, aad: Buffer, plaintext: Buffer): Buffer {
  const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(aad);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

function vector() {
  const [accountKey, dataKey, messageId, wrapIv] = [counting(0, 32), counting(0x20, 32), counting(0x40, 32), counting(0x60, 12)];
  const pairs = Object.entries(CONTEXT).map((pair) => Buffer.concat(pair.map((text) => withLength(Buffer.from(text)))));
  const context = Buffer.concat([uint(2, pairs.length), ...pairs]);
  const derive = (info: Buffer): Buffer => Buffer.from(hkdfSync("sha512", dataKey, messageId, info, 32));
  const contentKey = derive(Buffer.concat([uint(2, 0x0478), Buffer.from("DERIVEKEY")]));
  const commitment = derive(Buffer.from("COMMITKEY"));
  const wrapped = gcm(accountKey, wrapIv, context, dataKey);
  const body = Buffer.concat([
    ...[uint(1, 2), uint(2, 0x0478), messageId, withLength(context), uint(2, 1), withLength(Buffer.from("ekm"))],
    withLength(Buffer.concat([Buffer.from(KEY_NAME), uint(4, 128), uint(4, 12), wrapIv])),
    ...[withLength(wrapped), uint(1, 2), uint(4, FRAME), commitment],
  ]);
  const headerTag = gcm(contentKey, Buffer.alloc(12), body, Buffer.alloc(0));
  const frame = (number: number, content: Buffer, final: boolean): Buffer => {
    const text = Buffer.from(final ? "AWSKMSEncryptionClient Final Frame" : "AWSKMSEncryptionClient Frame");
    const aad = Buffer.concat([messageId, text, uint(4, number), uint(8, content.length)]);
    const prefix = final
      ? [uint(4, 0xffff_ffff), uint(4, number), uint(12, number), uint(4, content.length)]
      : [uint(4, number), uint(12, number)];
    return Buffer.concat([...prefix, gcm(contentKey, uint(12, number), aad, content)]);
  };
  const first = frame(1, PLAINTEXT.subarray(0, FRAME), false);
  const last = frame(2, PLAINTEXT.subarray(FRAME), true);
  const checkValue = createHmac("sha256", accountKey).update("ekm:key-check-value:v1").digest();
  return {
    accountKey,
    message: Buffer.concat([body, headerTag, first, last]),
    parts: {
      accountKey,
      checkValue,
      dataKey,
      messageId,
      wrapIv,
      context,
      wrapped,
      contentKey,
      commitment,
      body,
      headerTag,
      first,
      last,
    },
  };
}

function asText({ parts }: ReturnType<typeof vector>): string {
  const hex = (bytes: Buffer): string => (bytes.toString("hex").match(/.{1,64}/g) ?? []).map((line) => `  ${line}`).join("\n");
  const rows: readonly [string, Buffer][] = [
    ["account key", parts.accountKey],
    ["its key check value", parts.checkValue],
    ["data key", parts.dataKey],
    ["message id", parts.messageId],
    ["wrap IV", parts.wrapIv],
    ["encryption context, serialised", parts.context],
    ["wrapped data key", parts.wrapped],
    ["content key", parts.contentKey],
    ["commitment", parts.commitment],
    ["header body", parts.body],
    ["header tag", parts.headerTag],
    ["frame 1", parts.first],
    ["frame 2, the final one", parts.last],
  ];
  const given = `key name "${KEY_NAME}", frame length ${FRAME}, plaintext "${PLAINTEXT}"\ncontext ${JSON.stringify(CONTEXT)}`;
  const listed = rows.map(([title, bytes]) => `${title}\n${hex(bytes)}`).join("\n");
  return `\`\`\`\n${given}\n${listed}\n\`\`\`\n\nThe message is header body ‖ header tag ‖ frame 1 ‖ frame 2.`;
}

it("docs/format.md spells out this message", async () => {
  const page = await readFile(PAGE, "utf8");
  const [before, rest = ""] = page.split(BEGIN);
  const [, after] = rest.split(END);
  const wanted = `${before}${BEGIN}\n${asText(vector())}\n${END}${after}`;
  if (process.env["EKM_UPDATE_DOCS"] === "1") await writeFile(PAGE, wanted);
  else expect(page, "run it with EKM_UPDATE_DOCS=1 and read what changed").toBe(wanted);
});

it("our reader opens it, and finds the account key by its check value", async () => {
  const { accountKey, message, parts } = vector();
  const key = AccountKey.takeOver(Buffer.from(accountKey));
  expect(key.checkValue()).toBe(parts.checkValue.toString("hex"));
  const options = { accountKey: key, keyName: KEY_NAME, expectedContext: CONTEXT, gate: ALWAYS_OPEN };
  expect(await drain(open(chunks(message), options))).toEqual({ bytes: PLAINTEXT, error: null });
});
