import { Database } from "./examples/health/database.check.js";
import { start } from "./examples/health/main.js";

describe("the example of docs/health.md", () => {
  it("is ready as long as its database is", async () => {
    const warnings = jest.spyOn(process.stderr, "write").mockReturnValue(true);
    const app = await start(0);
    const probe = async (name: string): Promise<number> =>
      (await fetch(`http://127.0.0.1:${app.address().port}/health/${name}`)).status;
    expect([await probe("live"), await probe("ready")]).toEqual([200, 200]);
    app.get(Database).isConnected = false;

    expect([await probe("live"), await probe("ready")]).toEqual([200, 503]);
    expect(String(warnings.mock.calls[0]?.[0])).toContain("health check database fails");
    await app.close();
    warnings.mockRestore();
  });
});
