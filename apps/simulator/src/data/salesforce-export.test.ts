import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeSalesforceExport } from "./salesforce-export.js";
import { caseSuffix, salesforceId } from "./salesforce-id.js";

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "ekm-export-"));
});
afterAll(() => rm(root, { recursive: true }));

/** A CSV reader by the book (RFC 4180), to read what was written with other eyes. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at < text.length; ) {
    if (text[at] !== '"') throw new Error(`a field that is not quoted at ${at}`);
    let field = "";
    for (at++; ; at++) {
      if (at >= text.length) throw new Error("a field without an end");
      if (text[at] !== '"') field += text[at];
      else if (text[at + 1] === '"') {
        field += '"';
        at++;
      } else break;
    }
    row.push(field);
    at++;
    if (text[at] === "\n") {
      rows.push(row);
      row = [];
    } else if (text[at] !== ",") throw new Error(`${JSON.stringify(text[at])} after a field`);
    at++;
  }
  return rows;
}

async function readTree(directory: string): Promise<Map<string, Buffer>> {
  const files = (await readdir(directory, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return new Map(await Promise.all(paths.map(async (path) => [path.slice(directory.length + 1), await readFile(path)] as const)));
}

const digest = (tree: ReadonlyMap<string, Buffer>): string => {
  const hash = createHash("sha256");
  for (const [path, bytes] of tree) hash.update(path).update(bytes);
  return hash.digest("hex");
};

describe("a generated Salesforce export", () => {
  it.each([128 * 1024, 1_000_000, 3_456_789, 20_000_000])("has exactly the %d bytes asked for", async (bytes) => {
    const directory = join(root, `size-${bytes}`);
    const summary = await writeSalesforceExport({ directory, bytes, seed: 1 });
    const tree = await readTree(directory);
    expect([...tree.values()].reduce((sum, file) => sum + file.length, 0)).toBe(bytes);
    expect(summary).toMatchObject({ bytes, files: tree.size });
  });

  it("is the same for the same seed and another for another", async () => {
    const make = async (name: string, seed: number): Promise<string> => {
      const directory = join(root, name);
      await writeSalesforceExport({ directory, bytes: 2_000_000, seed });
      return digest(await readTree(directory));
    };
    const first = await make("seed-a", 42);
    expect(await make("seed-b", 42)).toBe(first);
    expect(await make("seed-c", 43)).not.toBe(first);
  });

  it("is CSV that reads back, with line breaks, quotes and scripts of many kinds, and foreign keys that lead somewhere", async () => {
    const directory = join(root, "content");
    const { rows } = await writeSalesforceExport({ directory, bytes: 4_000_000, seed: 9 });
    const tree = await readTree(directory);
    const tables = new Map<string, Record<string, string>[]>();
    for (const [path, bytes] of tree) {
      if (!path.endsWith(".csv")) continue;
      const [header = [], ...body] = parseCsv(bytes.toString("utf8"));
      expect(body.filter((row) => row.length !== header.length)).toEqual([]);
      tables.set(
        path.slice(0, -4),
        body.map((row) => Object.fromEntries(header.map((column, at) => [column, row[at] ?? ""]))),
      );
    }
    expect(Object.fromEntries([...tables].map(([name, body]) => [name, body.length]))).toEqual(rows);
    const ids = new Set([...tables.values()].flatMap((body) => body.map((row) => row["Id"])));
    expect(ids.size).toBe([...tables.values()].reduce((sum, body) => sum + body.length, 0));
    const foreign = ["AccountId", "ContactId", "OwnerId", "CreatedById", "WhoId", "WhatId", "ParentId"];
    const references = [...tables.values()].flatMap((body) =>
      body.flatMap((row) => foreign.flatMap((column) => row[column] ?? [])),
    );
    expect(references.length).toBeGreaterThan(1000);
    expect(references.filter((id) => !ids.has(id))).toEqual([]);
    const text = (tables.get("Case") ?? []).map((row) => row["Description"]).join("");
    expect(text).toMatch(/\n/);
    expect(text).toMatch(/"we cannot start/);
    expect(text).toMatch(/[\u3040-\u30ff]/);
    for (const row of tables.get("Attachment") ?? []) {
      expect(tree.get(`Attachments/${row["Id"]}`)?.length).toBe(Number(row["BodyLength"]));
    }
    for (const row of tables.get("ContentVersion") ?? []) {
      expect(tree.get(`ContentVersion/${row["Id"]}`)?.length).toBe(Number(row["ContentSize"]));
    }
  });

  it("refuses a size that no export has", async () => {
    await expect(writeSalesforceExport({ directory: join(root, "tiny"), bytes: 1000, seed: 1 })).rejects.toThrow(RangeError);
  });
});

describe("Salesforce Ids", () => {
  // The worked example in Salesforce's documentation of the 18-character Id.
  it("have the suffix that Salesforce computes", () => {
    expect(caseSuffix("001A0000006Vm9r")).toBe("IAC");
    expect(caseSuffix("aaaaaaaaaaaaaaa")).toBe("AAA");
    expect(caseSuffix("AaaaaAAAAAaaaaA")).toBe("B5Q");
  });
  it("are 18 characters, start with the object's prefix and differ", () => {
    const ids = Array.from({ length: 5000 }, (_, n) => salesforceId("Contact", 7, n));
    expect(ids.every((id) => /^003[0-9A-Za-z]{12}[A-Z0-5]{3}$/.test(id))).toBe(true);
    expect(new Set(ids.map((id) => id.toLowerCase())).size).toBe(ids.length);
  });
});
