#!/usr/bin/env node
// Runs the command from its source. This file is plain JavaScript, so that what strips types is loaded only for files that changed since the last call.
import { enableCompileCache } from "node:module";

enableCompileCache();
await import("./src/main.ts");
