import { createHash } from "node:crypto";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AstroIntegration } from "astro";

/**
 * Writes a policy into the head of every built page, since static hosts send no headers: nothing comes from elsewhere,
 * and of the scripts and styles in a page only those run that the build wrote. Style attributes alone are free, for the
 * colors of highlighted code and the lengths that figures set.
 */
export const securityPolicy: AstroIntegration = {
  name: "security-policy",
  hooks: {
    "astro:build:done": ({ dir }) => {
      const folder = fileURLToPath(dir);
      for (const page of globSync("**/*.html", { cwd: folder })) {
        const file = join(folder, page);
        const html = readFileSync(file, "utf8");
        writeFileSync(file, html.replace("<head>", `<head>${policyElement(html)}`));
      }
    },
  },
};

/** Returns the element with the policy that lets a page run what it holds, and nothing else. */
function policyElement(html: string): string {
  const policy = [
    "default-src 'self'",
    ["script-src 'self' 'wasm-unsafe-eval'", ...hashes(html, "script")].join(" "),
    ["style-src 'self'", ...hashes(html, "style")].join(" "),
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<meta http-equiv="Content-Security-Policy" content="${policy}">`;
}

function hashes(html: string, element: "script" | "style"): string[] {
  const elements = html.matchAll(
    new RegExp(`<${element}(?<attributes>[^>]*)>(?<text>[\\s\\S]*?)</${element}>`, "g"),
  );
  const texts = [...elements]
    .filter(({ groups }) => !/\ssrc=/.test(groups!.attributes))
    .map(({ groups }) => groups!.text);
  return [...new Set(texts)].map((text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`);
}
