import fc from "fast-check";
import { revision3, withJsonp } from "../../src/eio3/index.js";
import { EngineError, revision4, type Packet, type PayloadCodec } from "../../src/engineio/index.js";

const MAX_PACKETS = 100;

const open = (j: string): PayloadCodec => revision3.payloadCodec({ EIO: "3", transport: "polling", j });
const text = (data: string): Packet => ({ type: "message", data });
const binary = (hex: string): Packet => ({ type: "message", data: Buffer.from(hex, "hex") });

/** What a client's callback receives when a browser runs the response. */
function run(script: unknown): string {
  const received: string[] = [];
  const callbacks = { 7: (payload: string) => received.push(payload) };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- a script is what a JSONP response is
  new Function("___eio", String(script))(callbacks);
  expect(received).toHaveLength(1);
  return received.join();
}

/** The body that the form of a client has: it escapes line breaks, since browsers change them. */
function formOf(payload: string): string {
  const escaped = payload.replace(/\\n/g, "\\\n").replace(/\n/g, "\\n");
  return `d=${encodeURIComponent(escaped)}`;
}

describe("a response by JSONP", () => {
  it("is a script that calls the client's callback, and is nothing else to a browser", () => {
    expect(open("7").encode([text("2[]"), { type: "noop" }])).toEqual({
      headers: { "Content-Type": "text/javascript; charset=UTF-8", "X-Content-Type-Options": "nosniff" },
      body: '___eio[7]("4:42[]1:6");',
    });
  });

  it.each([
    ["0", "___eio[0]("],
    ["alert(1)//", "___eio[1]("],
    ["0](x);alert(23", "___eio[023]("],
    ["", "___eio[]("],
    ["٣", "___eio[]("],
  ])("keeps of the index %j the digits", (index, head) => {
    expect(open(index).encode([{ type: "noop" }]).body).toBe(`${head}"1:6");`);
  });

  it("escapes what ends a line of script, or a script in a page", () => {
    const { body } = open("7").encode([text('"\\\n\u2028\u2029</script><!--')]);

    expect(body).toBe('___eio[7]("19:4\\"\\\\\\n\\u2028\\u2029\\u003c/script>\\u003c!--");');
    expect(run(body)).toBe('19:4"\\\n\u2028\u2029</script><!--');
  });

  it("brings bytes as base64, since a script is text", () => {
    expect(open("7").encode([binary("010203")]).body).toBe('___eio[7]("6:b4AQID");');
  });
});

describe("a request by JSONP", () => {
  it.each<[body: string, packets: Packet[]]>([
    ["d=2%3A40", [text("0")]],
    ["d=2%3A4a2%3A4b", [text("a"), text("b")]],
    ["d=3%3A4+b", [text(" b")]],
    ["d=2%3A4%C3%A9", [text("é")]],
    ["d=6%3Ab4AQID", [binary("010203")]],
    // A line break and, the other way, the two characters that JSON has for one.
    ["d=2%3A4%5Cn", [text("\n")]],
    ["d=3%3A4%5C%5Cn", [text("\\n")]],
  ])("is the form %j", (body, packets) => {
    expect(open("7").decode(body, MAX_PACKETS)).toEqual(packets);
  });

  it.each([
    "",
    "d=",
    "d",
    "2:40",
    "x=2%3A40",
    "d=2%3A40&d=2%3A40",
    "d=%E0%A4%A",
    "d=5%3A40",
    "d[]=2%3A40",
    "__proto__=1",
  ])("is refused as %j", (body) => {
    expect(() => open("7").decode(body, MAX_PACKETS)).toThrow(
      expect.objectContaining({ code: "ENGINE_BAD_PAYLOAD" }) as Error,
    );
  });

  it("is never bytes", () => {
    expect(open("7").takesBytes).toBe(false);
  });
});

describe("JSONP", () => {
  it("is for sessions that ask for it", () => {
    expect(revision3.payloadCodec({ EIO: "3" }).encode([{ type: "noop" }]).body).toBe("1:6");
  });

  it("wraps the payload of any revision", () => {
    const codec = withJsonp(revision4).payloadCodec({ EIO: "4", j: "7" });

    expect(codec.encode([text("2[]"), binary("010203")]).body).toBe('___eio[7]("42[]\\u001ebAQID");');
    expect(codec.decode(formOf("4a\u001e3"), MAX_PACKETS)).toEqual([text("a"), { type: "pong" }]);
  });

  it("brings any JSON to the client and back", () => {
    const string = fc.string({
      unit: fc.oneof(fc.constantFrom("\\", "n", "\n", '"', "&", "+", "%", "<"), fc.string()),
    });

    fc.assert(
      fc.property(
        string.map((value) => JSON.stringify(value)),
        (data) => {
          const codec = open("7");
          const payload = run(codec.encode([text(data)]).body);

          expect(codec.decode(formOf(payload), MAX_PACKETS)).toEqual([text(data)]);
        },
      ),
    );
  });

  it("answers any body with packets or an error of the engine", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("d", "=", "&", "%", "3A", "4", "0", ":", "\\", "n") }), (body) => {
        try {
          return open("0").decode(body, MAX_PACKETS).length > 0;
        } catch (error) {
          return EngineError.is(error, "ENGINE_BAD_PAYLOAD");
        }
      }),
    );
  });
});
