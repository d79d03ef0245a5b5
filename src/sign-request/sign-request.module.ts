import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DocumentInspector } from './document-inspector';
import { SignSessionRepository } from './session/sign-session.repository';
import { SignDocument } from './sign-document.entity';
import { SignRequestController } from './sign-request.controller';
import { SignRequest } from './sign-request.entity';
import { SignRequestRepository } from './sign-request.repository';
import { SignRequestSecrets } from './sign-request.secrets';
import { SignRequestService } from './sign-request.service';

export const signRequestEntities = [SignRequest, SignDocument];

@Module({
  imports: [TypeOrmModule.forFeature(signRequestEntities)],
  controllers: [SignRequestController],
  providers: [SignRequestService, SignRequestRepository, SignRequestSecrets, DocumentInspector, SignSessionRepository],
})
export class SignRequestModule {}
