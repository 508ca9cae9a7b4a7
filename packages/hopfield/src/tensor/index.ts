export { RetrievalLayer, type RetrievalLayerOptions, retrievalLayer } from "./retrieval-layer.ts";
