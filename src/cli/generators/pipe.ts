import type { Generator, GivenName } from "./generator.js";
import { memorySpec } from "./memory-spec.js";

/** `rookery generate pipe`. */
export const pipeGenerator: Generator = {
  kind: "pipe",
  summary: "a class that changes arguments before they are checked",
  files: (name) => [
    { path: `${name.kebab}.pipe.ts`, content: source(name) },
    { path: `${name.kebab}.pipe.spec.ts`, content: spec(name) },
  ],
  registration: ({ kebab, pascal }) => ({ list: "providers", className: `${pascal}Pipe`, path: `${kebab}.pipe.ts` }),
  hint: ({ pascal }) => `Put @UsePipes(${pascal}Pipe) on a handler, or @Payload(${pascal}Pipe) before a parameter.`,
};

function source({ pascal }: GivenName): string {
  return `import { Injectable } from "rookery";
import type { PipeTransform } from "rookery";

/** Takes the blanks around a text away. The parameter's own type is checked afterwards. */
@Injectable()
export class ${pascal}Pipe implements PipeTransform<unknown> {
  transform(value: unknown): unknown {
    return typeof value === "string" ? value.trim() : value;
  }
}
`;
}

function spec({ kebab, pascal }: GivenName): string {
  return memorySpec({
    subject: `${pascal}Pipe`,
    file: `${kebab}.pipe`,
    uses: "Ack, Namespace, OnEvent, Payload",
    stage: `@Namespace("/")
class ProbeGateway {
  @OnEvent("probe")
  @Ack()
  probe(@Payload(${pascal}Pipe) text: string): string {
    return text;
  }
}`,
    module: `{ providers: [ProbeGateway, ${pascal}Pipe] }`,
    connect: '"/"',
    tests: `  it("takes the blanks around a text away", async () => {
    expect(await client.emitWithAck("probe", "  hi ")).toBe("hi");
  });

  it("leaves everything else to the check of the type", async () => {
    await expect(client.emitWithAck("probe", 1)).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
  });`,
  });
}
