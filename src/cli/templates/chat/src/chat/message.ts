/** A message as clients see it. */
export interface Message {
  readonly id: number;
  readonly room: string;
  readonly from: string;
  readonly text: string;
}
