import type { Generator, GivenName } from "./generator.js";
import { memorySpec } from "./memory-spec.js";

/** `rookery generate guard`. */
export const guardGenerator: Generator = {
  kind: "guard",
  summary: "a class that decides who may",
  files: (name) => [
    { path: `${name.kebab}.guard.ts`, content: source(name) },
    { path: `${name.kebab}.guard.spec.ts`, content: spec(name) },
  ],
  registration: ({ kebab, pascal }) => ({ list: "providers", className: `${pascal}Guard`, path: `${kebab}.guard.ts` }),
  hint: ({ pascal }) => `Put @UseGuards(${pascal}Guard) on a gateway or a handler.`,
};

function source({ pascal }: GivenName): string {
  return `import { Injectable } from "rookery";
import type { CanActivate, ExecutionContext } from "rookery";

/** Admits who has come with a token: by \`true\`, and nothing else. Whom it refuses gets \`FORBIDDEN\`. */
@Injectable()
export class ${pascal}Guard implements CanActivate {
  canActivate({ auth }: ExecutionContext): boolean {
    return typeof auth["token"] === "string" && auth["token"] !== "";
  }
}
`;
}

function spec({ kebab, pascal }: GivenName): string {
  return memorySpec({
    subject: `${pascal}Guard`,
    file: `${kebab}.guard`,
    uses: "Namespace, UseGuards",
    stage: `@Namespace("/")
@UseGuards(${pascal}Guard)
class ProbeGateway {}`,
    module: `{ providers: [ProbeGateway, ${pascal}Guard] }`,
    tests: `  it("admits who has a token", async () => {
    const client = await app.connect("/", { auth: { token: "t-ann" } });

    expect(client.connected).toBe(true);
  });

  it("refuses who has none", async () => {
    await expect(app.connect("/")).rejects.toMatchObject({ code: "FORBIDDEN" });
  });`,
  });
}
