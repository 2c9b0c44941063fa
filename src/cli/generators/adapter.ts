import type { Generator, GivenName } from "./generator.js";
import { memorySpec } from "./memory-spec.js";

/** `rookery generate adapter`. */
export const adapterGenerator: Generator = {
  kind: "adapter",
  summary: "a class that keeps rooms and passes broadcasts on",
  dependencies: ["socket.io-adapter"],
  files: (name) => [
    { path: `${name.kebab}.adapter.ts`, content: source(name) },
    { path: `${name.kebab}.adapter.spec.ts`, content: spec(name) },
  ],
  hint: ({ pascal }) => `Name it in the options: Application.create(AppModule, { adapter: ${pascal}Adapter }).`,
};

function source({ pascal }: GivenName): string {
  return `import { Adapter } from "socket.io-adapter";
import type { BroadcastOptions } from "socket.io-adapter";

/** One per namespace: it keeps the rooms, and every broadcast passes it. Other servers would hear of them here, too. */
export class ${pascal}Adapter extends Adapter {
  broadcasts = 0;

  override broadcast(packet: unknown, options: BroadcastOptions): void {
    this.broadcasts++;
    super.broadcast(packet, options);
  }
}
`;
}

function spec({ kebab, pascal }: GivenName): string {
  return memorySpec({
    subject: `${pascal}Adapter`,
    file: `${kebab}.adapter`,
    module: `{}, { adapter: ${pascal}Adapter }`,
    connect: '"/"',
    tests: `  it("passes broadcasts on", async () => {
    app.server.emit("news", "hi");

    await expect(client).toReceive("news", "hi");
    expect(app.server.of("/").adapter).toMatchObject({ broadcasts: 1 });
  });`,
  });
}
