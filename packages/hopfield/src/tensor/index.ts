export { type RetrievalLayer, retrievalLayer } from "./retrieval-layer.ts";
