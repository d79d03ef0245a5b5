import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../../platform/auth/authenticate';
import { AcceptsForm } from '../../platform/http/body';
import { DisconnectSignal } from '../../platform/http/request';
import { type Browser, CurrentBrowser } from '../../platform/http/browser';
import { SendsOn, ShowsPage } from '../portal/page';
import { phonePage } from './phone.pages';
import { PhoneService, type PhoneView } from './phone.service';

/** The page behind the QR code. Its address is the capability to open it. */
@ApiExcludeController()
@Public()
@Controller('phone/:session')
export class PhoneController {
  constructor(private readonly phone: PhoneService) {}

  @Get()
  @ShowsPage(phonePage)
  show(@Param('session') session: string, @CurrentBrowser() browser: Browser): Promise<PhoneView> {
    return this.phone.show(session, browser);
  }

  @Get('login')
  @SendsOn()
  logIn(@Param('session') session: string, @CurrentBrowser() browser: Browser): Promise<string> {
    return this.phone.logIn(session, browser);
  }

  @Get('changes')
  @HttpCode(204)
  waitForChanges(
    @Param('session') session: string,
    @Query('seen') seen: unknown,
    @DisconnectSignal() gone: AbortSignal,
  ): Promise<void> {
    return this.phone.waitForChanges(session, seen, gone);
  }

  @Post('approve')
  @AcceptsForm()
  @SendsOn()
  approve(@Param('session') session: string, @CurrentBrowser() browser: Browser): Promise<string> {
    return this.phone.approve(session, browser);
  }

  @Post('reject')
  @AcceptsForm()
  @SendsOn()
  reject(@Param('session') session: string, @CurrentBrowser() browser: Browser): Promise<string> {
    return this.phone.reject(session, browser);
  }

  @Post('logout')
  @AcceptsForm()
  @SendsOn()
  logOut(@Param('session') session: string, @CurrentBrowser() browser: Browser): Promise<string> {
    return this.phone.logOut(session, browser);
  }
}
