import { readFileSync } from "node:fs";
import { join } from "node:path";

const read = (name: string): Buffer => readFileSync(join(__dirname, "tls", name));

/** Key and certificate of a server that nobody trusts. */
export const tls = { key: read("key.pem"), cert: read("certificate.pem") };
