import { registerHooks } from "node:module";
import { silence } from "../warnings.ts";

/** Packages that a user's module may import without installing them, because the command brings them. */
const BROUGHT = /^@(basin|tensorflow)\//;

silence("Type Stripping is an experimental feature");
silence("Module type of file:");
registerHooks({
  resolve(specifier, context, next) {
    try {
      return next(specifier, context);
    } catch (error) {
      if (!BROUGHT.test(specifier) || !/MODULE_NOT_FOUND$/.test((error as NodeJS.ErrnoException).code ?? ""))
        throw error;
      return next(specifier, { ...context, parentURL: import.meta.url });
    }
  },
});
