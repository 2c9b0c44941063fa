import type { Generator, GivenName } from "./generator.js";
import { memorySpec } from "./memory-spec.js";

/** `rookery generate decorator`. */
export const decoratorGenerator: Generator = {
  kind: "decorator",
  summary: "a decorator for parameters of handlers",
  files: (name) => [
    { path: `${name.kebab}.decorator.ts`, content: source(name) },
    { path: `${name.kebab}.decorator.spec.ts`, content: spec(name) },
  ],
  hint: ({ pascal }) => `Put @${pascal}("name") before a parameter of a handler.`,
};

function source({ pascal }: GivenName): string {
  return `import { createParamDecorator } from "rookery";

/** The value of that name among what the client sent as \`auth\` when it connected: \`@${pascal}("name") name: string\`. */
export const ${pascal} = createParamDecorator((key: string, { auth }) => auth[key]);
`;
}

function spec({ kebab, pascal }: GivenName): string {
  return memorySpec({
    subject: pascal,
    file: `${kebab}.decorator`,
    uses: "Ack, Namespace, OnEvent",
    stage: `@Namespace("/")
class ProbeGateway {
  @OnEvent("probe")
  @Ack()
  probe(@${pascal}("name") name: string): string {
    return name;
  }
}`,
    module: "{ providers: [ProbeGateway] }",
    connect: `"/", { auth: { name: "Ann" } }`,
    tests: `  it("takes the value from what the client said when it connected", async () => {
    expect(await client.emitWithAck("probe")).toBe("Ann");
  });`,
  });
}
