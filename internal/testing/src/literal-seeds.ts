/**
 * A setup file of every project: a seed that a test does not give is 1 rather than drawn, so that a failure repeats.
 */
const entropy = crypto.getRandomValues.bind(crypto);
Object.defineProperty(crypto, "getRandomValues", {
  configurable: true,
  writable: true,
  value: (values: Uint32Array) => (values.length === 1 ? values.fill(1) : entropy(values)),
});
