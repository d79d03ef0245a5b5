import { dirname, join } from 'node:path';
import { Controller, Get, HttpCode, Param, Post, Query, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { type Request, type Response } from 'express';
import { Public } from '../../platform/auth/authenticate';
import { Failed } from '../../platform/envelope/failure';
import { AcceptsForm } from '../../platform/http/body';
import { callbackPath, Identification } from '../identity/identification';
import { type Visitor, Visitors } from '../identity/visitors';
import { assetsBase, type Page, Pages, SeeOther } from './page';
import { linkIn, linkPath, PortalService } from './portal.service';
import { SigningContexts } from './signing-contexts';
import { Changes } from './state-watch';

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

/** Where identity providers send people back to. */
@ApiExcludeController()
@Public()
@Pages()
@Controller(callbackPath)
export class IdentityController {
  constructor(
    private readonly identification: Identification,
    private readonly visitors: Visitors,
    private readonly portal: PortalService,
  ) {}

  @Get()
  async arrive(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<SeeOther> {
    const { person, page } = await this.identification.finish(request, response);
    const link = linkIn(page);
    if (link !== undefined) await this.portal.lock(link, person);
    this.visitors.welcome(response, page, person);
    return new SeeOther(page);
  }
}

const ownAssets = join(__dirname, 'assets');
const pdfjs = dirname(require.resolve('pdfjs-dist/package.json'));
const kept = { 'Cache-Control': 'public, max-age=3600' };

/** What the portal's pages load: style sheet, scripts, and pdf.js out of its package. */
@ApiExcludeController()
@Public()
@Controller(assetsBase)
export class AssetsController {
  @Get('portal/*path')
  own(@Param('path') path: string[], @Res() response: Response): Promise<void> {
    return send(response, ownAssets, path);
  }

  @Get('pdfjs/*path')
  pdfjs(@Param('path') path: string[], @Res() response: Response): Promise<void> {
    return send(response, pdfjs, path);
  }
}

/** @throws Failed `no-such-route` when there is no such file below `root` */
function send(response: Response, root: string, path: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    response.sendFile(path.join('/'), { root, headers: kept }, (error?: Error) => {
      if (error === undefined || response.headersSent) resolve();
      else reject(new Failed({ kind: 'no-such-route' }));
    });
  });
}
