import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DocumentInspector } from './document-inspector';
import { PortalModule } from './portal.module';
import { DocumentRetention } from './result/document-retention';
import { DownloadLinks } from './result/download-links';
import { ResultController } from './result/result.controller';
import { ResultRepository } from './result/result.repository';
import { ResultService } from './result/result.service';
import { SignatureResults } from './result/signature-result';
import { SignedWebhook } from './result/signed-webhook';
import { RelyingPartyStrategy } from './relying-party.strategy';
import { SignDocument } from './sign-document.entity';
import { SignRequestController } from './sign-request.controller';
import { SignRequest } from './sign-request.entity';
import { SignRequestExpiry } from './sign-request.expiry';
import { SignRequestRepository } from './sign-request.repository';
import { SignRequestSecrets } from './sign-request.secrets';
import { StoredDocuments } from './stored-documents';
import { SignRequestService } from './sign-request.service';

export const signRequestEntities = [SignRequest, SignDocument];

@Module({
  imports: [TypeOrmModule.forFeature(signRequestEntities), PortalModule],
  controllers: [SignRequestController, ResultController],
  providers: [
    SignRequestService,
    RelyingPartyStrategy,
    SignRequestRepository,
    SignRequestSecrets,
    SignRequestExpiry,
    DocumentInspector,
    StoredDocuments,
    ResultService,
    ResultRepository,
    SignatureResults,
    DownloadLinks,
    SignedWebhook,
    DocumentRetention,
  ],
})
export class SignRequestModule {}
