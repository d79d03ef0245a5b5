import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { type AppDependencies, AppModule, serverContents } from './app.module';
import { HttpAdapter } from './platform/http/http-adapter';
import {
  EventLoopLag,
  identifyRequest,
  inOrder,
  keepPortsApart,
  observeRequests,
  protectBrowsers,
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
  if (settings.trustProxy !== undefined) app.set('trust proxy', settings.trustProxy);
  const lag = new EventLoopLag(settings.eventLoopLagLimitMs);
  app.getHttpServer().once('close', () => {
    lag.stop();
  });
  // A browser that upgraded a page served over plain http would ask in vain for its scripts.
  const upgradeInsecureRequests = settings.publicUrl.startsWith('https:') ? [] : null;
  app.use(
    identifyRequest,
    observeRequests(logger, app.get(Metrics), contents.errorFormats),
    inOrder(
      storeNothing,
      protectBrowsers({ contentSecurityPolicy: { directives: { upgradeInsecureRequests } } }),
      ...(settings.trustProxy === undefined ? [warnOfProxy()] : []),
      shedLoad(lag),
      requireHost,
      keepPortsApart(adapter),
      ...(settings.requireHttps ? [requireHttps(adapter)] : []),
    ),
  );
  if (settings.docs) serveDocuments(app, contents);
  return app;
}
