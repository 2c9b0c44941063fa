import { useInMemory } from "../framework/support/in-memory.js";
import { auditProviders, AuditLog } from "./examples/scopes/audit-log.js";
import { cartProviders, Warehouse } from "./examples/scopes/cart.gateway.js";
import { Ledger, transferProviders } from "./examples/scopes/transfer.gateway.js";

describe("the examples of docs/scopes.md", () => {
  const start = useInMemory();

  it("keep a cart for each connection and clear it away with it", async () => {
    const app = await start({ providers: cartProviders });
    const [ann, bob] = [await app.connect("/cart"), await app.connect("/cart")];
    expect(await ann.emitWithAck("add", "pear")).toBe(1);
    expect(await ann.emitWithAck("add", "fig")).toBe(2);
    expect(await bob.emitWithAck("add", "plum")).toBe(1);
    await ann.disconnect();
    await app.settled();
    expect([...app.get(Warehouse).reserved]).toEqual([["plum", bob.id]]);
  });

  it("end a transaction with its message", async () => {
    const app = await start({ providers: transferProviders });
    const client = await app.connect("/bank");
    expect(await client.emitWithAck("transfer", 10)).toBe("done");
    await expect(client.emitWithAck("transfer", 1_000)).rejects.toMatchObject({ code: "TOO_MUCH" });
    expect(app.get(Ledger).lines).toEqual(["transfer 10", "transfer rolled back"]);
  });

  it("know the call wherever it leads", async () => {
    const app = await start({ providers: auditProviders }, { asyncContext: true });
    const client = await app.connect("/audited");
    client.on("sure?", (reply: (answer: string) => void) => reply("yes"));
    await client.emitWithAck("ask");
    expect(app.get(AuditLog).lines).toEqual([
      "connect -: connected",
      "message ask: seen",
      "message ask: the client says yes",
    ]);
  });
});
