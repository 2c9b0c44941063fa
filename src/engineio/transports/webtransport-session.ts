import type { ReadableStream, WritableStream } from "node:stream/web";

/** A bidirectional stream of a WebTransport session. */
export interface WebTransportStream {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
}

/** A WebTransport session, as an HTTP/3 server offers it. */
export interface WebTransportSession {
  /** Settles when the session is over. */
  readonly closed: Promise<unknown>;
  readonly incomingBidirectionalStreams: ReadableStream<WebTransportStream>;
  close(): void;
}
