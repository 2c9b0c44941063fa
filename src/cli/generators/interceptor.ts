import type { Generator, GivenName } from "./generator.js";
import { memorySpec } from "./memory-spec.js";

/** `rookery generate interceptor`. */
export const interceptorGenerator: Generator = {
  kind: "interceptor",
  summary: "a class that stands around calls",
  files: (name) => [
    { path: `${name.kebab}.interceptor.ts`, content: source(name) },
    { path: `${name.kebab}.interceptor.spec.ts`, content: spec(name) },
  ],
  registration: ({ kebab, pascal }) => ({
    list: "providers",
    className: `${pascal}Interceptor`,
    path: `${kebab}.interceptor.ts`,
  }),
  hint: ({ pascal }) => `Put @UseInterceptors(${pascal}Interceptor) on a gateway or a handler.`,
};

function source({ pascal }: GivenName): string {
  return `import { Injectable } from "rookery";
import type { ExecutionContext, Interceptor } from "rookery";

/** Counts the calls that went well, by the name of their event. */
@Injectable()
export class ${pascal}Interceptor implements Interceptor {
  readonly #counts = new Map<string, number>();

  /** What is before \`next()\` happens before validation and handler, the rest after them; a throw goes to the filters. */
  async intercept(context: ExecutionContext, next: () => Promise<unknown>): Promise<unknown> {
    const value = await next();
    const name = context.event ?? context.kind;
    this.#counts.set(name, this.countOf(name) + 1);
    return value;
  }

  countOf(name: string): number {
    return this.#counts.get(name) ?? 0;
  }
}
`;
}

function spec({ kebab, pascal }: GivenName): string {
  return memorySpec({
    subject: `${pascal}Interceptor`,
    file: `${kebab}.interceptor`,
    uses: "Ack, Namespace, OnEvent, UseInterceptors",
    stage: `@Namespace("/")
@UseInterceptors(${pascal}Interceptor)
class ProbeGateway {
  @OnEvent("probe")
  @Ack()
  probe(text: string): string {
    return text;
  }
}`,
    module: `{ providers: [ProbeGateway, ${pascal}Interceptor] }`,
    connect: '"/"',
    tests: `  it("counts what went well, and changes no answer", async () => {
    expect(await client.emitWithAck("probe", "hi")).toBe("hi");
    await expect(client.emitWithAck("probe", 1)).rejects.toMatchObject({ code: "VALIDATION_FAILED" });

    expect(app.get(${pascal}Interceptor).countOf("probe")).toBe(1);
  });`,
  });
}
