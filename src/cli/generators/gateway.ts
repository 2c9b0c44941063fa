import type { Generator, GivenName } from "./generator.js";
import { memorySpec } from "./memory-spec.js";

/** `rookery generate gateway`. */
export const gatewayGenerator: Generator = {
  kind: "gateway",
  summary: "a class that answers the events of a namespace",
  files: (name) => [
    { path: `${name.kebab}.gateway.ts`, content: source(name) },
    { path: `${name.kebab}.gateway.spec.ts`, content: spec(name) },
  ],
  registration: ({ kebab, pascal }) => ({
    list: "providers",
    className: `${pascal}Gateway`,
    path: `${kebab}.gateway.ts`,
  }),
};

function source({ kebab, pascal }: GivenName): string {
  return `import { Ack, Namespace, OnEvent } from "rookery";

@Namespace("/${kebab}")
export class ${pascal}Gateway {
  /** The client's acknowledgement is what this returns; anything but a text is refused before it comes here. */
  @OnEvent("echo")
  @Ack()
  echo(text: string): string {
    return text;
  }
}
`;
}

function spec({ kebab, pascal }: GivenName): string {
  return memorySpec({
    subject: `${pascal}Gateway`,
    file: `${kebab}.gateway`,
    module: `{ providers: [${pascal}Gateway] }`,
    connect: `"/${kebab}"`,
    tests: `  it("answers with the text that it was sent", async () => {
    expect(await client.emitWithAck("echo", "hi")).toBe("hi");
  });

  it("refuses what is no text", async () => {
    await expect(client.emitWithAck("echo", 1)).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
  });`,
  });
}
