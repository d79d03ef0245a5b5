import { Body, Controller, Get, Injectable, Post, Query } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../../platform/auth/authenticate';
import { type Attempt } from '../../platform/auth/openid-provider';
import { AcceptsForm } from '../../platform/http/body';
import { SealedJson, Vault } from '../../platform/secrets/vault';
import { html, type Page, SeeOther, ShowsPage } from '../portal/page';
import { callbackPath, IdentificationFailed, IdentityProvider } from './identification';
import { type Person } from './visitors';

const simulatedPath = '/identity/simulated';

/** The sandbox's identity provider: it takes any name and id as given. */
@Injectable()
export class SimulatedIdentity extends IdentityProvider {
  private readonly codes: SealedJson<Person>;

  constructor(vault: Vault) {
    super();
    this.codes = new SealedJson(vault, 'simulated-identity');
  }

  start({ state }: Attempt): Promise<string> {
    return Promise.resolve(`${simulatedPath}?${new URLSearchParams({ state }).toString()}`);
  }

  /** Where a person goes who has said who they are. */
  answer(state: string, person: Person): string {
    const code = this.codes.sealToText(state, person);
    return `${callbackPath}?${new URLSearchParams({ state, code }).toString()}`;
  }

  finish(callback: URL, { state }: Attempt): Promise<Person> {
    const { searchParams } = callback;
    const person =
      searchParams.get('state') === state ? this.codes.openText(state, searchParams.get('code') ?? '') : undefined;
    return person === undefined
      ? Promise.reject(new IdentificationFailed('it is not the answer to this attempt'))
      : Promise.resolve(person);
  }
}

type Form = Readonly<Record<string, unknown>>;

/** The sandbox's identity provider, as a person meets it. */
@ApiExcludeController()
@Public()
@ShowsPage((answer: Page | SeeOther) => answer)
@Controller('identity/simulated')
export class SimulatedLoginController {
  constructor(private readonly identity: SimulatedIdentity) {}

  @Get()
  show(@Query() query: Form): Page {
    return simulatedLoginPage(textOf(query, 'state'));
  }

  @Post()
  @AcceptsForm()
  logIn(@Body() form: Form): Page | SeeOther {
    const [state, name, id] = [textOf(form, 'state'), textOf(form, 'name'), textOf(form, 'id').toUpperCase()];
    if (name === '') return simulatedLoginPage(state, 'Please give your name.');
    if (!/^[STFGM]\d{7}[A-Z]$/.test(id)) return simulatedLoginPage(state, 'This is no NRIC or FIN.');
    return new SeeOther(this.identity.answer(state, { name, id }));
  }
}

function textOf(form: Form, field: string): string {
  const value = form[field];
  return typeof value === 'string' ? value.replace(/\p{C}/gu, '').trim().slice(0, 100) : '';
}

/** @param problem what was wrong with the form that has just been sent */
function simulatedLoginPage(state: string, problem?: string): Page {
  return {
    title: 'Who are you?',
    main: html`
      <p>This is a sandbox: you are whoever you say you are.</p>
      ${problem === undefined ? undefined : html`<p id="problem" class="problem" role="alert">${problem}</p>`}
      <form method="post" action="${simulatedPath}">
        <input type="hidden" name="state" value="${state}" />
        <label for="name">Name</label>
        <input id="name" name="name" autocomplete="name" required maxlength="100" />
        <label for="id">NRIC or FIN</label>
        <input id="id" name="id" autocomplete="off" required maxlength="9" aria-describedby="hint" />
        <p id="hint" class="hint">Such as S1234567D</p>
        <button>Log in</button>
      </form>
    `,
  };
}
