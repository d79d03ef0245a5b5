import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Delivery } from '../delivery.entity';
import { DeliveryAdminController } from './delivery-admin.controller';
import { DeliveryAdminService } from './delivery-admin.service';

/** The outbox as administrators see it. */
@Module({
  imports: [TypeOrmModule.forFeature([Delivery])],
  controllers: [DeliveryAdminController],
  providers: [DeliveryAdminService],
})
export class DeliveryAdminModule {}
