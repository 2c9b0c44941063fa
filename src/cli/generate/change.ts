/** What becomes of one file. */
export interface Change {
  /** Absolute path. */
  readonly path: string;
  /** What is there now; `undefined` when nothing is. */
  readonly before: string | undefined;
  readonly after: string;
  /** Whether it is somebody else's file, of which only a part changes. */
  readonly isEdit: boolean;
}

/** Whether the file is as it should be already. */
export function isDone({ before, after }: Change): boolean {
  return before === after;
}
