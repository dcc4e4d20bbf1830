// The pictures of docs/panel.md, taken of a panel that is up:
//   node apps/simulator/dist/main.js up --dir .data/screens --port 0 --aws-port 0 --lease 5
//   node apps/simulator/test/panel-screens.mjs http://127.0.0.1:PORT/
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { chromium } from "playwright-core";

const SCREENS = path.resolve(import.meta.dirname, "..", "..", "..", "docs", "screens");
const [url] = process.argv.slice(2);
if (url === undefined) throw new Error("the panel's address is missing");

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"],
});

async function page(colorScheme, width = 1280, height = 900) {
  const opened = await browser.newPage({ colorScheme, viewport: { width, height } });
  await opened.goto(url);
  await opened.getByRole("heading", { name: "In AWS" }).waitFor();
  await opened.getByRole("link", { name: /Cobalt Health/ }).click();
  await opened.locator("#health").waitFor();
  return opened;
}
async function shoot(opened, name) {
  const picture = await opened.screenshot();
  await writeFile(path.join(SCREENS, `panel-${name}.png`), await small(picture));
}

/** The same picture with a palette: a third of the bytes. The browser decodes it. */
async function small(png) {
  const canvas = await browser.newPage();
  const { width, height, colours } = await canvas.evaluate(
    async (data) => {
      const bitmap = await createImageBitmap(await (await fetch(data)).blob());
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
      context.drawImage(bitmap, 0, 0);
      const pixels = new Uint32Array(context.getImageData(0, 0, bitmap.width, bitmap.height).data.buffer);
      return { width: bitmap.width, height: bitmap.height, colours: [...pixels].map((pixel) => pixel & 0xffffff) };
    },
    `data:image/png;base64,${png.toString("base64")}`,
  );
  await canvas.close();
  const counts = new Map();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const palette = [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 256)
    .map(([colour]) => colour);
  const distance = (a, b) => [0, 8, 16].reduce((sum, shift) => sum + (((a >> shift) & 255) - ((b >> shift) & 255)) ** 2, 0);
  const indexes = new Map(palette.map((colour, index) => [colour, index]));
  const indexOf = (colour) => {
    const known = indexes.get(colour);
    if (known !== undefined) return known;
    const nearest = palette.reduce(
      (best, candidate, index) => (distance(candidate, colour) < distance(palette[best], colour) ? index : best),
      0,
    );
    indexes.set(colour, nearest);
    return nearest;
  };
  const rows = Buffer.alloc((width + 1) * height);
  colours.forEach((colour, at) => {
    rows[Math.floor(at / width) * (width + 1) + 1 + (at % width)] = indexOf(colour);
  });
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const framed = Buffer.alloc(body.length + 8);
    framed.writeUInt32BE(data.length, 0);
    body.copy(framed, 4);
    framed.writeUInt32BE(crc32(body), body.length + 4);
    return framed;
  };
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 3, 0, 0, 0]);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  const colourTable = Buffer.from(palette.flatMap((colour) => [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255]));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("PLTE", colourTable),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

const light = await page("light");
await light.getByRole("switch", { name: "Disabled" }).click();
await light.locator("#health").getByText("UNUSABLE").waitFor({ timeout: 60_000 });
await light.locator("#calls").getByText("DisabledException").first().waitFor({ timeout: 60_000 });
await light.getByRole("button", { name: "Start restore" }).click();
await light.getByText("FAILED").first().waitFor({ timeout: 60_000 });
await light.getByRole("checkbox", { name: "this account only" }).check();
await shoot(light, "accounts-light");
const dark = await page("dark");
await shoot(dark, "accounts-dark");
await shoot(await page("light", 360, 800), "phone-light");
await light.getByRole("button", { name: "Repair this account" }).click();
await light.locator("#health").getByText("HEALTHY").waitFor({ timeout: 60_000 });

for (const [opened, name] of [
  [dark, "experiment-dark"],
  [light, "experiment-light"],
]) {
  await opened.goto(new URL("/#/experiments", url).href);
  await opened.getByRole("searchbox").fill("key-disabled");
  if (name.endsWith("dark")) {
    await opened.getByRole("button", { name: "Run key-disabled", exact: true }).click();
    await opened.locator("#verdict").getByText("as expected").waitFor({ timeout: 180_000 });
  }
  await opened.locator("#verdict").getByText("as expected").waitFor();
  await shoot(opened, name);
}
await browser.close();
