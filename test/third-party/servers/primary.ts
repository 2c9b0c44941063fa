import cluster, { type Worker } from "node:cluster";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setupPrimary } from "@socket.io/cluster-adapter";
import { setupMaster } from "@socket.io/sticky";
import { performTasks, TaskSender } from "../../support/remote-tasks.js";
import type { WorkerDetails } from "./worker.js";

/** What tests do through the primary process. */
export interface Primary {
  /** Runs a function in a worker, with its Socket.IO server. */
  ask(worker: number, source: string, args: unknown[]): Promise<unknown>;
  /** Ends a worker at once; the primary has noticed when it resolves. */
  kill(worker: number): Promise<void>;
}

/** The port where sticky sessions begin, and the workers' own ones. */
export interface PrimaryDetails {
  readonly port: number;
  readonly workerPorts: [number, number];
}

const http = createServer();
setupMaster(http, { loadBalancingMethod: "round-robin" });
setupPrimary();
// As the documentation of the adapter says, for packets with binary data.
cluster.setupPrimary({ exec: join(import.meta.dirname, "worker.ts"), serialization: "advanced" });

const workers = [cluster.fork(), cluster.fork()];
const senders = workers.map(listen);
const primary: Primary = {
  ask: async (worker, source, args) => senders[worker]?.perform(source, args),
  async kill(number) {
    const worker = workers[number];
    if (worker === undefined || worker.isDead()) return;
    const gone = once(worker, "exit");
    worker.process.kill("SIGKILL");
    await gone;
  },
};
const details = (await Promise.all(senders.map((sender) => sender.ready()))) as WorkerDetails[];
http.listen(0, "127.0.0.1", () => {
  const workerPorts = details.map(({ port }) => port);
  performTasks(primary, { port: (http.address() as AddressInfo).port, workerPorts });
});

function listen(worker: Worker): TaskSender {
  const sender = new TaskSender((request) => worker.send(request));
  worker.on("message", (message) => {
    sender.receive(message);
  });
  worker.once("exit", () => {
    sender.abandon("the worker has ended");
  });
  return sender;
}
