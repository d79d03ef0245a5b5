import { Global, Module } from '@nestjs/common';
import { Deliveries } from './deliveries';
import { Delivery } from './delivery.entity';
import { DeliveryRepository } from './delivery.repository';
import { Delivery1763700000004 } from './migrations/1763700000004-delivery';
import { DeliveryEnd1763700000011 } from './migrations/1763700000011-delivery-end';
import { OnlyRows1763700000101 } from './migrations/1763700000101-only-rows';
import { DeliveryOwner1763700000304 } from './migrations/1763700000304-delivery-owner';

export const deliveryEntities = [Delivery];

export const deliveryMigrations = [
  Delivery1763700000004,
  DeliveryEnd1763700000011,
  OnlyRows1763700000101,
  DeliveryOwner1763700000304,
];

@Global()
@Module({ providers: [Deliveries, DeliveryRepository], exports: [Deliveries, DeliveryRepository] })
export class DeliveryModule {}
