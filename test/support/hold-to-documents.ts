import { readdirSync, readFileSync } from 'node:fs';
import { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { type INestApplication } from '@nestjs/common';
import { type OpenAPIObject } from '@nestjs/swagger';
import { serverContents } from '../../src/app.module';
import { documentsOf } from '../../src/platform/openapi/documents';
import { OutboundClient, type OutboundRequest } from '../../src/platform/outbound/outbound-client';
import { type ServerContents } from '../../src/platform/server-part';
import { Documents } from './documents';
import { routesOf } from './routes';

const folder = join(__dirname, '../../openapi');

const faults = new Set<string>();

/** In what the answers given since were not as their documents say. */
export function takeFaults(): string[] {
  const taken = [...faults];
  faults.clear();
  return taken;
}

/** Holds every answer that a server gives, to whichever client, and all JSON that it posts against the OpenAPI documents. */
export function holdToDocuments(app: INestApplication, contents: ServerContents): void {
  const documents =
    contents === serverContents ? committed() : new Documents(documentsOf(app, contents), contents.errorFormats);
  const routes = routesOf(app);
  onceCalled(app.get(OutboundClient), ({ method, headers, body }) => {
    if (method !== 'POST' || headers?.['Content-Type'] !== 'application/json') return;
    for (const fault of documents.faultsInPosted(JSON.parse(String(body)))) faults.add(fault);
  });
  const server = app.getHttpServer() as Server;
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    const method = request.method!;
    // A target may be absolute.
    const path = request.url!.replace(/^\w+:\/\/[^/]*/, '').split('?')[0]!;
    onceEnded(response, (body) => {
      const answer = { method, path, status: response.statusCode, headers: response.getHeaders(), body };
      for (const fault of documents.faultsIn(answer, routes)) faults.add(fault);
    });
  });
}

/** The committed documents: a spec compares them with those that are served. */
let known: Documents | undefined;
export function committed(): Documents {
  const names = readdirSync(folder).filter((file) => file.endsWith('.json'));
  const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as OpenAPIObject;
  known ??= new Documents(
    new Map(names.map((file) => [file.replace('.json', ''), read(file)])),
    serverContents.errorFormats,
  );
  return known;
}

function onceCalled(client: OutboundClient, take: (call: OutboundRequest) => void): void {
  const request = client.request.bind(client);
  client.request = (call) => {
    take(call);
    return request(call);
  };
}

function onceEnded(response: ServerResponse, take: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  const keep = (chunk: unknown): void => {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk as string));
  };
  const write = response.write.bind(response) as (...given: unknown[]) => boolean;
  const end = response.end.bind(response) as (...given: unknown[]) => ServerResponse;
  response.write = (...given: unknown[]) => {
    keep(given[0]);
    return write(...given);
  };
  response.end = (...given: unknown[]) => {
    keep(given[0]);
    const ended = end(...given);
    take(Buffer.concat(chunks));
    return ended;
  };
}
