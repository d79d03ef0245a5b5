import { Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { type Request, type Response } from 'express';
import { Public } from '../../platform/auth/authenticate';
import { AcceptsForm } from '../../platform/http/body';
import { Identification } from '../identity/identification';
import { Visitors } from '../identity/visitors';
import { Changes } from '../portal/state-watch';
import { SigningContexts } from '../portal/signing-contexts';
import { type Page, Pages, SeeOther } from '../portal/page';
import { phonePath } from '../session/sign-sessions';
import { PhoneService } from './phone.service';

/** The page behind the QR code. Its address is the capability to open it. */
@ApiExcludeController()
@Public()
@Controller('phone/:session')
export class PhoneController {
  constructor(
    private readonly phone: PhoneService,
    private readonly visitors: Visitors,
    private readonly identification: Identification,
    private readonly signingContexts: SigningContexts,
    private readonly changes: Changes,
  ) {}

  @Get()
  @Pages()
  async show(@Param('session') session: string, @Req() request: Request): Promise<Page> {
    const visitor = await this.visitors.find(request, phonePath(session));
    const formToken = visitor === undefined ? '' : this.visitors.formToken(phonePath(session), visitor);
    return this.phone.show(session, visitor, formToken);
  }

  @Get('login')
  @Pages()
  async logIn(@Param('session') session: string, @Res({ passthrough: true }) response: Response): Promise<SeeOther> {
    await this.signingContexts.unendedBySession(session);
    return new SeeOther(await this.identification.start(response, phonePath(session)));
  }

  @Get('changes')
  @HttpCode(204)
  async waitForChanges(
    @Param('session') session: string,
    @Query('seen') seen: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    const { request } = await this.signingContexts.bySession(session);
    await this.changes.wait(request.linkHash, seen, response);
  }

  @Post('approve')
  @AcceptsForm()
  @Pages()
  async approve(@Param('session') session: string, @Req() request: Request): Promise<SeeOther> {
    await this.phone.approve(session, await this.visitors.posting(request, phonePath(session)));
    return new SeeOther(phonePath(session));
  }

  @Post('reject')
  @AcceptsForm()
  @Pages()
  async reject(@Param('session') session: string, @Req() request: Request): Promise<SeeOther> {
    await this.phone.reject(session, await this.visitors.posting(request, phonePath(session)));
    return new SeeOther(phonePath(session));
  }

  @Post('logout')
  @AcceptsForm()
  @Pages()
  async logOut(
    @Param('session') session: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SeeOther> {
    const visitor = await this.visitors.posting(request, phonePath(session));
    await this.visitors.farewell(response, phonePath(session), visitor);
    return new SeeOther(phonePath(session));
  }
}
