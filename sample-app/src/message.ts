/** A message as clients see it. */
export class Message {
  id!: string;
  room!: string;
  from!: string;
  text!: string;
  /** Milliseconds since 1970, by the server's clock. */
  sentAt!: number;
  /** Everybody else who was in the room then has received it. */
  delivered!: boolean;
}
