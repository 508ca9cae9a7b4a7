import "@basin/samplers/worker";
import "./resolution.ts";

// The output of a user's module is not a result.
process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
