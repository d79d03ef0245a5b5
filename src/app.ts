import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import helmet from 'helmet';
import { type AppDependencies, AppModule, serverContents } from './app.module';
import { HttpAdapter } from './platform/http/http-adapter';
import {
  EventLoopLag,
  identifyRequest,
  keepPortsApart,
  logRequests,
  measureRequests,
  requireHost,
  requireHttps,
  shedLoad,
  storeNothing,
  warnOfProxy,
} from './platform/http/middleware';
import { createLogger, NestLogger } from './platform/observability/logger';
import { Metrics } from './platform/observability/metrics';
import { serveDocuments } from './platform/openapi/documents';

/** Builds the application; it does not listen yet. */
export async function createApp(
  dependencies: AppDependencies,
  contents = serverContents,
): Promise<NestExpressApplication> {
  const { settings } = dependencies;
  const logger = createLogger(settings.logLevel);
  const adapter = new HttpAdapter(contents.errorFormats, settings.adminPort !== undefined);
  const app = await NestFactory.create<NestExpressApplication>(AppModule.register(dependencies, contents), adapter, {
    bodyParser: false,
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  app.disable('x-powered-by');
  app.disable('etag');
  if (settings.trustProxy === undefined) app.use(warnOfProxy());
  else app.set('trust proxy', settings.trustProxy);
  app.use(storeNothing, identifyRequest, logRequests(logger), measureRequests(app.get(Metrics), contents.errorFormats));
  const lag = new EventLoopLag(settings.eventLoopLagLimitMs);
  app.getHttpServer().once('close', () => {
    lag.stop();
  });
  app.use(shedLoad(lag), requireHost, keepPortsApart(adapter));
  if (settings.requireHttps) app.use(requireHttps(adapter));
  // A browser that upgraded a page served over plain http would ask in vain for its scripts.
  const upgradeInsecureRequests = settings.publicUrl.startsWith('https:') ? [] : null;
  app.use(helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests } } }));
  if (settings.docs) serveDocuments(app, contents);
  return app;
}
