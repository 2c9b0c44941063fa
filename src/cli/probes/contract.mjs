/**
 * Runs an app up to the point where it would start, and sends what it serves to the process that asks: nothing listens.
 *
 * It is a program of its own, which runs beside the app's own copy of Rookery; the package ships it as it stands.
 */
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [entry] = process.argv.slice(2);
const { Application } = await import(pathToFileURL(createRequire(entry).resolve("rookery")).href);

for (const method of ["init", "listen", "attach"]) {
  Application.prototype[method] = function () {
    process.send(JSON.stringify(this.contract), () => process.exit(0));
    // Whatever follows in the app never comes.
    return new Promise(() => undefined);
  };
}

await import(pathToFileURL(entry).href);
