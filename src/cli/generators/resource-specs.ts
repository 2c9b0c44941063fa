import type { GivenName } from "./generator.js";
import { memorySpec } from "./memory-spec.js";

/** Every event of a resource's gateway, through the whole pipeline. */
export function resourceGatewaySpec({ kebab, pascal }: GivenName): string {
  return memorySpec({
    subject: `${pascal}Module`,
    file: `${kebab}.module`,
    module: `{ imports: [${pascal}Module] }`,
    connect: `"/${kebab}"`,
    tests: `  it("creates, and lists what was created", async () => {
    const created: unknown = await client.emitWithAck("create", { title: "first" });

    expect(created).toEqual({ id: 1, title: "first" });
    expect(await client.emitWithAck("list")).toEqual([created]);
  });

  it("updates, and gets what was updated", async () => {
    await client.emitWithAck("create", { title: "first" });
    const updated: unknown = await client.emitWithAck("update", 1, { title: "second" });

    expect(updated).toEqual({ id: 1, title: "second" });
    expect(await client.emitWithAck("get", 1)).toEqual(updated);
  });

  it("removes", async () => {
    const created: unknown = await client.emitWithAck("create", { title: "first" });

    expect(await client.emitWithAck("remove", 1)).toEqual(created);
    expect(await client.emitWithAck("list")).toEqual([]);
  });

  it.each([["get"], ["remove"]])("has nothing to %s under an unknown id", async (event) => {
    await expect(client.emitWithAck(event, 1)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("refuses a title that is empty", async () => {
    await expect(client.emitWithAck("create", { title: "" })).rejects.toMatchObject({
      code: "VALIDATION_FAILED",
      details: [{ path: "title" }],
    });
  });`,
  });
}

/** The service of a resource by itself. */
export function resourceServiceSpec({ kebab, pascal }: GivenName): string {
  return `import { ${pascal}Service } from "./${kebab}.service.js";

describe("${pascal}Service", () => {
  it("keeps what an update leaves out", () => {
    const service = new ${pascal}Service();
    const created = service.create({ title: "first" });

    expect(service.update(created.id, {})).toEqual(created);
  });

  it("gives no id twice", () => {
    const service = new ${pascal}Service();
    service.remove(service.create({ title: "first" }).id);

    expect(service.create({ title: "second" }).id).toBe(2);
  });
});
`;
}
