import type { Generator, GivenName } from "./generator.js";
import { memorySpec } from "./memory-spec.js";

/** `rookery generate filter`. */
export const filterGenerator: Generator = {
  kind: "filter",
  summary: "a class that decides what becomes of an error",
  files: (name) => [
    { path: `${name.kebab}.filter.ts`, content: source(name) },
    { path: `${name.kebab}.filter.spec.ts`, content: spec(name) },
  ],
  registration: ({ kebab, pascal }) => ({
    list: "providers",
    className: `${pascal}Filter`,
    path: `${kebab}.filter.ts`,
  }),
  hint: ({ pascal }) => `Put @UseFilters(${pascal}Filter) on a gateway or a handler.`,
};

function source({ pascal }: GivenName): string {
  return `import { Catch, GatewayException, Injectable } from "rookery";
import type { ExceptionFilter } from "rookery";

/** Tells clients of values that are out of range; without it they would get \`INTERNAL\`, as for any unknown error. */
@Injectable()
@Catch(RangeError)
export class ${pascal}Filter implements ExceptionFilter<RangeError> {
  catch(error: RangeError): never {
    throw new GatewayException("OUT_OF_RANGE", error.message);
  }
}
`;
}

function spec({ kebab, pascal }: GivenName): string {
  return memorySpec({
    subject: `${pascal}Filter`,
    file: `${kebab}.filter`,
    uses: "Namespace, OnEvent, UseFilters",
    stage: `@Namespace("/")
@UseFilters(${pascal}Filter)
class ProbeGateway {
  @OnEvent("range")
  range(): never {
    throw new RangeError("at most 10");
  }

  @OnEvent("other")
  other(): never {
    throw new TypeError("secret");
  }
}`,
    module: `{ providers: [ProbeGateway, ${pascal}Filter] }`,
    connect: '"/"',
    tests: `  it("names a range error", async () => {
    await expect(client.emitWithAck("range")).rejects.toMatchObject({ code: "OUT_OF_RANGE", message: "at most 10" });
  });

  it("leaves other errors alone", async () => {
    await expect(client.emitWithAck("other")).rejects.toMatchObject({ code: "INTERNAL" });
  });`,
  });
}
