import { exampleTests, snippetTests } from "@basin/testing/snippets";

snippetTests(import.meta, [
  "../../../docs/ising.md",
  "../../../docs/ising-solver.md",
  "../../../docs/boltzmann-machines.md",
  "../../../docs/potts.md",
  "../../../docs/webgpu.md",
  "../README.md",
]);
exampleTests(import.meta);
