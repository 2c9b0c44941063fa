import { UnansweredCall } from "./unanswered-call.js";

/** One run of a disconnect hook; its arguments are `[reason, description?]`. */
export class DisconnectCall extends UnansweredCall {
  get kind(): "disconnect" {
    return "disconnect";
  }

  override get reason(): string {
    return String(this.args[0]);
  }
}
