import { describeCluster, describeDeparture } from "./cluster-contract.js";
import { useCluster } from "./cluster.js";
import { startNodeCluster } from "./node-cluster.js";

describe("@socket.io/cluster-adapter in workers of node:cluster", () => {
  const cluster = useCluster(startNodeCluster);
  describeCluster(cluster);
  describeDeparture(cluster);
});
