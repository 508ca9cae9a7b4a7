declare module "jsfive" {
  export interface Dataset {
    readonly shape: readonly number[];
    /** Row-major. */
    readonly value: ArrayLike<unknown>;
    readonly attrs: Readonly<Record<string, unknown>>;
  }
  export class Group {
    readonly keys: readonly string[];
    /** Addresses of the members in the file, by which dimensions refer to them. */
    readonly _links: Readonly<Record<string, number>>;
    get(name: string): Group | Dataset;
  }
  export class File extends Group {
    constructor(bytes: ArrayBuffer, name: string);
  }
}
