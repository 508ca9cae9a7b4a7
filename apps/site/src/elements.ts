/** Every figure of the site is an element <basin-NAME>, whose code loads when the reader comes near one. */
const modules: Readonly<Record<string, () => Promise<unknown>>> = import.meta.glob([
  "./demos/*/element.ts",
  "./figures/*/element.ts",
]);
const loaders = Object.entries(modules).map(
  ([path, load]) => [`basin-${path.split("/").at(-2)}`, load] as const,
);

const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      loaders.find(([name]) => name === target.localName)?.[1]();
    }
  },
  { rootMargin: "400px" },
);
for (const [name] of loaders) for (const element of document.querySelectorAll(name)) near.observe(element);
