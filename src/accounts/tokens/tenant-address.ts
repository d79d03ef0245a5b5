import { Injectable } from '@nestjs/common';
import { type Request } from 'express';

/** The tenant that a request names in an API's own way; undefined where it names none. */
export type AddressedTenant = (request: Request) => string | undefined;

/** Which tenant a request addresses. How an address names one is an API's affair, so each API registers its rule. */
@Injectable()
export class TenantAddress {
  private readonly rules: AddressedTenant[] = [];

  /** To be called while modules initialize. */
  register(rule: AddressedTenant): void {
    this.rules.push(rule);
  }

  /** By the first rule that finds one; undefined where none does. */
  of(request: Request): string | undefined {
    for (const rule of this.rules) {
      const tenantId = rule(request);
      if (tenantId !== undefined) return tenantId;
    }
    return undefined;
  }
}
