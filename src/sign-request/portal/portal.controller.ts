import { dirname, join } from 'node:path';
import { Controller, Get, HttpCode, Param, Post, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { type Response } from 'express';
import { Public } from '../../platform/auth/authenticate';
import { Failed } from '../../platform/envelope/failure';
import { AcceptsForm } from '../../platform/http/body';
import { DisconnectSignal } from '../../platform/http/request';
import { callbackPath } from '../identity/identification';
import { type Browser, CurrentBrowser } from '../../platform/http/browser';
import { assetsBase, SendsOn, ShowsPage } from './page';
import { portalPage } from './portal.pages';
import { PortalService, type PortalView } from './portal.service';

/** The page behind `signing_url`. Its address is the capability to open it. */
@ApiExcludeController()
@Public()
@Controller('sign/:link')
export class PortalController {
  constructor(private readonly portal: PortalService) {}

  @Get()
  @ShowsPage(portalPage)
  show(@Param('link') link: string, @CurrentBrowser() browser: Browser): Promise<PortalView> {
    return this.portal.show(link, browser);
  }

  @Get('login')
  @SendsOn()
  logIn(@Param('link') link: string, @CurrentBrowser() browser: Browser): Promise<string> {
    return this.portal.logIn(link, browser);
  }

  @Get('document')
  async document(@Param('link') link: string, @CurrentBrowser() browser: Browser): Promise<StreamableFile> {
    return pdf(await this.portal.document(link, browser));
  }

  @Get('changes')
  @HttpCode(204)
  waitForChanges(
    @Param('link') link: string,
    @Query('seen') seen: unknown,
    @DisconnectSignal() gone: AbortSignal,
  ): Promise<void> {
    return this.portal.waitForChanges(link, seen, gone);
  }

  @Post('proceed')
  @AcceptsForm()
  @SendsOn()
  proceed(@Param('link') link: string, @CurrentBrowser() browser: Browser): Promise<string> {
    return this.portal.proceed(link, browser);
  }

  @Post('withdraw')
  @AcceptsForm()
  @SendsOn()
  withdraw(@Param('link') link: string, @CurrentBrowser() browser: Browser): Promise<string> {
    return this.portal.withdraw(link, browser);
  }

  @Post('logout')
  @AcceptsForm()
  @SendsOn()
  logOut(@Param('link') link: string, @CurrentBrowser() browser: Browser): Promise<string> {
    return this.portal.logOut(link, browser);
  }
}

function pdf(bytes: Buffer): StreamableFile {
  return new StreamableFile(bytes, { type: 'application/pdf', disposition: 'attachment', length: bytes.length });
}

/** Where identity providers send people back to. */
@ApiExcludeController()
@Public()
@Controller(callbackPath)
export class IdentityController {
  constructor(private readonly portal: PortalService) {}

  @Get()
  @SendsOn()
  arrive(@CurrentBrowser() browser: Browser): Promise<string> {
    return this.portal.arrive(browser);
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
