import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { compress, type ContentEncoding } from "./compression.js";

const compressWhole = promisify(compress);

/** Files of one folder, each read once and compressed once per encoding, and kept: for few files that never change. */
export class EncodedFiles {
  readonly #folder: string;
  readonly #bodies = new Map<string, Promise<Buffer>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @returns the file's bytes; rejects when there is no such file. */
  read(file: string): Promise<Buffer> {
    return this.#once(file, () => readFile(join(this.#folder, file)));
  }

  readAs(encoding: ContentEncoding, file: string): Promise<Buffer> {
    return this.#once(`${encoding} ${file}`, async () => compressWhole(await this.read(file), encoding, {}));
  }

  #once(key: string, make: () => Promise<Buffer>): Promise<Buffer> {
    const known = this.#bodies.get(key);
    if (known !== undefined) return known;
    const body = make();
    this.#bodies.set(key, body);
    return body;
  }
}
