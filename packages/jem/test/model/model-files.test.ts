import { denseNetwork, formatModel, jointEnergy, parseModel } from "@basin/jem";
import { describe, expect, it } from "vitest";

const model = jointEnergy(denseNetwork([4], { outputs: 4, seed: 2 }), { head: "logits+scalar" });

describe("formatModel", () => {
  it("writes what parseModel reads back: outputs to the bit, head and notes", async () => {
    const files = await formatModel(model, { trained: "never", rounds: 3 });
    expect([...files.keys()].sort()).toEqual(["basin.json", "model.json", "weights.bin"]);
    const { energy, notes } = await parseModel((name) => files.get(name));
    expect(energy.head).toBe("logits+scalar");
    expect(notes).toEqual({ trained: "never", rounds: 3 });
    for (const [k, variable] of model.variables.entries())
      expect(energy.variables[k].dataSync()).toEqual(variable.dataSync());
  });

  it("is read by its sums: a changed byte of the weights is named", async () => {
    const files = await formatModel(model);
    const weights = files.get("weights.bin")?.slice() ?? new Uint8Array();
    weights[7] ^= 1;
    files.set("weights.bin", weights);
    await expect(parseModel((name) => files.get(name), { folder: "digits" })).rejects.toThrow(
      "digits/weights.bin is damaged or was changed",
    );
  });
});
