import { jointEnergy, loadModel, scores } from "@basin/jem";
import { findChromium } from "@basin/testing/chromium";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { schema } from "../../../src/demos/outliers/settings.ts";
import { loadDigits } from "../../../src/demos/shared/digits.ts";
import { demoPage, expectHarmless, expectSound, looks, shoot, textOf, until } from "../on-demo.ts";
import { bitmapFile, modelFiles, payload } from "./files.ts";

const executable = findChromium();
const pixels = 784;

/** Digits that training never saw, and as many with light and dark exchanged, 0 to 255. */
async function pictures(count: number) {
  const { patterns } = await loadDigits(2000);
  const shades = (k: number) =>
    Uint8Array.from(patterns.subarray(k * pixels, (k + 1) * pixels), (spin) => (spin > 0 ? 255 : 0));
  const digits = Array.from({ length: count }, (_, k) => shades(k));
  return { digits, inverted: digits.map((digit) => digit.map((shade) => 255 - shade)) };
}

async function put(page: Page, box: string, files: readonly File[]): Promise<void> {
  const input = page.locator(`basin-outliers section[aria-label="${box}"] input`).first();
  await input.setInputFiles(await Promise.all(files.map(payload)));
}

const scored = (page: Page) =>
  until(page, (root) => root.querySelector<HTMLElement>(".verdict")!.textContent !== "");

describe.skipIf(executable === undefined)("<basin-outliers> in chromium", () => {
  const onOutliers = demoPage(executable as string, "outliers");

  /** Fills the page with a model, digits that it knows, and others of which half are inverted. */
  async function filled(page: Page, model: readonly string[]) {
    const { digits, inverted } = await pictures(70);
    await put(page, "Your model", modelFiles(...model));
    await put(
      page,
      "Images it knows",
      digits.slice(0, 60).map((shades, k) => bitmapFile(`known${k}.bmp`, shades, 28)),
    );
    const judged = [...digits.slice(60), ...inverted.slice(60)];
    await put(
      page,
      "Images to judge",
      judged.map((shades, k) => bitmapFile(`judged${k}.bmp`, shades, 28)),
    );
    return judged;
  }

  test("states the size, loads nothing before it is asked to, and tells inverted digits by the energies of Node", async () => {
    await onOutliers("", { calm: true }, async (page) => {
      const asked: string[] = [];
      page.on("request", (request) => asked.push(`${request.method()} ${request.url()}`));
      const judged = await filled(page, ["model.json", "weights.bin"]);
      expect(await textOf(page, "basin-outliers .start .note")).toMatch(/^Score reads 432 kB of your files/);
      expect(asked).toEqual([]);
      await page.click("basin-outliers button.primary");
      await scored(page);
      expect(asked.filter((line) => !/^GET .*\/worker-[^/]*\.js$/.test(line))).toEqual([]);
      const files = new Map(modelFiles("model.json", "weights.bin").map((file) => [file.name, file]));
      const net = await loadModel(async (name) => new Uint8Array(await files.get(name)!.arrayBuffer()));
      const energies = [
        ...scores(jointEnergy(net), Uint8Array.from(judged.flatMap((shades) => [...shades]))),
      ];
      const shown = await page.locator("basin-outliers .cards li span:nth-of-type(2)").allTextContents();
      const expected = energies.sort((a, b) => b - a).map((energy) => energy.toFixed(2).replace("-", "−"));
      expect(shown.map((text) => text.replace(/^E = |, outlier$/g, ""))).toEqual(expected);
      expect(shown.slice(0, 10).every((text) => text.endsWith("outlier"))).toBe(true);
      await until(
        page,
        (root) => root.querySelector<HTMLElement>(".check .verdict")!.dataset.agrees === "yes",
      );
    });
  });

  test("leaves out what the model does not take, each by its name, and stretches where it may", async () => {
    await onOutliers("", { calm: true }, async (page) => {
      await put(page, "Your model", modelFiles("model.json", "weights.bin"));
      const small = new Uint8Array(100).fill(9);
      await put(page, "Images to judge", [
        bitmapFile("small.bmp", small, 10),
        bitmapFile("red.bmp", new Uint8Array(pixels), 28, 90),
        new File(["no image"], "broken.png", { type: "image/png" }),
        bitmapFile("whole.bmp", new Uint8Array(pixels), 28),
      ]);
      await page.click("basin-outliers button.primary");
      await scored(page);
      expect(await page.locator("basin-outliers .refused li").allTextContents()).toEqual([
        "Left out: small.bmp is 10 × 10 pixels, the model takes 28 × 28.",
        "Left out: red.bmp is in color (3 channels), the model takes gray (1 channel).",
        "Left out: broken.png is no image that this browser reads.",
      ]);
      await page.click("basin-outliers label:has-text('stretched')");
      await until(page, (root) => root.querySelectorAll(".cards li").length === 2);
    });
  });

  test("says what is no model, and takes one afterwards", async () => {
    await onOutliers("", { calm: true }, async (page) => {
      await put(page, "Images to judge", [bitmapFile("blank.bmp", new Uint8Array(pixels), 28)]);
      await put(page, "Your model", [new File(['{"a": 1}'], "package.json")]);
      await page.click("basin-outliers button.primary");
      await until(page, (root) => root.querySelector(".status.error") !== null);
      expect(await textOf(page, "basin-outliers .status")).toMatch(/not a model of tfjs: it has the keys a/);
      await put(page, "Your model", modelFiles("basin.json", "model.json", "weights.bin"));
      await page.click("basin-outliers button.primary");
      await scored(page);
      expect(await textOf(page, "basin-outliers .stage > .verdict")).toMatch(/^Ranked by E\(x\)/);
    });
  });

  test.each(looks)("is sound at $width pixels in $scheme", async (look) => {
    await onOutliers("", look, async (page) => {
      await expectSound(page);
      await shoot(page, `outliers-${look.width}-${look.scheme}-before`);
      await filled(page, ["basin.json", "model.json", "weights.bin"]);
      await page.click("basin-outliers button.primary");
      await scored(page);
      await expectSound(page);
      await shoot(page, `outliers-${look.width}-${look.scheme}`);
    });
  });

  test("takes ten thousand hostile addresses without running or stopping anything", async () => {
    await onOutliers("", { calm: true }, (page) => expectHarmless(page, "outliers", schema));
  });
});
