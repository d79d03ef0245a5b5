import { HistoryCheckpoints1763700000602 } from './approvals/migrations/1763700000602-history-checkpoints';
import { HistoryKind1763700000601 } from './approvals/migrations/1763700000601-history-kind';
import { SignatureRoom1763700000305 } from './signature/migrations/1763700000305-signature-room';
import { DeliveryOwner1763700000304 } from './messages/migrations/1763700000304-delivery-owner';
import { SignatureOwner1763700000303 } from './signature/migrations/1763700000303-signature-owner';
import { SignRequestOwner1763700000302 } from './sign-request/migrations/1763700000302-sign-request-owner';
import { OtpOwner1763700000301 } from './otp/migrations/1763700000301-otp-owner';
import { GroundFloor1763700000000 } from './accounts/migrations/1763700000000-ground-floor';
import { Otp1763700000001 } from './otp/migrations/1763700000001-otp';
import { SignRequest1763700000002 } from './sign-request/migrations/1763700000002-sign-request';
import { Signature1763700000003 } from './signature/migrations/1763700000003-signature';
import { Delivery1763700000004 } from './messages/migrations/1763700000004-delivery';
import { OtpLife1763700000005 } from './otp/migrations/1763700000005-otp-life';
import { Sandbox1763700000006 } from './approvals/migrations/1763700000006-sandbox';
import { Devices1763700000007 } from './signature/migrations/1763700000007-devices';
import { Wake1763700000008 } from './approvals/migrations/1763700000008-wake';
import { SigningAuthority1763700000009 } from './sign-request/migrations/1763700000009-signing-authority';
import { IssuerAudience1763700000010 } from './accounts/migrations/1763700000010-issuer-audience';
import { DeliveryEnd1763700000011 } from './messages/migrations/1763700000011-delivery-end';
import { KeyPurpose1763700000401 } from './accounts/migrations/1763700000401-key-purpose';
import { SandboxTenant1763700000400 } from './accounts/migrations/1763700000400-sandbox-tenant';
import { Heartbeat1763700000200 } from './platform/health/migrations/1763700000200-heartbeat';
import { OnlyRows1763700000101 } from './messages/migrations/1763700000101-only-rows';
import { NoNotices1763700000102 } from './approvals/migrations/1763700000102-no-notices';
import { SealedDocuments1763700000500 } from './sign-request/migrations/1763700000500-sealed-documents';
import { SealedSignatures1763700000501 } from './signature/migrations/1763700000501-sealed-signatures';
import { SealedWebhooks1763700000502 } from './accounts/migrations/1763700000502-sealed-webhooks';

/** In the order they are carried out. */
export const migrations = [
  GroundFloor1763700000000,
  Otp1763700000001,
  SignRequest1763700000002,
  Signature1763700000003,
  Delivery1763700000004,
  OtpLife1763700000005,
  Sandbox1763700000006,
  Devices1763700000007,
  Wake1763700000008,
  SigningAuthority1763700000009,
  IssuerAudience1763700000010,
  DeliveryEnd1763700000011,
  Heartbeat1763700000200,
  OnlyRows1763700000101,
  NoNotices1763700000102,
  SandboxTenant1763700000400,
  KeyPurpose1763700000401,
  OtpOwner1763700000301,
  SignRequestOwner1763700000302,
  SignatureOwner1763700000303,
  DeliveryOwner1763700000304,
  SignatureRoom1763700000305,
  SealedDocuments1763700000500,
  SealedSignatures1763700000501,
  SealedWebhooks1763700000502,
  HistoryKind1763700000601,
  HistoryCheckpoints1763700000602,
];
