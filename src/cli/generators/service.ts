import type { Generator, GivenName } from "./generator.js";

/** `rookery generate service`. */
export const serviceGenerator: Generator = {
  kind: "service",
  summary: "a class that others have injected",
  files: (name) => [
    { path: `${name.kebab}.service.ts`, content: source(name) },
    { path: `${name.kebab}.service.spec.ts`, content: spec(name) },
  ],
  registration: ({ kebab, pascal }) => ({
    list: "providers",
    className: `${pascal}Service`,
    path: `${kebab}.service.ts`,
  }),
};

function source({ pascal }: GivenName): string {
  return `import { Injectable } from "rookery";

/** One for the whole application, made when it starts. */
@Injectable()
export class ${pascal}Service {
  readonly #entries = new Set<string>();

  /** Whether it is new. */
  add(entry: string): boolean {
    if (this.#entries.has(entry)) return false;
    this.#entries.add(entry);
    return true;
  }
}
`;
}

function spec({ kebab, pascal }: GivenName): string {
  return `import { ${pascal}Service } from "./${kebab}.service.js";

describe("${pascal}Service", () => {
  it("takes an entry once", () => {
    const service = new ${pascal}Service();

    expect([service.add("a"), service.add("a"), service.add("b")]).toEqual([true, false, true]);
  });
});
`;
}
