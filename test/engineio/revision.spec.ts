import { decodePayload } from "../../src/engineio/codec.js";
import { revision4, type EngineRevision } from "../../src/engineio/index.js";
import { revisionOf } from "../../src/engineio/revision.js";

const bytes = Buffer.from([1, 2, 3]);

describe("revision 4", () => {
  it.each(["3", "5", "04", "4 ", "", undefined])("is not asked for by EIO %j", (EIO) => {
    expect(revision4.isAskedFor({ EIO })).toBe(false);
  });

  it("takes and gives text in polling bodies", () => {
    const codec = revision4.payloadCodec({ EIO: "4" });

    expect(codec.takesBytes).toBe(false);
    expect(codec.encode([{ type: "message", data: bytes }])).toEqual({
      headers: { "Content-Type": "text/plain; charset=UTF-8" },
      body: "bAQID",
    });
    expect(codec.decode("bAQID", 1)).toEqual([{ type: "message", data: bytes }]);
  });

  it("carries bytes bare in WebSocket frames, and as text for a client that asks for base64", () => {
    const [bare, text] = [revision4.frameCodec({}), revision4.frameCodec({ b64: "1" })];

    expect([bare.encodeBytes(bytes), text.encodeBytes(bytes)]).toEqual([bytes, "bAQID"]);
    for (const frames of [bare, text]) {
      expect(frames.decode(bytes)).toEqual({ type: "message", data: bytes });
      expect(frames.decode("bAQID")).toEqual({ type: "message", data: bytes });
    }
  });

  it("refuses a body of more packets than the limit", () => {
    expect(decodePayload("6\x1e6\x1e6", 3)).toHaveLength(3);
    expect(() => decodePayload("6\x1e6\x1e6\x1e6", 3)).toThrow(
      expect.objectContaining({ code: "ENGINE_BAD_PAYLOAD" }) as Error,
    );
  });
});

describe("the revision of a request", () => {
  const older: EngineRevision = { ...revision4, protocol: 3, isAskedFor: () => true };

  it("is the first that it asks for", () => {
    expect(revisionOf({ EIO: "4" }, [revision4, older])).toBe(revision4);
    expect(revisionOf({ EIO: "3" }, [revision4, older])).toBe(older);
  });

  it("is none when none is asked for", () => {
    expect(revisionOf({ EIO: "3" }, [revision4])).toBeUndefined();
  });
});
