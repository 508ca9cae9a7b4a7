import { button, el } from "./dom.ts";

/** Calls `take` with the files, and those of folders, that are dropped on an element, which is marked meanwhile. */
export function onDrop(element: HTMLElement, marked: HTMLElement, take: (files: File[]) => void): void {
  element.addEventListener("dragover", (event) => {
    event.preventDefault();
    marked.classList.add("drop");
  });
  element.addEventListener("dragleave", () => marked.classList.remove("drop"));
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    marked.classList.remove("drop");
    if (event.dataTransfer) void filesOf(event.dataTransfer).then(take);
  });
}

/** Resolves to what was dropped, folders with all that lies in them. */
async function filesOf({ items }: DataTransfer): Promise<File[]> {
  // The list is emptied as soon as the event is over.
  const entries = Array.from(items, (item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  return (await Promise.all(entries.map(filesIn))).flat();
}

async function filesIn(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile)
    return [
      await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)),
    ];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: File[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return found;
    for (const one of some) found.push(...(await filesIn(one)));
  }
}

/** A place for files of one purpose: dropped on it, or chosen one by one or as a folder. */
export class FileBox {
  readonly element: HTMLElement;
  readonly #count = el("p", { class: "note", role: "status" });
  #files: readonly File[] = [];

  /** @param wanted whether a file is one of those that the box is for; others are left out. */
  constructor(title: string, note: string, wanted: (file: File) => boolean, changed: () => void) {
    const take = (files: Iterable<File>) => {
      this.#files = [...files].filter(wanted);
      this.#count.textContent =
        this.#files.length === 0 ? "None of those files fits here." : said(this.#files);
      changed();
    };
    const inputs = ["multiple", "webkitdirectory"].map((kind) => {
      const input = el("input", { type: "file", hidden: true, [kind]: true });
      input.addEventListener("change", () => {
        take(input.files ?? []);
        // The same files can be chosen again once they have changed.
        input.value = "";
      });
      return input;
    });
    const buttons = ["Choose files", "Choose a folder"].map((text, k) =>
      button(text, () => inputs[k].click(), { "aria-label": `${text}: ${title}` }),
    );
    const row = el("div", { class: "row" }, ...buttons, ...inputs);
    this.element = el("section", { class: "box", "aria-label": title });
    this.element.append(el("h2", {}, title), el("p", { class: "note" }, note), row, this.#count);
    onDrop(this.element, this.element, take);
  }

  get files(): readonly File[] {
    return this.#files;
  }

  clear(): void {
    this.#files = [];
    this.#count.textContent = "";
  }
}

function said(files: readonly File[]): string {
  return `${files.length === 1 ? files[0].name : `${files.length.toLocaleString("en")} files`}, ${megabytes(files)}`;
}

/** Returns how large files are together, in words. */
export function megabytes(files: readonly File[]): string {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
