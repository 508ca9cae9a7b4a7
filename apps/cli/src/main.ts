#!/usr/bin/env node
import { listen } from "./interrupt.ts";

const interrupt = listen();
// Package managers run a script in the folder of its package; names are those of the folder where the user is.
const { INIT_CWD, npm_lifecycle_event } = process.env;
if (INIT_CWD !== undefined && npm_lifecycle_event === "basin") process.chdir(INIT_CWD);
const { run } = await import("./run.ts");
process.exitCode = await run(process.argv.slice(2), interrupt);
