import { ArgumentError } from "@basin/energy-core";
import { crc32, decodeText, encodeText } from "@basin/energy-core/internal";
import { ClassMachine } from "./class-machine.ts";
import { checkParameters, encodingNames, RestrictedBoltzmannMachine } from "./rbm.ts";

/** What a model file says beside the parameters: plain JSON of the caller's choice. */
export type ModelNotes = Readonly<Record<string, unknown>>;

/** A machine read from a file. */
export interface MachineFile {
  readonly machine: RestrictedBoltzmannMachine | ClassMachine;
  readonly notes: ModelNotes;
}

const MAGIC = "BASINRBM";
const VERSION = 1;
const FIXED = MAGIC.length + 8;

interface Header {
  readonly visible: number;
  readonly hidden: number;
  readonly labels: number;
  readonly encoding: string;
  readonly notes: ModelNotes;
}

/**
 * Returns a machine as bytes: the text BASINRBM, a version and the length of a JSON header (32-bit words,
 * little-endian), the header, the parameters as little-endian 64-bit floats, and a CRC-32 of all that.
 *
 * @param notes anything that JSON holds, returned by {@link parseMachine}.
 *
 * @example
 * ```ts
 * import { formatMachine, parseMachine, restrictedBoltzmannMachine } from "@basin/ising/learn";
 *
 * const bytes = formatMachine(restrictedBoltzmannMachine({ visible: 4, hidden: 2, seed: 0 }), { trained: "never" });
 * console.log(parseMachine(bytes).notes.trained); // never
 * ```
 */
export function formatMachine(
  machine: RestrictedBoltzmannMachine | ClassMachine,
  notes: ModelNotes = {},
): Uint8Array {
  const { labels, machine: whole } = machine;
  checkParameters(whole);
  const { visible, hidden, encoding, parameters } = whole;
  const header = encodeText(JSON.stringify({ visible, hidden, labels, encoding, notes } satisfies Header));
  const bytes = new Uint8Array(FIXED + header.length + 8 * parameters.length + 4);
  const view = new DataView(bytes.buffer);
  bytes.set(encodeText(MAGIC));
  view.setUint32(MAGIC.length, VERSION, true);
  view.setUint32(MAGIC.length + 4, header.length, true);
  bytes.set(header, FIXED);
  for (let k = 0, at = FIXED + header.length; k < parameters.length; k++, at += 8) {
    view.setFloat64(at, parameters[k], true);
  }
  view.setUint32(bytes.length - 4, crc32(bytes.subarray(0, -4)), true);
  return bytes;
}

/**
 * Returns the machine that {@link formatMachine} wrote.
 *
 * @param name of the file, for messages.
 *
 * @example
 * ```ts
 * import { formatMachine, parseMachine, restrictedBoltzmannMachine } from "@basin/ising/learn";
 *
 * const bytes = formatMachine(restrictedBoltzmannMachine({ visible: 4, hidden: 2, seed: 0 }), { epochs: 3 });
 * const { machine, notes } = parseMachine(bytes, "digits.rbm");
 * console.log(machine.visible, notes.epochs); // 4 3
 * ```
 *
 * @throws {ArgumentError} for bytes that are no model file, of another version, cut short, or changed, saying which.
 */
export function parseMachine(bytes: Uint8Array, name = "the model file"): MachineFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < FIXED || decodeText(bytes.subarray(0, MAGIC.length)) !== MAGIC) {
    throw new ArgumentError(`${name} is not a model file: it does not begin with ${MAGIC}`);
  }
  const version = view.getUint32(MAGIC.length, true);
  if (version !== VERSION) {
    throw new ArgumentError(`${name} has version ${version} of the format, expected ${VERSION}`);
  }
  const end = FIXED + view.getUint32(MAGIC.length + 4, true);
  if (end + 4 > bytes.length) throw cutShort(name, bytes.length, end + 4);
  const sums = [view.getUint32(bytes.length - 4, true), crc32(bytes.subarray(0, -4))];
  if (sums[0] !== sums[1]) {
    const [kept, found] = sums.map((sum) => sum.toString(16).padStart(8, "0"));
    throw new ArgumentError(
      `${name} is damaged: its checksum is ${kept}, its ${bytes.length} bytes have ${found}`,
    );
  }
  const header = JSON.parse(decodeText(bytes.subarray(FIXED, end))) as Header;
  const whole = new RestrictedBoltzmannMachine(
    header.visible,
    header.hidden,
    encodingNames.find((known) => known === header.encoding) ?? (header.encoding as never),
  );
  const length = end + 8 * whole.parameters.length + 4;
  if (bytes.length !== length) throw cutShort(name, bytes.length, length);
  for (let k = 0, at = end; k < whole.parameters.length; k++, at += 8) {
    whole.parameters[k] = view.getFloat64(at, true);
  }
  checkParameters(whole);
  const machine = header.labels > 0 ? new ClassMachine(whole, header.labels) : whole;
  return { machine, notes: header.notes };
}

function cutShort(name: string, length: number, expected: number): ArgumentError {
  return new ArgumentError(`${name} has ${length} bytes, expected ${expected}`);
}
