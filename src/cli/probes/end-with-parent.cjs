/**
 * Ends an app whose `rookery start` has gone without a word (kill -9, a crash): only the system is left to tell of it, by the end
 * of the pipe that both share. The app sees nothing of this: no IPC channel, no argument, and nothing that keeps it running.
 *
 * Node loads it in front of the app; the package ships it as it stands.
 */
const { Socket } = require("node:net");
const { isMainThread } = require("node:worker_threads");

const PIPE = 3;
/** More than an application takes by default for closing. */
const KILL_AFTER_MS = 15_000;

// What the app forks would inherit the flag, and have something else under that number. Workers have a copy of the flags.
const flag = process.execArgv.indexOf(`--require=${__filename}`);
process.execArgv.splice(flag, flag < 0 ? 0 : 1);

if (isMainThread && flag >= 0) {
  new Socket({ fd: PIPE, readable: true, writable: false })
    .on("close", endApp)
    .on("error", () => undefined)
    .resume()
    .unref();
}

function endApp() {
  process.kill(process.pid, "SIGTERM");
  setTimeout(() => process.kill(process.pid, "SIGKILL"), KILL_AFTER_MS).unref();
}
