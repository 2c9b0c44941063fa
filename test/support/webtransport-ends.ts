import { createPacketDecoderStream } from "engine.io-parser";
import type { ReadableWritablePair } from "node:stream/web";
import { Deadlines, systemClock, type EnginePacket } from "rookery/core";
import { WebTransportTransport } from "../../src/engineio/transports/webtransport.js";
import type { TransportEnds } from "./transport-contract.js";
import { WebTransportPair } from "./webtransport.js";

/** A WebTransport session without a network, its server's side in a transport. */
export function openWebTransportEnds(): TransportEnds & { readonly pair: WebTransportPair } {
  const pair = new WebTransportPair();
  const deadlines = new Deadlines(systemClock);
  const decoder = createPacketDecoderStream(1_000_000, "nodebuffer") as ReadableWritablePair<EnginePacket, Uint8Array>;
  const transport = new WebTransportTransport({
    session: pair.session,
    writer: pair.stream.writable.getWriter(),
    reader: pair.stream.readable.pipeThrough(decoder).getReader(),
    after: (delayMs, callback) => deadlines.add(delayMs, callback),
  });
  return {
    pair,
    transport,
    frames: pair.frames,
    closed: pair.closed,
    send: (...frames) => {
      pair.send(...frames);
    },
    vanish: () => {
      pair.vanish();
    },
    dispose: () => {
      transport.terminate();
    },
  };
}
