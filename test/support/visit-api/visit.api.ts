import { Module } from '@nestjs/common';
import { defineApi } from '../../../src/approvals/define-api';
import { Visit1763799999999, visitLifecycle, VisitRepository } from './visit';
import { VisitController, visitErrorFormat } from './visit.controller';

@Module({ controllers: [VisitController], providers: [VisitRepository] })
class VisitModule {}

/** A fourth API in miniature: what a folder and a line in `apis.ts` are enough for. */
export const visitApi = defineApi({
  name: 'visit',
  module: VisitModule,
  migrations: [Visit1763799999999],
  lifecycle: visitLifecycle,
  finding: { person: ['visitor = :userId::text'], facts: { visitor: 'visitor' } },
  errorFormats: [visitErrorFormat],
  openapi: [
    {
      name: 'visits',
      title: 'Visits',
      description: 'Visitors who wait at the gate.',
      bases: ['/visits'],
      examples: { id: '8a4f2c86-6a39-4f0c-9d0e-3f6f2f1f0a11' },
    },
  ],
});
