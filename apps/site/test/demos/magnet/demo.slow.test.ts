import { createLattice, createModel } from "@basin/ising";
import { findChromium, patience } from "@basin/testing/chromium";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { schema } from "../../../src/demos/magnet/settings.ts";
import { demoPage, expectHarmless, expectSound, looks, shoot, textOf, until } from "../on-demo.ts";

const executable = findChromium();

describe.skipIf(executable === undefined)("<basin-magnet> in chromium", () => {
  const onMagnet = demoPage(executable as string, "magnet");

  test("melts an ordered magnet when it is heated, and says what is exact", async () => {
    await onMagnet("#temperature=1&size=64&start=ordered", {}, async (page) => {
      await until(page, (root) => Number(root.querySelector("canvas")?.dataset.order) > 0.95);
      await page.focus("basin-magnet [name=temperature]");
      await page.keyboard.press("End");
      await until(page, (root) => Math.abs(Number(root.querySelector("canvas")?.dataset.order)) < 0.3);
      expect(page.url()).toContain("temperature=5");
      await until(page, (root) => root.querySelector<HTMLElement>(".verdict")?.dataset.agrees === "yes");
    });
  });

  test("measures |m| within five errors of Onsager's at T = 1.9", async () => {
    await onMagnet("#temperature=1.9&size=256&start=ordered&speed=3", {}, async (page) => {
      // Both at once: the run goes on.
      await until(page, (root) => {
        const deviation = root.querySelectorAll("tbody tr:first-child td")[2]?.textContent ?? "";
        const { agrees } = root.querySelector<HTMLElement>(".verdict")?.dataset ?? {};
        return agrees === "yes" && deviation !== "" && Math.abs(Number(deviation.replace("−", "-"))) < 5;
      });
    });
  });

  test.each(["metropolis", "heat-bath", "wolff"] as const)(
    "%s gives the bits that Node gives",
    async (algorithm) => {
      const fragment = `#temperature=2.4&size=64&start=random&seed=7&speed=3&algorithm=${algorithm}`;
      await onMagnet(fragment, { calm: true }, async (page) => {
        const count = () => textOf(page, "basin-magnet .count");
        await expect.poll(count, { timeout: patience }).toMatch(/, 0 /);
        for (let step = 1; step <= 5; step++) {
          const before = await count();
          await page.click("basin-magnet button:text('Step')");
          await expect.poll(count, { timeout: patience }).not.toBe(before);
        }
        const done = Number((await count()).split(", ")[1].split(" ")[0]);
        const lattice = await createLattice(createModel("square", 64), {
          algorithm,
          start: "random",
          seed: 7,
        });
        lattice.settle();
        lattice.sweep(done, { temperature: 2.4 });
        expect(await spinsOf(page)).toEqual([...lattice.spins()]);
      });
    },
  );

  test("passes the test of visits on a small torus", async () => {
    await onMagnet("#size=64&algorithm=heat-bath", {}, async (page) => {
      await page.click("basin-magnet button:text('Run the test')");
      await until(page, (root) => root.querySelectorAll<HTMLElement>(".verdict")[1].dataset.agrees === "yes");
    });
  });

  test("runs 4096² spins with a sweep a picture", async () => {
    await onMagnet("#size=4096&temperature=2.27", {}, async (page) => {
      await until(page, (root) => / [1-9]\d* sweeps/.test(root.querySelector(".count")!.textContent!));
      const done = async () =>
        Number((await textOf(page, "basin-magnet .count")).match(/([\d,]+) sweeps/)![1].replace(",", ""));
      const [before, began] = [await done(), performance.now()];
      const delay = await page.evaluate(async () => {
        let worst = 0;
        for (let k = 0; k < 60; k++) {
          const asked = performance.now();
          await new Promise((resolve) => setTimeout(resolve, 50));
          worst = Math.max(worst, performance.now() - asked - 50);
        }
        return worst;
      });
      await expect.poll(done, { timeout: patience }).toBeGreaterThan(before);
      const pictures = (1000 * ((await done()) - before)) / (performance.now() - began);
      console.log(
        `4096²: ${pictures.toFixed(1)} pictures a second, events waited ${delay.toFixed(0)} ms at most`,
      );
    });
  });

  test("takes a seed, refuses a wrong one, and does not leave the page on Enter", async () => {
    await onMagnet("#size=64", { calm: true }, async (page) => {
      await page.fill("basin-magnet [name=seed]", "12");
      await page.press("basin-magnet [name=seed]", "Enter");
      await page.waitForFunction(() => location.hash.includes("seed=12"));
      await page.fill("basin-magnet [name=seed]", "-5");
      await page.press("basin-magnet [name=seed]", "Enter");
      expect(await page.inputValue("basin-magnet [name=seed]")).toBe("12");
    });
  });

  test.each(looks)("is sound at $width pixels in $scheme", async (look) => {
    await onMagnet("#temperature=2.27&size=256&speed=3", look, async (page) => {
      await until(
        page,
        (root) =>
          !/^(Too few.*)?$/.test(root.querySelector(".verdict")?.textContent ?? "") &&
          root.querySelector<HTMLCanvasElement>(".curves canvas")!.width > 200,
      );
      await expectSound(page);
      await shoot(page, `magnet-${look.width}-${look.scheme}`);
    });
  });

  test("takes ten thousand hostile addresses without running or stopping anything", async () => {
    await onMagnet("#size=64", { calm: true }, (page) => expectHarmless(page, "magnet", schema));
  });

  test("rests where less motion is asked for, and runs when told to", async () => {
    await onMagnet("#size=64", { calm: true }, async (page) => {
      await until(page, (root) => root.querySelector(".count")!.textContent!.endsWith(" 0 sweeps"));
      await page.click("basin-magnet button.primary");
      await until(page, (root) => !root.querySelector(".count")!.textContent!.endsWith(" 0 sweeps"));
    });
  });
});

/** Reads the spins back from the picture. */
function spinsOf(page: Page): Promise<number[]> {
  return page.evaluate(() => {
    const canvas = document.querySelector("basin-magnet")!.shadowRoot!.querySelector("canvas")!;
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
    // In the light theme down is the brighter color.
    return Array.from({ length: data.length / 4 }, (_, i) => (data[4 * i] < 128 ? 1 : -1));
  });
}
