import { Matches } from "class-validator";

/** The room that an event is about. */
export class RoomDto {
  @Matches(/^[\w-]{1,32}$/, { message: "A room has a name of 1 to 32 letters, digits, dashes and underscores." })
  room!: string;
}
