import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { io } from "socket.io-client";
import { Ack, Application, type ListenOptions, Namespace, OnEvent, silentLogger } from "rookery";
import { nextEvent } from "../../support/waiting.js";
import { moduleOf } from "../support/applications.js";

@Namespace()
class EchoGateway {
  @OnEvent("echo")
  @Ack()
  echo(value: unknown): unknown {
    return value;
  }
}

describe("Application.listen", () => {
  let app: Application;

  beforeEach(async () => {
    app = await Application.create(moduleOf({ providers: [EchoGateway] }), { logger: silentLogger });
  });
  afterEach(() => app.close());

  const echo = async (url: string): Promise<unknown> => {
    const client = io(url, { forceNew: true, reconnection: false, rejectUnauthorized: false });
    try {
      await nextEvent(client, "connect");
      return await client.emitWithAck("echo", "hi");
    } finally {
      client.disconnect();
    }
  };

  it("takes a port as text, as environments have it", async () => {
    await app.listen("0", "127.0.0.1");

    expect(app.address()).toMatchObject({ address: "127.0.0.1", family: "IPv4", port: expect.any(Number) });
    expect(await echo(`http://127.0.0.1:${app.address().port}`)).toBe("hi");
  });

  it("takes any free port of every address without saying where", async () => {
    await app.listen({});

    expect(app.address().port).toBeGreaterThan(0);
    expect(await echo(`http://127.0.0.1:${app.address().port}`)).toBe("hi");
  });

  it("serves https and wss with a certificate", async () => {
    const tls = {
      key: readFileSync(join(__dirname, "../../support/tls/key.pem")),
      cert: readFileSync(join(__dirname, "../../support/tls/certificate.pem")),
    };
    await app.listen({ port: 0, host: "127.0.0.1", tls, backlog: 64 });

    expect(await echo(`https://127.0.0.1:${app.address().port}`)).toBe("hi");
  });

  it.each([(path: string): ListenOptions => ({ path }), (path: string): string => path])(
    "listens on a Unix socket (%#)",
    async (target) => {
      const folder = mkdtempSync(join(tmpdir(), "rookery-"));
      const socketPath = join(folder, "app.sock");
      await app.listen(target(socketPath));

      expect(app.address()).toEqual({ address: socketPath, family: "unix", port: 0 });
      const asked = request({ socketPath, path: "/socket.io/?EIO=4&transport=polling" }).end();
      const [response] = (await nextEvent(asked, "response")) as [NodeJS.ReadableStream];
      expect(await text(response)).toMatch(/^0\{"sid":/);
      await app.close();
      rmSync(folder, { recursive: true });
    },
  );

  it.each(["300O", "", "app.sock"])("takes no text for a path that has no slash: %j", async (port) => {
    await expect(app.listen(port)).rejects.toMatchObject({
      code: "GATEWAY_BAD_OPTION",
      message: `option port is ${JSON.stringify(port)}, expected a number, or the path of a Unix socket such as ./app.sock`,
    });
  });

  it("says which path it cannot listen on", async () => {
    const path = join(tmpdir(), "no such folder", "app.sock");

    await expect(app.listen({ path })).rejects.toMatchObject({
      code: "GATEWAY_LISTEN_FAILED",
      message: expect.stringContaining(`cannot listen on ${path}: `),
    });
  });
});
