import type { EpochReport, LogPartition } from "@basin/ising/learn";
import { InvalidArgumentError } from "commander";
import { command, type Values } from "../../command.ts";
import type { Context } from "../../context.ts";
import { checkMemory } from "../../options/cost.ts";
import type { States } from "../../options/machine.ts";
import { integer, number } from "../../options/readers.ts";
import {
  choice,
  flag,
  kept,
  onlyWith,
  output,
  required,
  seed,
  text,
  unless,
  value,
} from "../../options/settings.ts";
import { withError } from "../../output.ts";

const options = {
  data: required(text("<what>", "mnist, or a file: IDX, NPY, CSV, PNG; bytes count as probabilities")),
  classes: flag("also learn labels, those of MNIST or of --labels"),
  labels: onlyWith("classes", text("<file>", "a label for each state")),
  test: text("<what>", "test states (default: the test images of MNIST for mnist, otherwise --data)"),
  testLabels: unless(text("<file>", "labels of --test"), ({ test, classes }) =>
    test === undefined || !classes ? "it goes with --test and --classes" : undefined,
  ),
  limit: value("<integer>", "use the first states only", integer(1)),
  hidden: value("<integer>", "hidden units", integer(1, 65535), 500),
  method: choice(
    "source of negative samples: contrastive divergence or persistent chains",
    ["cd", "pcd"],
    "pcd",
  ),
  steps: value("<integer>", "Gibbs steps an update", integer(1, 10_000), 1),
  epochs: value("<integer>", "passes over the data", integer(1, 1e6), 12),
  batch: value("<integer>", "states an update, and chains", integer(1, 65535), 100),
  rate: value("<number>", "learning rate at first; it falls linearly to 0", number({ above: 0 }), 0.1),
  momentum: value("<number>", "share of the last step that is kept", number({ min: 0, max: 0.9999 }), 0.5),
  decay: value("<number>", "weight decay", number({ min: 0 }), 0),
  average: value("<number>", "decay of the parameters' average", number({ min: 0, max: 0.999999 }), 0.999),
  temperatures: value("<integer>", "of annealed importance sampling; 0 for none", integer(0, 1e7), 2000),
  chains: value("<integer>", "of annealed importance sampling, in each direction", integer(2, 65535), 100),
  from: text("<model>", "go on from a model file"),
  out: output("<model>", "the model file to write"),
  ...kept,
  seed,
};

type Options = Values<typeof options>;

export default command({
  options,
  async run(options, context) {
    const { loadStates } = await import("../../options/machine.ts");
    const { formatMachine } = await import("@basin/ising/learn");
    const data = await loadStates(options.data, options.labels, options.limit);
    const test = await testStates(options, data, loadStates);
    checkData(options, data, test, context);
    const machine = await machineFor(options, data, context);
    const { epochs, ...trained } = await train(machine, data, options, context);
    const { energyGap, activity } = epochs[epochs.length - 1];
    const [states, visible] = data.values.shape;
    const { hidden } = machine.machine;
    const { method, steps, epochs: passes, seed } = options;
    const fitted = {
      ...{ source: data.source, states, visible, updates: trained.updates },
      ...{ trainingSeconds: trained.seconds, kernel: trained.kernel, energyGap },
      ...{ hidden, activity: { data: activity[0], model: activity[1] } },
    };
    const notes = { method, steps, epochs: passes, seed, width: data.shape[1] };
    // Before the measurement, which may take longer than the training and may be interrupted.
    await context.write(options.out, formatMachine(machine, { ...fitted, ...notes }));
    const result = { ...fitted, ...(await measure(machine, data, test, options, context)) };
    await context.write(options.out, formatMachine(machine, { ...result, ...notes }));
    return result;
  },
  print(result, { method, steps, seed }) {
    const { logPartition, logLikelihood, accuracy } = result;
    return [
      `${result.states} states of ${result.visible} units, ${result.hidden} hidden, ${method}-${steps}, seed ${seed}`,
      `${result.updates} updates in ${result.trainingSeconds.toFixed(1)} s (${result.kernel}); energy gap ${result.energyGap.toFixed(3)}`,
      ...(logPartition ? [partitionLine(logPartition)] : []),
      ...Object.entries(logLikelihood ?? {}).map(
        ([set, figure]) =>
          `log-likelihood, ${set}: ${withError(figure)} nats, lower end ${figure.lowerEnd.toFixed(3)}`,
      ),
      ...(accuracy ? [`accuracy on ${accuracy.states} test states: ${accuracy.share.toFixed(4)}`] : []),
    ];
  },
});

function partitionLine(log: LogPartition): string {
  if ("exact" in log) return `log Z ${log.exact} (exact)`;
  return `log Z ${withError(log.forward)}, in reverse ${withError(log.reverse)}`;
}

async function testStates(
  { data, test, testLabels }: Options,
  given: States,
  load: (name: string, labels?: string) => Promise<States>,
): Promise<States> {
  if (test !== undefined) return load(test, testLabels);
  return data === "mnist" ? load("mnist-test") : given;
}

