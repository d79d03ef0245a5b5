import { type INestApplication } from '@nestjs/common';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { documentsOf, type Described } from './documents';

const documentPath = (name: string): string => `openapi/${name}.json`;

/** Runs in the browser, inside Swagger UI, on each request that it is about to send. */
export type RequestInterceptor = (request: { headers: Record<string, string | undefined> }) => Promise<object>;

/** Serves each definition's document, and Swagger UI at `/docs` with all of them to choose from. */
export function serveDocuments(
  app: INestApplication,
  described: Described & { readonly swaggerInterceptor?: RequestInterceptor },
): void {
  const { documents: definitions, swaggerInterceptor } = described;
  let documents: ReadonlyMap<string, OpenAPIObject> | undefined;
  for (const { name } of definitions) {
    // Made when first asked for: describing all routes takes longer than the rest of a start.
    const document = (): OpenAPIObject => (documents ??= documentsOf(app, described)).get(name) as OpenAPIObject;
    SwaggerModule.setup(`openapi/${name}`, app, document, {
      ui: false,
      raw: ['json'],
      jsonDocumentUrl: documentPath(name),
    });
  }
  SwaggerModule.setup('docs', app, { openapi: '3.1.0' } as OpenAPIObject, {
    raw: false,
    explorer: true,
    customSiteTitle: 'Rescind',
    swaggerOptions: {
      urls: definitions.map(({ name, title }) => ({ name: title, url: `/${documentPath(name)}` })),
      requestInterceptor: swaggerInterceptor,
      displayRequestDuration: true,
      // Otherwise the page asks another host to validate the documents.
      validatorUrl: null,
    },
  });
}
