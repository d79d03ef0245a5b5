import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import helmet from 'helmet';
import { AppModule, type Foundations } from './app.module';
import { definitions } from './definitions';
import { HttpAdapter } from './platform/http/http-adapter';
import { identifyRequest } from './platform/http/request-id';
import { requireHttps } from './platform/http/require-https';
import { serveDocuments } from './platform/openapi/serve-documents';

/** Builds the application; it does not listen yet. */
export async function createApp(foundations: Foundations): Promise<NestExpressApplication> {
  const { settings } = foundations;
  const app = await NestFactory.create<NestExpressApplication>(AppModule.register(foundations), new HttpAdapter(), {
    bodyParser: false,
    logger: settings.logLevel === 'silent' ? false : undefined,
    abortOnError: false,
  });
  app.disable('x-powered-by');
  app.disable('etag');
  if (settings.trustProxy !== undefined) app.set('trust proxy', settings.trustProxy);
  app.use(identifyRequest);
  if (settings.requireHttps) app.use(requireHttps);
  // A browser that upgraded a page served over plain http would ask in vain for its scripts.
  const upgradeInsecureRequests = settings.publicUrl.startsWith('https:') ? [] : null;
  app.use(helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests } } }));
  serveDocuments(app, definitions);
  app.enableShutdownHooks();
  return app;
}
