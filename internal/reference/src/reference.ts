import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Application, type TypeDocOptions } from "typedoc";
import type { PluginOptions } from "typedoc-plugin-markdown";

const repository = resolve(import.meta.dirname, "../../..");
const output = join(repository, "apps/site/.reference");

const sources = readdirSync(join(repository, "packages")).sort().flatMap(publishedSources);

const options: TypeDocOptions & Partial<PluginOptions> & { placeInternalsInOwningModule: boolean } = {
  name: "Reference",
  out: output,
  entryPoints: sources,
  tsconfig: join(import.meta.dirname, "../tsconfig.sources.json"),
  plugin: ["typedoc-plugin-markdown", "typedoc-plugin-missing-exports"],
  router: "member",
  readme: "none",
  excludeInternal: true,
  excludeExternals: true,
  excludePrivate: true,
  disableSources: true,
  disableGit: true,
  skipErrorChecking: true,
  hideBreadcrumbs: true,
  hidePageHeader: true,
  entryFileName: "index",
  placeInternalsInOwningModule: true,
  pageTitleTemplates: {
    module: ({ name }) => `@basin/${name}`,
    member: ({ name }) => name,
  },
  useCodeBlocks: true,
  parametersFormat: "table",
  interfacePropertiesFormat: "table",
  typeDeclarationFormat: "table",
  propertyMembersFormat: "table",
  indexFormat: "table",
  expandParameters: true,
  blockTagsPreserveOrder: ["@example"],
  logLevel: "Error",
};

const application = await Application.bootstrapWithPlugins(options);
const project = await application.convert();
if (project === undefined) throw new Error("TypeDoc could not read the sources");
for (const module of project.children ?? []) module.name = module.name.replace(/\/src(?=\/|$)/, "");
await application.generateOutputs(project);
if (application.logger.hasErrors()) process.exitCode = 1;

/** Returns the source of every entry of a package, but for those that only siblings and bundlers import. */
function publishedSources(name: string): string[] {
  const folder = join(repository, "packages", name);
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return Object.entries<{ "@basin/source"?: string }>(manifest.exports).flatMap(([subpath, target]) => {
    const source = target["@basin/source"];
    return source === undefined || /^\.\/(internal|worker)$/.test(subpath) ? [] : [join(folder, source)];
  });
}
