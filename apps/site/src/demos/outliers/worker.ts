import "@basin/energy-core/worker";
import { provideModule } from "@basin/energy-core/run";
import * as jobs from "./jobs.ts";

provideModule("outliers", jobs);
