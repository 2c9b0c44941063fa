/** Where the server tells a client of an id that it has just made, and what such an id is called in a transcript. */
const SOURCES: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ["socket", /^40(?:\/[^,]*,)?\{"sid":"([^"]+)"/],
  ["session", /^40(?:\/[^,]*,)?\{.*"pid":"([^"]+)"/],
  ["error", /"correlationId":"([^"]+)"/],
];

/** Names for ids that differ from run to run, in the order in which they appear. */
export class StableIds {
  readonly #names = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  /** Looks for new ids in a frame of the server. */
  learn(frame: string): void {
    for (const [kind, pattern] of SOURCES) {
      const id = pattern.exec(frame)?.[1];
      if (id === undefined || this.#names.has(id)) continue;
      const count = (this.#counts.get(kind) ?? 0) + 1;
      this.#counts.set(kind, count);
      this.#names.set(id, `<${kind} ${count}>`);
    }
  }

  /** Puts names in place of ids. */
  rename(text: string): string {
    return [...this.#names].reduce((renamed, [id, name]) => renamed.replaceAll(id, name), text);
  }

  /** Puts ids in place of names. */
  restore(text: string): string {
    return [...this.#names].reduce((restored, [id, name]) => restored.replaceAll(name, id), text);
  }
}
