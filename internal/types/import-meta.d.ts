/** What Node, browsers and bundlers all put there. Packages are compiled without the types of any of them. */
interface ImportMeta {
  url: string;
}
