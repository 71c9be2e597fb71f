import { fileURLToPath } from "node:url";
import optimizeLocales from "@react-aria/optimize-locales-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds a running console. */
const server = process.env.WAYSIDE_CONSOLE ?? "http://127.0.0.1:9480";

export default defineConfig({
  plugins: [react(), { ...optimizeLocales.vite({ locales: ["en-US", "de-DE"] }), enforce: "pre" }],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2023",
    // Fonts, pictures and workers are files of their own: the policy forbids data: in scripts and styles.
    assetsInlineLimit: 0,
    // The map alone is larger; scripts/size.mjs holds the limit for everything else.
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "maplibre", test: /node_modules[\\/](maplibre-gl|@maplibre|@mapbox)[\\/]/ },
            { name: "uplot", test: /node_modules[\\/]uplot[\\/]/ },
          ],
        },
      },
    },
  },
  worker: { format: "es" },
  // The pictograms of the signs lie outside.
  server: {
    fs: { allow: ["..", "../../signs/pictograms"] },
    proxy: { "/api": { target: server, changeOrigin: false } },
  },
  test: {
    environment: "node",
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
    // Nothing here takes a second; a machine that builds meanwhile takes longer.
    testTimeout: 60_000,
  },
});
