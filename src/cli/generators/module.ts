import type { Generator } from "./generator.js";

/** `rookery generate module`. */
export const moduleGenerator: Generator = {
  kind: "module",
  summary: "a module, imported by the nearest one above it",
  files: ({ kebab, pascal }) => [
    {
      path: `${kebab}.module.ts`,
      content: `import { Module } from "rookery";

@Module({})
export class ${pascal}Module {}
`,
    },
  ],
  registration: ({ kebab, pascal }) => ({ list: "imports", className: `${pascal}Module`, path: `${kebab}.module.ts` }),
};
