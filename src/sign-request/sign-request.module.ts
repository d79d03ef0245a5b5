import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { type Settings, SETTINGS } from '../platform/settings/settings';
import { Identification, IdentityProvider, NoIdentity } from './identity/identification';
import { AssetsController, IdentityController, PortalController } from './portal/portal.controller';
import { OidcIdentity } from './identity/oidc-identity';
import { SimulatedIdentity, SimulatedLoginController } from './identity/simulated-login';
import { Visitors } from './identity/visitors';
import { DocumentSigner, SigningAuthority } from './phone/document-signer';
import { PhoneController } from './phone/phone.controller';
import { PhoneService } from './phone/phone.service';
import { StateWatch } from './portal/state-watch';
import { PortalRepository } from './portal/portal.repository';
import { PortalService } from './portal/portal.service';
import { SigningContexts } from './portal/signing-contexts';
import { RelyingPartyStrategy } from './relying-party.strategy';
import { DownloadLinks } from './result/download-links';
import { ResultController } from './result/result.controller';
import { ResultRepository } from './result/result.repository';
import { ResultService, SignatureResults } from './result/result.service';
import { SignedWebhook } from './result/signed-webhook';
import { SignSessionRepository, SignSessions } from './session/sign-sessions';
import { SignRequestController } from './sign-request.controller';
import { SignDocument, SignRequest } from './sign-request.entity';
import { SignRequestExpiry, SignRequestRepository } from './sign-request.repository';
import { SealedDocuments, Signers } from './sign-request.secrets';
import { DocumentInspector, SignRequestService } from './sign-request.service';
import { DocumentRetention, StoredDocuments } from './stored-documents';

/** The provider that the settings name, else the sandbox's simulation, else none. */
function identityProvider(settings: Settings, simulated: SimulatedIdentity): IdentityProvider {
  if (settings.oidc !== undefined) return new OidcIdentity(settings.oidc, settings.publicUrl);
  return settings.sandbox ? simulated : new NoIdentity();
}

/** The pages for the person who signs. */
@Module({
  imports: [TypeOrmModule.forFeature([SignDocument])],
  controllers: [PortalController, PhoneController, IdentityController, AssetsController],
  providers: [
    { provide: IdentityProvider, useFactory: identityProvider, inject: [SETTINGS, SimulatedIdentity] },
    SimulatedIdentity,
    Identification,
    Visitors,
    SigningContexts,
    PortalService,
    PortalRepository,
    Signers,
    StateWatch,
    SignSessions,
    SignSessionRepository,
    PhoneService,
    DocumentSigner,
    SigningAuthority,
    SealedDocuments,
  ],
  exports: [PortalRepository, Signers, SealedDocuments],
})
class PortalModule {}

/** Present only in the sandbox: the login page that takes any name and id as given. */
@Module({
  controllers: [SimulatedLoginController],
  providers: [SimulatedIdentity],
})
export class SimulatedLoginModule {}

export const signRequestEntities = [SignRequest, SignDocument];

@Module({
  imports: [TypeOrmModule.forFeature(signRequestEntities), PortalModule],
  controllers: [SignRequestController, ResultController],
  providers: [
    SignRequestService,
    RelyingPartyStrategy,
    SignRequestRepository,
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
