import { projectConfig } from "@basin/testing/vitest";

export default projectConfig("datasets");
