import { BenchmarkError, within } from "../errors.js";
import { HttpExchange } from "../load/http-exchange.js";
import { Ledger } from "../load/ledger.js";
import { type Load, loadFigures, measureLoad } from "../load/load.js";
import type { Scenario } from "./scenario.js";

const CLIENTS = 50;
const OPEN_TIMEOUT_MS = 5000;
const PATH = "/socket.io/?EIO=4&transport=polling";
const REQUEST = '4210["echo",{"text":"hi"}]';
const REPLY = '4310[{"text":"hi"}]';

/** Each client posts an event, gets the ack by the poll it has waiting, and then polls and posts again. */
export const pollingScenario: Scenario = {
  name: "polling",
  title: `emit with ack over HTTP polling, ${CLIENTS} clients`,
  cost: "CPU µs per message",
  figures: loadFigures,
  async measure(server, timing) {
    const ledger = new Ledger();
    const clients = Array.from({ length: CLIENTS }, () => new PollingClient(server.port, ledger));
    try {
      const opened = Promise.all(clients.map((client) => client.open()));
      await within(OPEN_TIMEOUT_MS, () => "A polling client could not connect.", opened);
      return await measureLoad(server, new PollingLoad(ledger, clients), timing);
    } finally {
      for (const client of clients) client.close();
    }
  },
};

class PollingLoad implements Load {
  readonly ledger: Ledger;
  readonly #clients: readonly PollingClient[];

  constructor(ledger: Ledger, clients: readonly PollingClient[]) {
    this.ledger = ledger;
    this.#clients = clients;
  }

  start(): void {
    for (const client of this.#clients) client.start();
  }

  stop(): void {
    for (const client of this.#clients) client.stop();
  }
}

/** Like a browser, it polls by one connection and posts by another. */
class PollingClient {
  readonly #ledger: Ledger;
  readonly #polls: HttpExchange;
  readonly #posts: HttpExchange;
  #poll: Buffer = get(PATH);
  #post: Buffer = Buffer.alloc(0);
  /** Of the two responses to one event. */
  #missing = 0;
  #sending = false;

  constructor(port: number, ledger: Ledger) {
    this.#ledger = ledger;
    const fail = (error: Error): void => ledger.fail(error);
    this.#polls = new HttpExchange(port, fail);
    this.#posts = new HttpExchange(port, fail);
  }

  /** Opens a session, joins the main namespace and leaves a poll waiting. */
  async open(): Promise<void> {
    const handshake = await this.#polls.ask(this.#poll);
    const { sid } = JSON.parse(handshake.slice(1)) as { sid: string };
    const path = `${PATH}&sid=${sid}`;
    this.#poll = get(path);
    this.#post = post(path, REQUEST);
    check(await this.#posts.ask(post(path, "40")), "ok");
    check((await this.#polls.ask(this.#poll)).slice(0, 9), '40{"sid":');
    this.#pollAgain();
  }

  start(): void {
    this.#sending = true;
    this.#emit();
  }

  stop(): void {
    this.#sending = false;
  }

  close(): void {
    this.#polls.close();
    this.#posts.close();
  }

  #emit(): void {
    this.#missing = 2;
    this.#ledger.owe(1);
    this.#posts.send(this.#post, (body) => {
      check(body, "ok");
      this.#answered();
    });
  }

  #pollAgain(): void {
    this.#polls.send(this.#poll, (body) => {
      check(body, REPLY);
      this.#pollAgain();
      this.#answered();
    });
  }

  #answered(): void {
    this.#missing -= 1;
    if (this.#missing < 0) throw new BenchmarkError("The server sent an acknowledgement twice.");
    if (this.#missing > 0) return;
    if (this.#sending) this.#emit();
    this.#ledger.receive(1);
  }
}

function get(path: string): Buffer {
  return Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n`);
}

function post(path: string, body: string): Buffer {
  const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\nContent-Type: text/plain;charset=UTF-8`;
  return Buffer.from(`${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
}

function check(body: string, expected: string): void {
  if (body !== expected) throw new BenchmarkError(`Wrong reply.\n  expected ${expected}\n  received ${body}`);
}
