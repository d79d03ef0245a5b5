import { dirname, join } from 'node:path';
import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { type Response } from 'express';
import { Public } from '../../platform/auth/authenticate';
import { Failed } from '../../platform/envelope/failure';
import { assetsBase } from './page';

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
