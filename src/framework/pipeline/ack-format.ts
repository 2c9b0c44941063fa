import type { AckReply, Socket } from "../../core.js";
import type { ClientError } from "../client-errors.js";
import { GatewayError } from "../errors.js";
import type { AckFormat } from "../metadata/types.js";

/** Writes outcomes into acknowledgements, in one format. */
export interface AckWriter {
  /** @param value - `undefined` when the handler has nothing to say. */
  success(reply: AckReply, value: unknown): void;
  failure(reply: AckReply, error: ClientError): void;
}

export const ACK_WRITERS: Readonly<Record<AckFormat, AckWriter>> = {
  value: {
    success: (reply, value) => {
      if (value === undefined) reply();
      else reply(value);
    },
    failure: (reply, error) => {
      reply({ error });
    },
  },
  envelope: {
    success: (reply, value) => {
      reply(value === undefined ? { ok: true } : { ok: true, data: value });
    },
    failure: (reply, error) => {
      reply({ ok: false, error });
    },
  },
  node: {
    success: (reply, value) => {
      if (value === undefined) reply(null);
      else reply(null, value);
    },
    failure: (reply, error) => {
      reply(error);
    },
  },
};

/**
 * @param option - where the format is written, for the error.
 * @throws GatewayError `GATEWAY_BAD_OPTION`
 */
export function toAckFormat(value: AckFormat, option: string): AckFormat {
  if (Object.hasOwn(ACK_WRITERS, value)) return value;
  const expected = Object.keys(ACK_WRITERS).join(", ");
  throw new GatewayError("GATEWAY_BAD_OPTION", { values: { option, value, expected } });
}

/** An event that has come in, and how to answer it. */
export interface Incoming {
  readonly socket: Socket;
  readonly event: string;
  /** `undefined` when the client asked for no answer. */
  readonly reply: AckReply | undefined;
  readonly writer: AckWriter;
}

/** Tells a client that its event failed: by the acknowledgement it asked for, or else by the event `exception`. */
export function sendError({ socket, event, reply, writer }: Incoming, error: ClientError): void {
  if (reply !== undefined) writer.failure(reply, error);
  else socket.emit("exception", { event, error });
}
