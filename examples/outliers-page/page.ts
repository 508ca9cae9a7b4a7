import { outlierDetector } from "@basin/jem/outliers";

// Logits of any classifier, here a linear one of the mean color of a picture, judged in the page without tfjs.
const classes = [
  [9, -4, -4],
  [-4, 9, -4],
  [-4, -4, 9],
];
const logits = (color: number[]) => classes.map((row) => row.reduce((sum, w, i) => sum + w * color[i], 0));
const shades = Array.from({ length: 300 }, (_, i) =>
  [0, 1, 2].map((c) => (c === i % 3 ? 0.7 + i / 1000 : 0.1)),
);
const detector = outlierDetector({ logits: shades.map(logits) }, { keep: 0.95 });

const text = document.body.appendChild(document.createElement("p"));
const input = document.body.appendChild(document.createElement("input"));
input.type = "color";
input.oninput = () => {
  const color = [1, 3, 5].map((at) => Number.parseInt(input.value.slice(at, at + 2), 16) / 255);
  const [isOutlier] = detector.judge({ logits: [logits(color)] }).outliers;
  text.textContent = isOutlier ? "unlike the colors that it knows" : "a color that it knows";
};
