/** Starlight makes its search as soon as a page is idle. This one waits for the reader who opens the dialog. */
export class PagefindUI {
  constructor(options: object) {
    const dialog = document.querySelector("site-search dialog")!;
    const make = async () => {
      opening.disconnect();
      // @ts-expect-error The package has no types.
      const { PagefindUI: Search } = await import("@pagefind/default-ui");
      new Search(options);
      dialog.querySelector("input")?.focus();
    };
    const opening = new MutationObserver(make);
    if (dialog.hasAttribute("open")) void make();
    else opening.observe(dialog, { attributeFilter: ["open"] });
  }
}
