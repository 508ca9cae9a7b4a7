import { findChromium } from "@basin/testing/chromium";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { schema } from "../../../src/demos/jem/settings.ts";
import { demoPage, expectHarmless, expectSound, looks, shoot, textOf, until } from "../on-demo.ts";

const executable = findChromium();

describe.skipIf(executable === undefined)("<basin-jem> in chromium", () => {
  const onJem = demoPage(executable as string, "jem");

  /** Presses Start and waits until the first picture is judged. */
  async function started(page: Page): Promise<void> {
    await page.click("basin-jem .start button");
    await until(page, (root) => root.querySelector<HTMLElement>(".verdict")?.dataset.class !== undefined);
  }

  test("loads nothing heavy before it is asked to, and then no more than it has said", async () => {
    await onJem("", { calm: true }, async (page) => {
      const sizes = async () =>
        await page.evaluate(() =>
          performance
            .getEntriesByType("resource")
            .map((entry) => [entry.name, (entry as PerformanceResourceTiming).decodedBodySize] as const),
        );
      const before = await sizes();
      expect(before.filter(([name]) => /weights|worker/.test(name))).toEqual([]);
      const said = await textOf(page, "basin-jem .start .note");
      expect(said).toContain("240 kB");
      await started(page);
      const weights = (await sizes()).filter(([name]) => name.includes("weights"));
      expect(weights).toHaveLength(1);
      expect(Math.round(weights[0][1] / 1e4)).toBe(24);
    });
  });

  test("reads a 1 that is drawn, and calls scribbles outliers", async () => {
    await onJem("#picture=12", { calm: true }, async (page) => {
      await started(page);
      await until(page, (root) => root.querySelector<HTMLElement>(".verdict")!.dataset.agrees === "no");
      await page.click("basin-jem button:text('Clear')");
      const box = (await page.locator("basin-jem canvas").first().boundingBox())!;
      await page.mouse.move(box.x + 0.55 * box.width, box.y + 0.15 * box.height);
      await page.mouse.down();
      await page.mouse.move(box.x + 0.5 * box.width, box.y + 0.85 * box.height, { steps: 20 });
      await page.mouse.up();
      await until(page, (root) => {
        const { agrees, class: label } = root.querySelector<HTMLElement>(".verdict")!.dataset;
        return agrees === "yes" && label === "1";
      });
    });
  });

  test("generates a class that the visitor picks, and measures itself against exact shares", async () => {
    await onJem("#picture=1&steps=100", {}, async (page) => {
      await started(page);
      await page.click("basin-jem label:has-text('7')");
      await until(
        page,
        (root) =>
          root.querySelector(".status")!.textContent!.startsWith("Took 100") &&
          root.querySelector<HTMLElement>(".verdict")!.dataset.class === "7",
      );
      await page.click("basin-jem button:text('Measure')");
      await until(
        page,
        (root) => root.querySelector<HTMLElement>(".check .verdict")!.dataset.agrees === "yes",
      );
      await shoot(page, "jem-1440-measured");
    });
  });

  test.each(looks)("is sound at $width pixels in $scheme", async (look) => {
    await onJem("#task=complete&steps=50", look, async (page) => {
      await expectSound(page);
      await shoot(page, `jem-${look.width}-${look.scheme}-before`);
      await started(page);
      await page.click("basin-jem .buttons .primary");
      await until(page, (root) => root.querySelector(".status")!.textContent!.startsWith("Took"));
      await expectSound(page);
      await shoot(page, `jem-${look.width}-${look.scheme}`);
    });
  });

  test("takes ten thousand hostile addresses without running or stopping anything", async () => {
    await onJem("", { calm: true }, (page) => expectHarmless(page, "jem", schema));
  });
});
