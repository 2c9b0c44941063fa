import "reflect-metadata";
import { Type } from "class-transformer";
import {
  ArrayMaxSize,
  IsArray,
  IsEmail,
  IsInt,
  IsString,
  Length,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from "class-validator";

class AddressDto {
  @IsString()
  @MaxLength(100)
  street!: string;

  @IsString()
  @MaxLength(60)
  city!: string;
}

class ItemDto {
  @IsString()
  @Length(1, 40)
  sku!: string;

  @IsInt()
  @Min(1)
  quantity!: number;
}

/** What the event `order` carries: the same class, with the same rules, for every peer. */
export class OrderDto {
  @IsString()
  @Length(1, 60)
  customer!: string;

  @IsEmail()
  email!: string;

  @IsInt()
  @Min(1)
  @Max(9)
  priority!: number;

  @ValidateNested()
  @Type(() => AddressDto)
  address!: AddressDto;

  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => ItemDto)
  items!: ItemDto[];
}
