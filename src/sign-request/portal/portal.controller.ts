import { Controller, Get, HttpCode, Param, Post, Query, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { type Request, type Response } from 'express';
import { Public } from '../../platform/auth/authenticate';
import { AcceptsForm } from '../../platform/http/body';
import { Identification } from '../identity/identification';
import { type Visitor, Visitors } from '../identity/visitors';
import { Changes } from './changes';
import { SigningContexts } from './signing-contexts';
import { type Page } from './page';
import { Pages, SeeOther } from './page.interceptor';
import { linkPath, PortalService } from './portal.service';

/** The page behind `signing_url`. Its address is the capability to open it. */
@ApiExcludeController()
@Public()
@Controller('sign/:link')
export class PortalController {
  constructor(
    private readonly portal: PortalService,
    private readonly visitors: Visitors,
    private readonly identification: Identification,
    private readonly signingContexts: SigningContexts,
    private readonly changes: Changes,
  ) {}

  @Get()
  @Pages()
  async show(@Param('link') link: string, @Req() request: Request): Promise<Page> {
    const visitor = await this.visitorOf(request, link);
    const formToken = visitor === undefined ? '' : this.visitors.formToken(linkPath(link), visitor);
    return this.portal.show(link, visitor, formToken);
  }

  @Get('login')
  @Pages()
  async logIn(@Param('link') link: string, @Res({ passthrough: true }) response: Response): Promise<SeeOther> {
    await this.signingContexts.unendedByLink(link);
    return new SeeOther(await this.identification.start(response, linkPath(link)));
  }

  @Get('document')
  async document(@Param('link') link: string, @Req() request: Request): Promise<StreamableFile> {
    const document = await this.portal.document(link, await this.visitorOf(request, link));
    return new StreamableFile(document, {
      type: 'application/pdf',
      disposition: 'attachment',
      length: document.length,
    });
  }

  @Get('changes')
  @HttpCode(204)
  async waitForChanges(
    @Param('link') link: string,
    @Query('seen') seen: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    const { request } = await this.signingContexts.unendedByLink(link);
    await this.changes.wait(request.linkHash, seen, response);
  }

  @Post('proceed')
  @AcceptsForm()
  @Pages()
  async proceed(@Param('link') link: string, @Req() request: Request): Promise<SeeOther> {
    await this.portal.proceed(link, await this.visitors.posting(request, linkPath(link)));
    return new SeeOther(linkPath(link));
  }

  @Post('withdraw')
  @AcceptsForm()
  @Pages()
  async withdraw(@Param('link') link: string, @Req() request: Request): Promise<SeeOther> {
    await this.portal.withdraw(link, await this.visitors.posting(request, linkPath(link)));
    return new SeeOther(linkPath(link));
  }

  @Post('logout')
  @AcceptsForm()
  @Pages()
  async logOut(
    @Param('link') link: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SeeOther> {
    const visitor = await this.visitors.posting(request, linkPath(link));
    await this.visitors.farewell(response, linkPath(link), visitor);
    await this.portal.leave(link, visitor);
    return new SeeOther(linkPath(link));
  }

  private visitorOf(request: Request, link: string): Promise<Visitor | undefined> {
    return this.visitors.find(request, linkPath(link));
  }
}
