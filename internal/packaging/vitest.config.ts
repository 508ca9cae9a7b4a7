import { projectConfig } from "@basin/testing/vitest";

export default projectConfig("packaging");
