import { findChromium } from "@basin/testing/chromium";
import { describe, expect, test } from "vitest";
import { schema } from "../../../src/demos/samplers/settings.ts";
import { demoPage, expectHarmless, expectSound, looks, shoot, textOf, until } from "../on-demo.ts";

const executable = findChromium();

describe.skipIf(executable === undefined)("<basin-samplers> in chromium", () => {
  const onSamplers = demoPage(executable as string, "samplers");

  test("finds the moments of the banana, and R-hat near 1", async () => {
    await onSamplers("#target=banana&kernel=nuts&speed=5", {}, async (page) => {
      await until(page, (root) => Number(root.querySelector("canvas")?.dataset.ess) > 400);
      await until(page, (root) => Number(root.querySelector("canvas")?.dataset.rhat) < 1.02);
      await until(page, (root) => root.querySelector<HTMLElement>(".verdict")?.dataset.agrees === "yes");
    });
  });

  test("takes a typed formula, and refuses what is none", async () => {
    await onSamplers("#target=formula", {}, async (page) => {
      await page.fill("basin-samplers textarea", "x^2/2 + 2*y^2");
      await page.press("basin-samplers textarea", "Tab");
      await until(page, (root) => root.querySelector<HTMLElement>(".verdict")?.dataset.agrees === "yes");
      const exact = await page.locator("basin-samplers tbody tr").nth(1).locator("td").nth(1).textContent();
      expect(exact).toBe("1.0000");
      await page.fill("basin-samplers textarea", "fetch(x)");
      await page.press("basin-samplers textarea", "Tab");
      await until(page, (root) => root.querySelector(".status")!.textContent!.includes("unknown function"));
      expect(await textOf(page, "basin-samplers .status")).toContain('"fetch"');
    });
  });

  test("shows four chains of a typed formula, and prints how soon", async () => {
    await onSamplers("#target=formula", { calm: true }, async (page) => {
      const began = Date.now();
      await page.click("basin-samplers button:text('Step')");
      await until(page, (root) => !root.querySelector(".count")!.textContent!.startsWith("0"));
      console.log(`four chains of a typed formula after ${Date.now() - began} ms`);
    });
  });

  test.each(looks)("is sound at $width pixels in $scheme", async (look) => {
    await onSamplers("#speed=3", look, async (page) => {
      await until(page, (root) => Number(root.querySelector("canvas")?.dataset.count) > 100);
      await expectSound(page);
      await shoot(page, `samplers-${look.width}-${look.scheme}`);
    });
  });

  test("takes ten thousand hostile addresses without running or stopping anything", async () => {
    await onSamplers("", { calm: true }, (page) => expectHarmless(page, "samplers", schema));
  });
});
