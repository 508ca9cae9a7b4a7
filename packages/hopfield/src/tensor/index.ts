export { RetrievalLayer, retrievalLayer } from "./retrieval-layer.ts";
