import type { Generator, GivenName } from "./generator.js";
import { memorySpec } from "./memory-spec.js";

/** `rookery generate dto`. */
export const dtoGenerator: Generator = {
  kind: "dto",
  summary: "a class that payloads are checked against",
  folder: "dto",
  dependencies: ["class-transformer", "class-validator"],
  files: (name) => [
    { path: `${name.kebab}.dto.ts`, content: source(name) },
    { path: `${name.kebab}.dto.spec.ts`, content: spec(name) },
  ],
  hint: ({ pascal }) => `Take it as a parameter of a handler: @OnEvent("say") say(dto: ${pascal}Dto).`,
};

function source({ pascal }: GivenName): string {
  return `import { IsString, Length } from "class-validator";

/** What a client sends: checked, and an instance of this class, before a handler sees it. */
export class ${pascal}Dto {
  @IsString()
  @Length(1, 500)
  text!: string;
}
`;
}

function spec({ kebab, pascal }: GivenName): string {
  return memorySpec({
    subject: `${pascal}Dto`,
    file: `${kebab}.dto`,
    uses: "Ack, Namespace, OnEvent",
    stage: `@Namespace("/")
class ProbeGateway {
  @OnEvent("probe")
  @Ack()
  probe({ text }: ${pascal}Dto): string {
    return text;
  }
}`,
    module: "{ providers: [ProbeGateway] }",
    connect: '"/"',
    tests: `  it("lets a text through", async () => {
    expect(await client.emitWithAck("probe", { text: "hi" })).toBe("hi");
  });

  it.each([[{}], [{ text: "" }], [{ text: 1 }]])("refuses %j", async (payload) => {
    await expect(client.emitWithAck("probe", payload)).rejects.toMatchObject({
      code: "VALIDATION_FAILED",
      details: [{ path: "text" }],
    });
  });`,
  });
}
