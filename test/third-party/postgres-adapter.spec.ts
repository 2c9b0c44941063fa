import { Pool } from "pg";
import { describeWith } from "../support/programs.js";
import { Postgres } from "../support/services.js";
import { nextEvent } from "../support/waiting.js";
import { describeCluster, describeDeparture } from "./cluster-contract.js";
import { startMembers, useCluster, useVisitors } from "./cluster.js";

/** As the adapter's documentation says. */
const TABLE = `CREATE TABLE socket_io_attachments (
  id bigserial UNIQUE, created_at timestamptz DEFAULT NOW(), payload bytea
)`;

describeWith("postgres", "@socket.io/postgres-adapter", (path) => {
  const postgres = new Postgres(path);
  beforeAll(async () => {
    await postgres.start();
    const pool = new Pool({ host: postgres.address, user: "postgres" });
    await pool.query(TABLE);
    await pool.end();
  }, 60_000);
  afterAll(() => postgres.remove());

  const cluster = useCluster(() => startMembers({ adapter: "@socket.io/postgres-adapter", address: postgres.address }));
  describeCluster(cluster);

  describe("a broadcast larger than a notification of PostgreSQL", () => {
    const visit = useVisitors();

    it("reaches the other server by the table", async () => {
      const bob = await visit(cluster.second, { name: "bob" });
      const received = nextEvent(bob, "news");
      await cluster.first.run((io) => io.emit("news", "x".repeat(10_000)));

      expect(await received).toEqual(["x".repeat(10_000)]);
    });
  });

  describeDeparture(cluster);
});
