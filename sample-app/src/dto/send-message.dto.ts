import { Transform } from "class-transformer";
import { IsString, Length, Matches } from "class-validator";
import { RoomName } from "./room-name.dto.js";

export class SendMessage extends RoomName {
  /** Chosen by the client, so that a message sent again after a lost reply is the same message. */
  @Matches(/^[\w-]{8,64}$/)
  id!: string;

  @Transform(({ value }: { value: unknown }) => (typeof value === "string" ? value.trim() : value))
  @IsString()
  @Length(1, 1000, { message: "A message has 1 to 1000 characters." })
  text!: string;
}
