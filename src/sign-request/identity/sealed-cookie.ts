import { createHash } from 'node:crypto';
import { type CookieOptions, type Request, type Response } from 'express';
import { type Vault } from '../../platform/secrets/vault';

/**
 * A cookie that only we can write and read: encrypted, bound to the path it is for, and good for a while. Over https its
 * name has the prefix `__Host-`, so that neither another host nor plain http can set it; browsers then ask for the path `/`,
 * so the name tells for which path it is.
 */
export class SealedCookie<Content extends object> {
  constructor(
    private readonly vault: Vault,
    private readonly name: string,
    private readonly lifeSeconds: number,
    private readonly secure: boolean,
  ) {}

  write(response: Response, path: string, content: Content): void {
    const expiresAtMs = Date.now() + this.lifeSeconds * 1000;
    const sealed = this.vault.seal(this.name, path, Buffer.from(JSON.stringify({ content, expiresAtMs })));
    response.cookie(this.nameFor(path), sealed.toString('base64url'), {
      ...this.options(),
      maxAge: this.lifeSeconds * 1000,
    });
  }

  /** What was written for this path; undefined where it is not there, not ours, or too old. */
  read(request: Request, path: string): Content | undefined {
    for (const value of valuesOf(request, this.nameFor(path))) {
      const content = this.open(value, path);
      if (content !== undefined) return content;
    }
    return undefined;
  }

  clear(response: Response, path: string): void {
    response.clearCookie(this.nameFor(path), this.options());
  }

  /** The path itself is a secret. */
  private nameFor(path: string): string {
    const suffix = createHash('sha256').update(path).digest('base64url').slice(0, 16);
    return `${this.secure ? '__Host-' : ''}${this.name}-${suffix}`;
  }

  private open(value: string, path: string): Content | undefined {
    try {
      const opened = this.vault.open(this.name, path, Buffer.from(value, 'base64url')).toString();
      const { content, expiresAtMs } = JSON.parse(opened) as { content: Content; expiresAtMs: number };
      return Date.now() < expiresAtMs ? content : undefined;
    } catch {
      return undefined;
    }
  }

  /** `lax`: the cookie is there when an identity provider leads back, and not when another site posts a form. */
  private options(): CookieOptions {
    return { path: '/', httpOnly: true, sameSite: 'lax', secure: this.secure };
  }
}

function valuesOf(request: Request, name: string): string[] {
  return (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}
