import type { ControlType, MessageData, TransportEnd, TransportHandler } from "../../src/engineio/index.js";

/** Hears what a transport tells, in order. */
export class RecordingHandler implements TransportHandler {
  readonly heard: unknown[][] = [];
  /** How much has come that means nothing. */
  strays = 0;

  onMessage(data: MessageData): void {
    this.heard.push(["message", data]);
  }

  onControl(type: ControlType, data: MessageData | undefined): void {
    this.heard.push(data === undefined ? [type] : [type, data]);
  }

  onStray(): void {
    this.strays += 1;
  }

  onWritable(): void {
    this.heard.push(["writable"]);
  }

  onEnd(reason: TransportEnd, description?: unknown): void {
    this.heard.push(description === undefined ? ["end", reason] : ["end", reason, description]);
  }
}
