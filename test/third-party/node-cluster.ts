import { join } from "node:path";
import { RemoteProcess } from "../support/remote-process.js";
import type { Cluster, Member } from "./cluster.js";
import type { Primary, PrimaryDetails } from "./servers/primary.js";

type PrimaryProcess = RemoteProcess<Primary, PrimaryDetails>;

/** Two workers of node:cluster; each has a door of its own. */
export interface NodeCluster extends Cluster {
  /** Where sticky sessions share clients out. */
  readonly url: string;
}

/** A primary process with two workers. */
export async function startNodeCluster(): Promise<NodeCluster> {
  const primary: PrimaryProcess = await RemoteProcess.start(join(__dirname, "servers/primary.ts"), {});
  return {
    url: urlOf(primary.details.port),
    first: workerOf(primary, 0),
    second: workerOf(primary, 1),
    stop: () => primary.stop(),
  };
}

function workerOf(primary: PrimaryProcess, worker: 0 | 1): Member {
  return {
    url: urlOf(primary.details.workerPorts[worker]),
    async run(task, ...args) {
      const ask = (context: Primary, ...request: Parameters<Primary["ask"]>): Promise<unknown> =>
        context.ask(...request);
      return (await primary.run(ask, worker, task.toString(), args)) as never;
    },
    async stop() {
      await primary.run((context, number) => context.kill(number), worker);
    },
  };
}

function urlOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}
