import type { MessageData } from "rookery/core";
import { MemoryTransport } from "rookery/testing";
import type { TransportEnds } from "./transport-contract.js";
import { deferred } from "./waiting.js";

/** A memory transport, or one of its kind, with a client that only keeps what it gets. */
export function openMemoryEnds(
  Transport: typeof MemoryTransport = MemoryTransport,
): TransportEnds & { readonly transport: MemoryTransport } {
  const frames: MessageData[] = [];
  const { promise: closed, resolve: onClose } = deferred<undefined>();
  const transport = new Transport({
    onFrame: (frame) => {
      frames.push(frame);
    },
    onClose: () => {
      onClose(undefined);
    },
  });
  return {
    transport,
    frames,
    closed,
    send: (...sent) => {
      for (const frame of sent) transport.receive(frame);
    },
    vanish: () => {
      transport.leave();
    },
    dispose: () => {
      transport.terminate();
    },
  };
}
