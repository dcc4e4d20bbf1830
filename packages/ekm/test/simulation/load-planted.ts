import { fileURLToPath } from "node:url";
import { createServer, type Plugin } from "vite";
import type { Plant } from "./plants.js";
import type { simulate } from "./simulate.js";

type Simulate = typeof simulate;

const PACKAGES = fileURLToPath(new URL("../../../", import.meta.url));
const SIMULATE = fileURLToPath(new URL("./simulate.ts", import.meta.url));
const conditions = ["@ekm/source", "node", "import", "default"];

/** The simulation, loaded anew with the bug in its module. Throws where the bug's text is not in the file exactly once. */
export async function withPlanted<T>(plant: Plant, work: (simulate: Simulate) => Promise<T>): Promise<T> {
  let planted = false;
  const plugin: Plugin = {
    name: "plant",
    enforce: "pre",
    transform(code, id) {
      if (id.split("?")[0] !== `${PACKAGES}${plant.file}`) return null;
      const times = code.split(plant.find).length - 1;
      if (times !== 1) throw new Error(`"${plant.name}" cannot be planted: its text is ${times} times in ${plant.file}`);
      planted = true;
      return { code: code.replace(plant.find, () => plant.replace), map: null };
    },
  };
  const server = await createServer({
    root: PACKAGES,
    configFile: false,
    logLevel: "silent",
    appType: "custom",
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true, include: [] },
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    plugins: [plugin],
  });
  try {
    const loaded = (await server.ssrLoadModule(SIMULATE)) as { readonly simulate: Simulate };
    if (!planted) throw new Error(`"${plant.name}" is planted in ${plant.file}, which the simulation does not load`);
    return await work(loaded.simulate);
  } finally {
    await server.close();
  }
}
