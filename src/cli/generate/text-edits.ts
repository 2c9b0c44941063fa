/** A piece of text that is put in place of what stands from `start` to `end`. */
export interface TextEdit {
  readonly start: number;
  /** Default: `start`, which only adds. */
  readonly end?: number;
  readonly text: string;
}

/** Makes edits that do not overlap; those at one place in their order. */
export function applyEdits(source: string, edits: readonly TextEdit[]): string {
  let result = "";
  let position = 0;
  for (const { start, end = start, text } of edits.toSorted((a, b) => a.start - b.start)) {
    result += source.slice(position, start) + text;
    position = end;
  }
  return result + source.slice(position);
}
