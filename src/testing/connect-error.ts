import { setHeadline } from "./headline.js";

/** What the server says when it refuses a connection. */
export interface Refusal {
  readonly message: string;
  readonly data?: unknown;
}

const BRAND = Symbol.for("rookery.connectError");

/** The server refused a connection to a namespace, as socket.io-client's `connect_error` tells it. */
export class ConnectError extends Error {
  readonly namespace: string;
  /** `data.code` of the refusal, where gateways put the code of their error. */
  readonly code: string | undefined;
  /** What the server sent beside the message. */
  readonly data: unknown;
  readonly [BRAND] = true;

  constructor(namespace: string, { message, data }: Refusal, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    Object.defineProperty(this, "name", { value: "ConnectError", configurable: true });
    this.namespace = namespace;
    this.code = codeOf(data);
    this.data = data;
    setHeadline(this, `ConnectError: ${namespace} refused the connection: ${message}`, data);
  }

  /** Like `instanceof`, but true across copies of the package and jest's realms. */
  static is(value: unknown, code?: string): value is ConnectError {
    const isConnectError = typeof value === "object" && value !== null && BRAND in value;
    return isConnectError && (code === undefined || (value as ConnectError).code === code);
  }
}

function codeOf(data: unknown): string | undefined {
  const code: unknown = typeof data === "object" && data !== null ? (data as { code?: unknown }).code : undefined;
  return typeof code === "string" ? code : undefined;
}
