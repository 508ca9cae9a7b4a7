import { satteri } from "@astrojs/markdown-satteri";
import starlight from "@astrojs/starlight";
import { defineConfig, passthroughImageService } from "astro/config";
import { defaultClientConditions } from "vite";
import { formulas, linksTo } from "./src/content/plugins.ts";
import { searchOnDemand } from "./src/content/search-on-demand.ts";
import { securityPolicy } from "./src/content/security-policy.ts";
import { sidebar } from "./src/content/sidebar.ts";

/** Where the site lives on its host, with a slash at both ends. */
const base = process.env.BASIN_BASE ?? "/";

export default defineConfig({
  base,
  outDir: "dist",
  trailingSlash: "always",
  devToolbar: { enabled: false },
  image: { service: passthroughImageService() },
  build: { inlineStylesheets: "never" },
  prefetch: false,
  markdown: { processor: satteri({ features: { math: true }, mdastPlugins: [linksTo(base), formulas] }) },
  vite: {
    plugins: [searchOnDemand()],
    resolve: { conditions: ["@basin/source", ...defaultClientConditions] },
    worker: { format: "es" },
    build: { target: "es2023", assetsInlineLimit: 0 },
  },
  integrations: [
    starlight({
      title: "Basin",
      description:
        "Energy-based models for TypeScript: magnets, memories, samplers and classifiers, beside exact answers",
      favicon: "/icon.svg",
      customCss: ["./src/styles/theme.css"],
      components: { Head: "./src/components/head.astro" },
      markdown: { processedDirs: ["../../docs", "../../packages"] },
      sidebar,
    }),
    securityPolicy,
  ],
});