/** @throws {InvalidArgumentError} for states and labels that the training or the later measurement cannot take. */
function checkData(options: Options, data: States, test: States, { isGiven }: Context): void {
  const [states, units] = data.values.shape;
  if (options.classes && data.labels === undefined)
    throw new InvalidArgumentError("--classes needs --labels FILE with a label for each state");
  if (options.classes && new Set(data.labels).size < 2)
    throw new InvalidArgumentError(
      `all labels of ${options.data} are ${data.labels?.[0]}, expected two at least`,
    );
  if (test.values.shape[1] !== units)
    throw new InvalidArgumentError(
      `--test ${options.test} has ${test.values.shape[1]} units a state, but ${options.data} has ${units}`,
    );
  if (isGiven("batch") && options.batch > states)
    throw new InvalidArgumentError(
      `--batch is ${options.batch}, but ${options.data} holds ${states} states, expected at most that many`,
    );
}

type Machine = Awaited<ReturnType<typeof machineFor>>;

async function machineFor(
  { from, classes, hidden, seed }: Options,
  { values, labels }: States,
  { isGiven }: Context,
) {
  const { ClassMachine, classMachine, logOdds, restrictedBoltzmannMachine } = await import(
    "@basin/ising/learn"
  );
  const visible = values.shape[1];
  if (from !== undefined) {
    const { machine } = (await import("../../options/machine.ts")).readModel(from);
    const has = machine.machine.hidden;
    if (isGiven("hidden") && hidden !== has)
      throw new InvalidArgumentError(`--hidden is ${hidden}, but the machine of --from ${from} has ${has}`);
    if (machine.visible === visible && machine instanceof ClassMachine === classes) return machine;
    const kind = machine instanceof ClassMachine ? "with labels" : "without labels";
    throw new InvalidArgumentError(
      `${from} is a machine ${kind} of ${machine.visible} visible units; the data have ${visible}`,
    );
  }
  const most = Math.max(1, ...new Set(labels));
  checkMemory({
    ...{ what: `a machine of ${visible} visible and ${hidden} hidden units`, numbers: visible * hidden },
    remedy: "lower --hidden",
  });
  const machine = classes
    ? classMachine({ visible, labels: 1 + most, hidden, seed })
    : restrictedBoltzmannMachine({ visible, hidden, seed });
  machine.machine.visibleBias.set(logOdds(values, visible));
  return machine;
}

async function train(machine: Machine, { values, labels }: States, options: Options, context: Context) {
  const { trainRbm } = await import("@basin/ising/learn");
  const { epochs, method, steps, batch, rate, momentum, decay, average, classes, seed } = options;
  const update = context.progress("learn");
  return trainRbm(machine, values, {
    ...{ seed, epochs, method, steps, momentum, batchSize: batch, weightDecay: decay, averageDecay: average },
    learningRate: (share) => rate * (1 - share),
    ...(classes && { labels }),
    ...{ ...context.kept, signal: context.signal },
    onProgress: (progress) => update(progress, noteOf(progress.epoch)),
  });
}

function noteOf(epoch: EpochReport | undefined): string {
  return epoch === undefined ? "" : `epoch ${epoch.epoch}, energy gap ${epoch.energyGap.toFixed(2)}`;
}

/** Returns the bounds on the likelihood of a machine, or the accuracy of one with labels. */
async function measure(machine: Machine, train: States, test: States, options: Options, context: Context) {
  const learn = await import("@basin/ising/learn");
  const { crowdedSchedule } = await import("@basin/samplers/temper");
  const { temperatures, chains, seed } = options;
  if (machine instanceof learn.ClassMachine) {
    if (test.labels === undefined) return {};
    return { accuracy: await accuracyOn(machine, test.values, test.labels) };
  }
  const exact = Math.min(machine.visible, machine.hidden) <= 18;
  if (!exact && temperatures < 2) return {};
  const logPartition = await learn.logPartition(machine, {
    ...{ seed: seed + 1, chains, signal: context.signal, onProgress: context.progress("log Z") },
    base: learn.logOdds(train.values, machine.visible),
    ...(temperatures >= 2 && { inverseTemperatures: crowdedSchedule(temperatures) }),
  });
  const likelihood = ({ values }: States) => learn.logLikelihood(machine, values, logPartition, { seed });
  return { logPartition, logLikelihood: { train: likelihood(train), test: likelihood(test) } };
}

/** A unit is on if its probability is above ½. */
async function accuracyOn(
  machine: InstanceType<typeof import("@basin/ising/learn").ClassMachine>,
  { data, shape: [states, columns] }: States["values"],
  labels: Uint8Array,
) {
  const { predict } = await import("@basin/energy-core");
  let right = 0;
  for (let k = 0; k < states; k++) {
    const row = data.subarray(k * columns, (k + 1) * columns);
    const { label } = predict(
      machine,
      Int8Array.from(row, (value) => (value > 0.5 ? 1 : -1)),
    );
    if (label === labels[k]) right++;
  }
  return { share: right / states, states };
}
