import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Device } from './devices/device.entity';
import { SignatureContent } from './signature-content';
import { SignatureController } from './signature.controller';
import { Signature } from './signature.entity';
import { SignatureRepository } from './signature.repository';
import { SignatureService } from './signature.service';
import { TokenController } from './token/token.controller';
import { TokenService } from './token/token.service';

export const signatureEntities = [Signature, Device];

@Module({
  imports: [TypeOrmModule.forFeature(signatureEntities)],
  controllers: [SignatureController, TokenController],
  providers: [SignatureService, SignatureRepository, SignatureContent, TokenService],
})
export class SignatureModule {}
