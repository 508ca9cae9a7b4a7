import { findChromium } from "@basin/testing/chromium";
import { describe, test } from "vitest";
import { schema } from "../../../src/demos/memory/settings.ts";
import { demoPage, expectHarmless, expectSound, looks, shoot, until } from "../on-demo.ts";

const executable = findChromium();

describe.skipIf(executable === undefined)("<basin-memory> in chromium", () => {
  const onMemory = demoPage(executable as string, "memory");

  test("recalls a digit, drawn over with the brush", async () => {
    await onMemory("#load=30&pattern=3&noise=0.2", {}, async (page) => {
      await until(page, (root) => Number(root.querySelector("canvas")?.dataset.overlap) > 0.999);
      const box = (await page.locator("basin-memory canvas").first().boundingBox())!;
      await page.mouse.move(box.x + 0.1 * box.width, box.y + 0.1 * box.height);
      await page.mouse.down();
      await page.mouse.move(box.x + 0.9 * box.width, box.y + 0.9 * box.height, { steps: 12 });
      await page.mouse.up();
      await until(page, (root) => Number(root.querySelector("canvas")?.dataset.overlap) < 0.98);
      await page.click("basin-memory button.primary");
      await until(page, (root) => Number(root.querySelector("canvas")?.dataset.overlap) > 0.999);
    });
  });

  test("recalls one of two thousand digits by attention, and is drawn on by keys", async () => {
    await onMemory("#rule=modern&load=2000&pattern=4", {}, async (page) => {
      await until(page, (root) => Number(root.querySelector("canvas")?.dataset.overlap) > 0.999);
      await page.focus("basin-memory canvas");
      await page.keyboard.press("ArrowLeft");
      await page.keyboard.press(" ");
      await until(page, (root) => Number(root.querySelector("canvas")?.dataset.overlap) < 0.9999);
    });
  });

  test("measures the wrong bits of Hebb's rule as theory has them", async () => {
    await onMemory("#rule=hebbian&load=100&patterns=random", { calm: true }, async (page) => {
      await until(page, (root) => root.querySelectorAll(".strip canvas").length === 12);
      await page.click("basin-memory button:text('Measure')");
      await until(page, (root) => root.querySelector<HTMLElement>(".verdict")?.dataset.agrees === "yes");
    });
  });

  test.each(looks)("is sound at $width pixels in $scheme", async (look) => {
    await onMemory("#load=30&pattern=3&noise=0.3", look, async (page) => {
      await until(page, (root) => Number(root.querySelector("canvas")?.dataset.overlap) > 0.999);
      await page.waitForTimeout(500);
      await expectSound(page);
      await shoot(page, `memory-${look.width}-${look.scheme}`);
    });
  });

  test("takes ten thousand hostile addresses without running or stopping anything", async () => {
    await onMemory("", { calm: true }, (page) => expectHarmless(page, "memory", schema));
  });
});
