import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, Matches } from 'class-validator';
import { type DeliveryState, deliveryStates } from '../delivery.entity';

export class FindDeliveries {
  @IsOptional()
  @IsIn(deliveryStates)
  @ApiPropertyOptional({ enum: deliveryStates, example: 'failed' })
  state?: DeliveryState;

  /** A tenant's id. */
  @IsOptional()
  @Matches(/^[a-z0-9][a-z0-9-]{0,62}$/, { message: 'tenant must be the id of a tenant: 1 to 63 of a-z, 0-9 and -' })
  @ApiPropertyOptional({ example: 'demo' })
  tenant?: string;
}
