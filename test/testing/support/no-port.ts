import { Server } from "node:net";
import { join, sep } from "node:path";

/** Run before every spec: those of the testing kit fail when they, or the kit, listen on a port or a pipe. */
const kit = join(__dirname, "..") + sep;

if (expect.getState().testPath?.startsWith(kit) === true) {
  const { listen } = Server.prototype;
  let calls: Error[] = [];

  beforeAll(() => {
    Server.prototype.listen = () => {
      const call = new Error("a test of the testing kit has called net.Server.listen()");
      calls.push(call);
      throw call;
    };
  });

  afterEach(() => {
    const [first] = calls;
    calls = [];
    // Whoever called it may have caught what it threw.
    if (first !== undefined) throw first;
  });

  // Modules of Node are the same for all specs of a process.
  afterAll(() => {
    Server.prototype.listen = listen;
  });
}
