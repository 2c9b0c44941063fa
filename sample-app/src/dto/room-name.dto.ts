import { IsDisplayName } from "../display-name.js";

export class RoomName {
  @IsDisplayName("room name", 32)
  room!: string;
}
