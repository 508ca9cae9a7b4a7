import { findChromium } from "@basin/testing/chromium";
import { describe, expect, test } from "vitest";
import { schema } from "../../../src/demos/solver/settings.ts";
import { demoPage, expectHarmless, expectSound, looks, shoot, textOf, until } from "../on-demo.ts";

const executable = findChromium();

describe.skipIf(executable === undefined)("<basin-solver> in chromium", () => {
  const onSolver = demoPage(executable as string, "solver");

  test.each(["map", "cut", "partition", "timetable"])(
    "solves %s as well as another way does",
    async (puzzle) => {
      await onSolver(`#puzzle=${puzzle}&size=16&seconds=3`, {}, async (page) => {
        await until(page, (root) => root.querySelector<HTMLElement>(".verdict")?.dataset.agrees === "yes");
        const { value, exact } = await page
          .locator("basin-solver canvas")
          .first()
          .evaluate((canvas) => canvas.dataset);
        expect(value).toBe(exact);
      });
    },
  );

  test("takes a pasted graph and a file, and refuses what is neither", async () => {
    await onSolver("#puzzle=own", {}, async (page) => {
      await page.fill("basin-solver textarea", "3 3\n1 2\n2 3\n3 1\n");
      await page.press("basin-solver textarea", "Tab");
      await until(page, (root) => root.querySelector<HTMLElement>("canvas")!.dataset.value === "2");
      const buffer = Buffer.from("4 4\n1 2 5\n2 3 5\n3 4 5\n4 1 5\n");
      await page.setInputFiles("basin-solver input[type=file]", {
        name: "ring.txt",
        mimeType: "text/plain",
        buffer,
      });
      await until(page, (root) => root.querySelector<HTMLElement>("canvas")!.dataset.value === "20");
      await page.fill("basin-solver textarea", "neither");
      await page.press("basin-solver textarea", "Tab");
      await until(page, (root) => root.querySelector(".status.error") !== null);
      expect(await textOf(page, "basin-solver .status")).not.toBe("");
    });
  });

  test.each(looks)("is sound at $width pixels in $scheme", async (look) => {
    await onSolver("#size=26", look, async (page) => {
      await until(page, (root) => (root.querySelector<HTMLElement>(".verdict")?.dataset.agrees ?? "") !== "");
      await expectSound(page);
      await shoot(page, `solver-${look.width}-${look.scheme}`);
    });
  });

  test("takes ten thousand hostile addresses without running or stopping anything", async () => {
    await onSolver("", { calm: true }, (page) => expectHarmless(page, "solver", schema));
  });
});
