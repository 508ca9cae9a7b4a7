import "@basin/samplers/worker";
import "./resolution.ts";

// What a user's module prints is not a result.
process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
