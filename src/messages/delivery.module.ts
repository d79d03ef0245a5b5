import { Global, Module } from '@nestjs/common';
import { Deliveries } from './deliveries';
import { Delivery } from './delivery.entity';
import { DeliveryRepository } from './delivery.repository';

export const deliveryEntities = [Delivery];

@Global()
@Module({ providers: [Deliveries, DeliveryRepository], exports: [Deliveries, DeliveryRepository] })
export class DeliveryModule {}
