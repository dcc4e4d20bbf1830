import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** For `vite dev`: the stack that `npm start` brings up. */
const STACK = "http://127.0.0.1:4000";

export default defineConfig({
  base: "/console/",
  plugins: [react()],
  build: {
    target: "es2022",
    // The policy allows no script and no style within the page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/graphql": { target: STACK, ws: true }, "/demo": STACK, "/console/settings.json": STACK } },
});
