import { type INestApplication, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { audited, defaultRule, type RoleRule, roleRule } from '../../src/accounts/operators/authorization';
import { authenticationRule, type AuthenticationRule } from '../../src/platform/auth/authenticate';

/** One address of one handler. */
export interface Route {
  readonly method: string;
  /** As OpenAPI writes it: `/otp/{id}`. */
  readonly path: string;
  readonly handler: string;
  /** What the route declares of its callers, if it declares anything. */
  readonly rule?: AuthenticationRule;
  /** The name of how its caller is authenticated. */
  readonly by: string;
  /** What it asks of an operator. */
  readonly role: RoleRule;
  /** Whether what operators read there is recorded. */
  readonly isAudited: boolean;
}

/** Every route of every controller of the application. */
export function routesOf(app: INestApplication): Route[] {
  const modules = [...app.get(ModulesContainer).values()];
  return modules
    .flatMap((module) => [...module.controllers.values()])
    .flatMap(({ metatype }) => {
      const controller = metatype as new () => object;
      const prototype = controller.prototype as Record<string, object>;
      return new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
        const handler = prototype[name]!;
        const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
        if (method === undefined) return [];
        const declared = (key: string): unknown =>
          Reflect.getMetadata(key, handler) ?? Reflect.getMetadata(key, controller);
        const rule = declared(authenticationRule) as AuthenticationRule | undefined;
        return pathsOf(controller).flatMap((base) =>
          pathsOf(handler).map((path) => ({
            method: RequestMethod[method].toLowerCase(),
            path: join(base, path),
            handler: `${controller.name}.${name}`,
            rule,
            isAudited: declared(audited) === true,
            role: (declared(roleRule) as RoleRule | undefined) ?? defaultRule(RequestMethod[method]),
            by: rule === undefined || rule.by === 'public' ? 'public' : rule.by.name,
          })),
        );
      });
    });
}

const pathsOf = (target: object): string[] => [Reflect.getMetadata(PATH_METADATA, target) as string | string[]].flat();

function join(...parts: string[]): string {
  const given = parts.map((part) => part.replace(/^\/|\/$/g, '')).filter((part) => part !== '');
  // An empty segment within a part is one of the address.
  const segments = given.join('/').split('/');
  return `/${segments.map((segment) => segment.replace(/^:(\w+)$/, '{$1}')).join('/')}`;
}
