import "@basin/ising/worker";
