import { Controller, Delete, Get, HttpCode, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { OperatorRefusal, RequiresRole } from '../../accounts/operators/authorization';
import { type Operator } from '../../accounts/operators/operator';
import { admin } from '../../accounts/operators/operator.strategies';
import { Authenticate, CurrentPrincipal, Public } from '../../platform/auth/authenticate';
import { problemErrorFormat } from '../../platform/envelope/problem.error-format';
import { type Browser, CurrentBrowser, SendsBrowserOn } from '../../platform/http/browser';
import { Answers, failuresOf } from '../../platform/openapi/answers';
import { Throttled } from '../../platform/rate-limit/throttle.guard';
import { AnswersDeleted, AnswersFound } from '../admin.answers';
import { type RecordedRequest } from '../call-record';
import { LoginService, ShownOperator } from './login.service';

const seeOther = (location: string) => ({ status: 303, headers: { Location: location } });

/** Where browsers log in: by authorization code with PKCE at OPERATORS_ISSUER. */
@Controller('admin')
@Public()
@SendsBrowserOn()
@ApiTags('Session')
export class LoginController {
  constructor(private readonly login: LoginService) {}

  @Get('login')
  @Throttled('admin')
  @ApiOperation({ summary: 'Log in: sends the browser to the operators’ OpenID Connect provider' })
  @ApiQuery({ name: 'to', required: false, example: '/admin/v1/session', description: 'Where to come to in the end.' })
  @Answers(problemErrorFormat, seeOther('https://id.example.com/authorize?client_id=rescind'), [
    ...failuresOf.rateLimit,
    new OperatorRefusal('NO_LOGIN'),
  ])
  start(@CurrentBrowser() browser: Browser, @Query('to') destination: unknown): Promise<string> {
    return this.login.start(browser, destination);
  }

  @Get('callback')
  @Throttled('admin')
  @ApiOperation({ summary: 'Where the provider sends the browser back to; begins a session' })
  @Answers(problemErrorFormat, seeOther('https://sign.example.com/admin/v1/session'), [
    ...failuresOf.rateLimit,
    new OperatorRefusal('NO_LOGIN'),
    new OperatorRefusal('LOGIN_FAILED'),
    new OperatorRefusal('NO_ROLE'),
  ])
  finish(@CurrentBrowser() browser: Browser, @Req() request: RecordedRequest): Promise<string> {
    return this.login.finish(browser, request);
  }
}

const example = { actor: 'operator:alice/248289761001', name: 'alice', role: 'support', tenants: ['acme'] };

/** Every operator may ask who it is, and log out. */
@Controller('admin/v1/session')
@Authenticate(admin)
@RequiresRole('viewer', { narrows: true })
@ApiTags('Session')
export class SessionController {
  constructor(private readonly login: LoginService) {}

  @Get()
  @ApiOperation({ summary: 'Show the operator who calls' })
  @AnswersFound(ShownOperator, example, [])
  show(@CurrentPrincipal() operator: Operator): ShownOperator {
    return this.login.show(operator);
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({
    summary: 'Log out: the session of the browser ends on every server; tokens and keys stay what they are',
  })
  @AnswersDeleted([])
  logOut(@CurrentBrowser() browser: Browser): Promise<void> {
    return this.login.logOut(browser);
  }
}
