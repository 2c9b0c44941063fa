import { io, type Socket as ClientSocket } from "socket.io-client";
import { Application, type ApplicationOptions, type Logger, Module, type ModuleMetadata } from "rookery";
import { nextEvent, within } from "../../support/waiting.js";

/** What an application wrote to its log. */
export interface LogEntry {
  readonly level: string;
  readonly message: string;
  readonly fields: Record<string, unknown>;
}

/** An application on a free port of 127.0.0.1, its log, and clients of it. */
export class Running {
  readonly app: Application;
  readonly log: readonly LogEntry[];
  readonly #clients: ClientSocket[] = [];

  constructor(app: Application, log: readonly LogEntry[]) {
    this.app = app;
    this.log = log;
  }

  /** A client that is connecting. */
  client(namespace = "/", auth: Record<string, unknown> = {}, transport = "websocket"): ClientSocket {
    const client = io(`http://127.0.0.1:${this.app.address().port}${namespace}`, {
      transports: [transport],
      forceNew: true,
      reconnection: false,
      auth,
    });
    this.#clients.push(client);
    return client;
  }

  /** A client that is connected. */
  async connect(namespace?: string, auth?: Record<string, unknown>): Promise<ClientSocket> {
    const client = this.client(namespace, auth);
    await nextEvent(client, "connect");
    return client;
  }

  /** What a client hears whose connection is refused. */
  async refused(namespace?: string, auth?: Record<string, unknown>): Promise<Error & { data?: unknown }> {
    const [error] = await nextEvent(this.client(namespace, auth), "connect_error");
    return error as Error & { data?: unknown };
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.disconnect();
    await this.app.close({ drainMs: 500 });
  }
}

/** A way to run applications in the tests of the surrounding `describe`; each is closed after its test. */
export function useApplications(): Runner {
  const running: Running[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((application) => application.close()));
  });
  return async (metadata, { prepare, ...options } = {}) => {
    const log: LogEntry[] = [];
    const app = await Application.create(moduleOf(metadata), { logger: recorder(log), ...options });
    prepare?.(app);
    await app.listen(0, "127.0.0.1");
    const application = new Running(app, log);
    running.push(application);
    return application;
  };
}

type Runner = (
  metadata: ModuleMetadata,
  options?: ApplicationOptions & { readonly prepare?: (app: Application) => void },
) => Promise<Running>;

/** A module as `@Module(metadata)` on an empty class makes it. */
export function moduleOf(metadata: ModuleMetadata): new () => object {
  @Module(metadata)
  class TestModule {}
  return TestModule;
}

/** Emits and waits for the answer, however long the list of arguments. */
export async function ask(client: ClientSocket, event: string, ...args: unknown[]): Promise<unknown> {
  return within(client.emitWithAck(event, ...args), `the answer to "${event}"`);
}

/** The arguments of the next event `exception`. */
export async function exception(client: ClientSocket): Promise<unknown> {
  const [payload] = await nextEvent(client, "exception");
  return payload;
}

function recorder(log: LogEntry[]): Logger {
  const at =
    (level: string): Logger["info"] =>
    (message, fields = {}) => {
      log.push({ level, message, fields });
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
