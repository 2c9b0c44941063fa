import { IsString, Length } from "class-validator";

/** What a client says when it connects: `io("/chat", { auth: { name: "Ann" } })`. */
export class Credentials {
  @IsString()
  @Length(1, 24)
  name!: string;
}
