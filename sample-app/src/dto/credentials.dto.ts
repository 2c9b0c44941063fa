import { IsString, Length } from "class-validator";
import { IsDisplayName } from "../display-name.js";

/** What a client says when it connects. */
export class Credentials {
  @IsDisplayName("name", 24)
  name!: string;

  /** The tab's secret: whoever has it may take the name back while the server still holds the lost connection. */
  @IsString()
  @Length(16, 64)
  key!: string;
}
