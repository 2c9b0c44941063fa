import { IsBoolean } from "class-validator";
import { RoomName } from "./room-name.dto.js";

export class Typing extends RoomName {
  @IsBoolean()
  active!: boolean;
}
