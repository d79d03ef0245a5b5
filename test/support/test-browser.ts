import request, { type Response } from 'supertest';

/** Keeps cookies as a browser does. */
export class TestBrowser {
  readonly cookies = new Map<string, string>();
  lastSet: readonly string[] = [];

  constructor(private readonly url: string) {}

  async ask(method: 'get' | 'post' | 'delete', path: string, headers: object = {}, body?: object): Promise<Response> {
    const cookie = [...this.cookies].map((pair) => pair.join('=')).join('; ');
    const asked = request(this.url)[method](path);
    const answer = await asked.set({ cookie, ...headers }).send(body);
    this.lastSet = (answer.headers['set-cookie'] as string[] | undefined) ?? [];
    for (const each of this.lastSet) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(each)!;
      if (value === '') this.cookies.delete(name!);
      else this.cookies.set(name!, value!);
    }
    return answer;
  }

  /** The same browser, at another node. */
  at(url: string): TestBrowser {
    const same = new TestBrowser(url);
    for (const [name, value] of this.cookies) same.cookies.set(name, value);
    return same;
  }
}
