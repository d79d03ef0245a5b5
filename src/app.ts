import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import helmet from 'helmet';
import { type AppDependencies, AppModule, serverContents } from './app.module';
import { HttpAdapter } from './platform/http/http-adapter';
import { identifyRequest } from './platform/http/request-id';
import { shedLoad } from './platform/http/shed-load';
import { warnOfProxy } from './platform/http/warn-of-proxy';
import { requireHost } from './platform/http/require-host';
import { storeNothing } from './platform/http/store-nothing';
import { keepPortsApart, requireHttps } from './platform/http/operators';
import { type ErrorFormat, errorFormatOf } from './platform/envelope/error-format';
import { EventLoopLag } from './platform/observability/event-loop-lag';
import { logRequests } from './platform/observability/log-requests';
import { createLogger } from './platform/observability/logger';
import { measureRequests } from './platform/observability/measure-requests';
import { Metrics } from './platform/observability/metrics';
import { NestLogger } from './platform/observability/nest-logger';
import { serveDocuments } from './platform/openapi/serve-documents';

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
  app.use(
    storeNothing,
    identifyRequest,
    logRequests(logger),
    measureRequests(app.get(Metrics), nameOf(contents.errorFormats)),
  );
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

/** What a path's error format is called in metrics: its first base. */
const nameOf =
  (errorFormats: readonly ErrorFormat[]) =>
  (path: string): string =>
    errorFormatOf(errorFormats, path)?.bases[0]?.slice(1) ?? 'none';
