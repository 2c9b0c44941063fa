import { parse } from "node:querystring";
import type { EngineRevision, MessageData, Packet, PayloadBody, PayloadCodec } from "../engineio/index.js";
import { badPayload } from "./codec.js";

/** A script, and nothing else: what it holds comes from users. */
const SCRIPT = { "Content-Type": "text/javascript; charset=UTF-8", "X-Content-Type-Options": "nosniff" };

/** What ends a line of script, or a script in a page, although JSON may hold it. */
const UNSAFE = /[<\u2028\u2029]/g;
/** A line break, or the two characters that stand for one behind a backslash of their own. */
const ESCAPED_BREAKS = /(\\)?\\n/g;

/** The revision, and JSONP for clients that ask for it by `j`: polling by scripts, for browsers without CORS. */
export function withJsonp(revision: EngineRevision): EngineRevision {
  return {
    ...revision,
    payloadCodec: (query) =>
      query.j === undefined
        ? revision.payloadCodec(query)
        : new JsonpCodec(query.j, revision.payloadCodec({ ...query, b64: "1" })),
  };
}

/** Wraps text bodies: responses are scripts that call `___eio[index]`, requests are forms with the one field `d`. */
class JsonpCodec implements PayloadCodec {
  readonly takesBytes = false;
  readonly #head: string;
  readonly #inner: PayloadCodec;

  /** @param index - of the client's callback; whatever is no digit is left out, since it becomes part of a script. */
  constructor(index: string, inner: PayloadCodec) {
    this.#head = `___eio[${index.replace(/\D/g, "")}](`;
    this.#inner = inner;
  }

  encode(packets: readonly Packet[]): PayloadBody {
    const { body } = this.#inner.encode(packets);
    return { headers: SCRIPT, body: `${this.#head}${JSON.stringify(body.toString()).replace(UNSAFE, escape)});` };
  }

  decode(body: MessageData, maxPackets: number): Packet[] {
    const { d: payload } = parse(body.toString(), "&", "=", { maxKeys: 2 });
    if (typeof payload !== "string") throw badPayload("not a form with one field d");
    // Browsers change the line breaks of forms, so clients send them as "\n", and "\n" itself as "\\n".
    const text = payload.replace(ESCAPED_BREAKS, (_, backslash) => (backslash === undefined ? "\n" : "\\n"));
    return this.#inner.decode(text, maxPackets);
  }
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
