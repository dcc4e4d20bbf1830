// Invariant: the compose file can be read, starts what is there, and names the LocalStack that everything was tried with. It is not run here.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

const root = path.resolve(import.meta.dirname, "../../..");
const textOf = (name: string) => readFileSync(path.join(root, name), "utf8");

const Service = z.strictObject({
  image: z.string().optional(),
  build: z.strictObject({ context: z.string(), dockerfile: z.string() }).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.literal("service_healthy") })).optional(),
  healthcheck: z
    .strictObject({ test: z.array(z.string()), interval: z.string(), timeout: z.string(), retries: z.number() })
    .optional(),
});
const Compose = z.strictObject({ services: z.record(z.string(), Service), volumes: z.record(z.string(), z.null()) });

it("reads as a compose file whose parts exist, and publishes on this machine alone", () => {
  const { services, volumes } = Compose.parse(parse(textOf("infra/compose.yaml")));
  for (const [name, service] of Object.entries(services)) {
    for (const needed of Object.keys(service.depends_on ?? {})) expect(services[needed]?.healthcheck, name).toBeDefined();
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    for (const volume of service.volumes ?? []) expect(Object.keys(volumes)).toContain(volume.split(":")[0]);
    if (service.build !== undefined) {
      expect(existsSync(path.join(root, "infra", service.build.context, service.build.dockerfile)), name).toBe(true);
    }
  }
});

it("names one version of LocalStack: the image, the Python packages and the documentation", () => {
  const { services } = Compose.parse(parse(textOf("infra/compose.yaml")));
  const version = /localstack-core\[runtime\]==([\d.]+)/.exec(textOf("scripts/python-env.mjs"))?.[1];
  expect(version).toBeDefined();
  expect(services["localstack"]?.image).toBe(`localstack/localstack:${version}`);
  expect(textOf("docs/localstack.md")).toContain(`localstack/localstack:${version}`);
});
