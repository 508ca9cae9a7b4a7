export { digitClassifier } from "./digit-classifier.ts";
export { fashionMnist } from "./fashion-mnist.ts";
export { halves, type ImageSet, thin } from "./image-set.ts";
export { mnist } from "./mnist.ts";
