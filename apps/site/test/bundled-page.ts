import type { Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { type OpenPage, openPage } from "./open-page.ts";

/** Opens a bundled page of fixtures before all tests of a suite, and closes it after them. */
export function bundledPage(
  executable: string,
  fixture: string,
  ready: string,
  gpu?: readonly string[],
): () => Page {
  let open: OpenPage | undefined;
  beforeAll(async () => {
    open = await openPage(executable, fixture, ready, gpu);
  });
  afterAll(() => open?.close());
  return () => open!.page;
}
