import { defineConfig } from "rolldown";

/** Packages that stay themselves: users' modules share them with the command, or they need files of their own. */
const external =
  /^(@basin\/(energy-core|samplers|ising|hopfield|jem)|@tensorflow\/|@resvg\/|bullmq$|ioredis$)/;

export default defineConfig({
  input: {
    basin: "basin.js",
    // Threads load these by name, from the folder where whatever starts them lies.
    thread: "src/sweep/thread.ts",
    "module-thread": "src/modules/module-thread.ts",
  },
  platform: "node",
  external,
  output: { dir: "dist", cleanDir: true, minify: true, chunkFileNames: "[name]-[hash].js" },
});
