import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../../platform/auth/authenticate';
import { AcceptsForm } from '../../platform/http/body';
import { type Page } from '../portal/page';
import { Pages, SeeOther } from '../portal/page.interceptor';
import { SimulatedIdentity } from './simulated-identity';
import { simulatedLoginPage } from './simulated-login.page';

type Form = Readonly<Record<string, unknown>>;

/** The sandbox's identity provider, as a person meets it. */
@ApiExcludeController()
@Public()
@Pages()
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
