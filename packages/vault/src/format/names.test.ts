import { describe, expect, it } from "vitest";
import { attemptOfManifest, dataObjectName, frameLengthFor, manifestObjectName, objectContext } from "./names.js";

const of = { accountId: "acc_1", backupId: "bkp_1", attempt: "7" };

describe("object names", () => {
  it("name the attempt and count from 000000", () => {
    expect(dataObjectName(of, 0)).toBe("acc_1/bkp_1/7/000000");
    expect(dataObjectName(of, 1_234_567)).toBe("acc_1/bkp_1/7/1234567");
    expect(manifestObjectName(of)).toBe("acc_1/bkp_1/7/manifest");
  });

  it("give the attempt back, for this backup's manifests alone", () => {
    expect(attemptOfManifest(of, manifestObjectName(of))).toBe("7");
    for (const name of [
      ...["acc_1/bkp_1/7/000000", "acc_1/bkp_1/manifest", "acc_1/bkp_1//manifest", "acc_1/bkp_1/7/x/manifest"],
      ...["acc_1/bkp_12/7/manifest", "acc_2/bkp_1/7/manifest", "acc_1/bkp_1/../manifest", "x/acc_1/bkp_1/7/manifest"],
    ]) {
      expect(attemptOfManifest(of, name)).toBeNull();
    }
  });
});

describe("objectContext", () => {
  it("binds account, backup, attempt and object, and generation", () => {
    expect(objectContext(of, "acc_1/bkp_1/7/000003", 4)).toEqual({
      "ekm:account": "acc_1",
      "ekm:backup": "bkp_1",
      "ekm:object": "7/000003",
      "ekm:generation": "4",
    });
  });
});

it("large objects alone get large frames", () => {
  expect([0, 8 * 2 ** 20, 8 * 2 ** 20 + 1].map(frameLengthFor)).toEqual([65_536, 65_536, 1_048_576]);
});
