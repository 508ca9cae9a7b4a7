import { defaultClientConditions, defineConfig, type Plugin } from "vite";

/** The development server injects styles and opens a socket, which the page's own policy forbids. */
const withoutPolicy: Plugin = {
  name: "without-policy-in-development",
  apply: "serve",
  transformIndexHtml: (html) => html.replace(/<meta\s+http-equiv="Content-Security-Policy"[^>]*>/, ""),
};

export default defineConfig({
  base: "./",
  resolve: { conditions: ["@basin/source", ...defaultClientConditions] },
  build: { target: "es2023", modulePreload: false },
  plugins: [withoutPolicy],
});
