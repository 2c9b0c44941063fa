import { CodedError, isOfFamily, showMend, type CodedErrorOptions, type ErrorTable } from "../core.js";

const FAMILY = "TestingError";

/** Every error of the testing kit itself. Each row is explained in docs/errors.md. */
export const TESTING_ERRORS = {
  TESTING_ALREADY_CONNECTED: {
    message: "a client of this connection is in {namespace} already",
    mend: "Connect by app.connect() for another connection, or use the client that is there.",
  },
  TESTING_BAD_TRANSCRIPT: {
    message: "line {line} of the transcript cannot be read: {text}",
    mend: "Replay what app.record() has written, unchanged.",
  },
  TESTING_CLOSED: {
    message: "the application under test has been closed",
    mend: "Connect before close(), or compile the module anew.",
  },
  TESTING_CLUSTER_LATE: {
    message: "a cluster cannot be joined while clients are connected",
    mend: "Call app.cluster() right after compile(), then connect clients to its members.",
  },
  TESTING_CONNECTION_BROKEN: {
    message: "the test has broken the connection",
    mend: 'Nothing: client.disconnect("transport error") does this.',
  },
  TESTING_DISCONNECTED: {
    message: "the client was disconnected ({reason}) before {what}",
    mend: "Look at why the connection ended; connect another client to go on.",
  },
  TESTING_NO_SPIES: {
    message: "neither jest.fn nor vi.fn can be found to make a mock of",
    mend: "Name what makes spies: createMock({}, { spy }), and useMocker(() => createMock({}, { spy })).",
  },
  TESTING_NOT_A_CLIENT: {
    message: "{matcher} was given {value}, expected a client",
    mend: 'Pass what app.connect() resolved to: await expect(client).toReceive("event").',
  },
  TESTING_NOT_A_PROMISE: {
    message: "{matcher} was given {value}, expected a promise",
    mend: 'Leave out the inner await: await expect(client.emitWithAck("event")).toAckWith(value).',
  },
  TESTING_OTHER_NAMESPACE: {
    message: "{gateway} serves {namespace}, and is called for a socket in {name}",
    mend: 'Say which one it is by a socket: invoke(…, { socket: mockSocket({ namespace: "/orders/7" }) }).',
  },
  TESTING_RESERVED_EVENT: {
    message: '"{event}" is a reserved event name: no client can send it',
    mend: "Choose another event name; connect and disconnect by app.connect() and client.disconnect().",
  },
} as const satisfies ErrorTable<string>;

/** Codes of `TestingError`. */
export type TestingErrorCode = keyof typeof TESTING_ERRORS;

/** A mistake in a test, or an end that came too early for it. */
export class TestingError extends CodedError<TestingErrorCode> {
  constructor(code: TestingErrorCode, options?: CodedErrorOptions) {
    super(FAMILY, TESTING_ERRORS[code], code, options);
    showMend(this);
  }

  static is(value: unknown, code?: TestingErrorCode): value is TestingError {
    return isOfFamily(value, FAMILY, code);
  }
}
