import { describeRefusal, refuseRequest, refuseUpgrade, REFUSALS } from "../../../src/engineio/http/refusal.js";
import { httpRequest } from "../../support/http-request.js";
import { closeHttpAfterEach, HttpStage } from "../../support/http.js";
import { Wire } from "../../support/wire.js";

closeHttpAfterEach();

const request = httpRequest("/");

function written(wire: Wire): string {
  return Buffer.from(wire.writes.join(""), "hex").toString();
}

describe("a refusal", () => {
  it("has engine.io's codes and texts", () => {
    expect(Object.values(REFUSALS).map(({ code, message }) => [code, message])).toEqual([
      [0, "Transport unknown"],
      [1, "Session ID unknown"],
      [2, "Bad handshake method"],
      [3, "Bad request"],
      [4, "Forbidden"],
      [5, "Unsupported protocol version"],
    ]);
  });

  it("is described with request, code, message and context", () => {
    expect(describeRefusal(request, { kind: "UNKNOWN_SID", context: { sid: "x" } })).toEqual({
      req: request,
      code: 1,
      message: "Session ID unknown",
      context: { sid: "x" },
    });
  });

  it("may have a text of its own, which is for the client alone", async () => {
    const refusal = { kind: "FORBIDDEN", message: "no", context: {} } as const;
    const stage = await HttpStage.open((_request, response) => {
      refuseRequest(response, refusal);
    });

    expect((await stage.send("/")).body).toBe('{"code":4,"message":"no"}');
    expect(describeRefusal(request, refusal).message).toBe("Forbidden");
  });

  it("may have a status of its own", async () => {
    const refusal = { kind: "FORBIDDEN", status: 503, context: {} } as const;
    const wire = new Wire();
    refuseUpgrade(wire, refusal);
    const stage = await HttpStage.open((_request, response) => {
      refuseRequest(response, refusal);
    });

    expect((await stage.send("/")).status).toBe(503);
    expect(written(wire)).toContain("HTTP/1.1 503 Service Unavailable\r\n");
  });

  it.each([
    ["UNKNOWN_SID", 400, '{"code":1,"message":"Session ID unknown"}'],
    ["FORBIDDEN", 403, '{"code":4,"message":"Forbidden"}'],
  ] as const)("of a request, %s, is %d with code and message as JSON", async (kind, status, body) => {
    const stage = await HttpStage.open((_request, response) => {
      refuseRequest(response, { kind, context: { secret: 1 } });
    });

    expect(await stage.send("/")).toMatchObject({ status, body, headers: { "content-type": "application/json" } });
  });

  it("of an upgrade is 400 on the bare connection, with the text", () => {
    const wire = new Wire();
    refuseUpgrade(wire, { kind: "FORBIDDEN", message: "né", context: {} });

    expect(written(wire)).toBe(
      "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\nné",
    );
    expect(wire.writableEnded).toBe(true);
  });

  it("of an upgrade whose connection is gone writes nothing", () => {
    const wire = new Wire();
    wire.end();
    refuseUpgrade(wire, { kind: "FORBIDDEN", context: {} });

    expect(written(wire)).toBe("");
    expect(wire.destroyed).toBe(true);
  });
});
