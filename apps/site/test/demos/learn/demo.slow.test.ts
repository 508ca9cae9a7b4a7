import { findChromium } from "@basin/testing/chromium";
import { describe, test } from "vitest";
import { schema } from "../../../src/demos/learn/settings.ts";
import { demoPage, expectHarmless, expectSound, looks, shoot, until } from "../on-demo.ts";

const executable = findChromium();

describe.skipIf(executable === undefined)("<basin-learn> in chromium", () => {
  const onLearn = demoPage(executable as string, "learn");

  test("learns two moons to less than 0.1 nats", async () => {
    await onLearn("", {}, async (page) => {
      await until(page, (root) => root.querySelector<HTMLElement>(".verdict")?.dataset.agrees === "yes");
      await shoot(page, "learn-1440-trained");
    });
  });

  test.each(looks)("is sound at $width pixels in $scheme", async (look) => {
    await onLearn("", look, async (page) => {
      await until(page, (root) => root.querySelector(".verdict")!.textContent!.startsWith("KL"));
      await expectSound(page);
      await shoot(page, `learn-${look.width}-${look.scheme}`);
    });
  });

  test("takes ten thousand hostile addresses without running or stopping anything", async () => {
    await onLearn("", { calm: true }, (page) => expectHarmless(page, "learn", schema));
  });
});
