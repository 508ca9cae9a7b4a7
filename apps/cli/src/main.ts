#!/usr/bin/env node
import { listen } from "./interrupt.ts";

const interrupt = listen();
// Package managers run a script in the folder of its package, but paths are relative to the folder of the user.
const { INIT_CWD, npm_lifecycle_event } = process.env;
if (INIT_CWD !== undefined && npm_lifecycle_event === "basin") process.chdir(INIT_CWD);
const { run } = await import("./run.ts");
process.exitCode = await run(process.argv.slice(2), interrupt);
