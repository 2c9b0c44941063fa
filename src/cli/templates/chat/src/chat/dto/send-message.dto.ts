import { IsString, Length } from "class-validator";
import { RoomDto } from "./room.dto.js";

export class SendMessage extends RoomDto {
  @IsString()
  @Length(1, 500)
  text!: string;
}
