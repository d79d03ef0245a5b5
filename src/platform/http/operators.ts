import { type Request, type RequestHandler } from 'express';
import { Failed } from '../envelope/failure';

/** What is for those who run the server; express overlooks case and a closing slash. */
const operatorsPaths = /^\/(admin|docs|health|metrics|openapi)(\/|$)/i;

/** What probes ask that run beside the server, before and without TLS. */
const probesPaths = /^\/(health|metrics)(\/|$)/i;

/** Knows by which port a request came; with one port alone, every path is served there. */
export interface Ports {
  readonly separate: boolean;
  isOperators(request: Pick<Request, 'socket'>): boolean;
}

/** Whether a path is served at the port of operators, or at the other. */
export function isServed(path: string, atOperatorsPort: boolean): boolean {
  return operatorsPaths.test(path) === atOperatorsPort;
}

/** Serves each path at its own port alone. */
export const keepPortsApart =
  (ports: Ports): RequestHandler =>
  (request, _response, next) => {
    if (!ports.separate || isServed(request.path, ports.isOperators(request))) next();
    else throw new Failed({ kind: 'no-such-route' });
  };

/**
 * Refuses what did not come over https, as the socket or a trusted proxy says. Health is exempt, since those who
 * probe it run beside the server, and at the operators' own port so are metrics.
 */
export const requireHttps =
  (ports: Ports): RequestHandler =>
  (request, _response, next) => {
    const isProbe =
      request.path.startsWith('/health/') || (ports.isOperators(request) && probesPaths.test(request.path));
    if (request.secure || isProbe) next();
    else throw new Failed({ kind: 'insecure-transport' });
  };
