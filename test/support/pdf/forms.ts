import { stream, writePdf, type Objects } from './pdf-file';
import { documentOf } from './samples';

const textField = (more = '') =>
  `<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /Rect [300 600 500 620] /P 10 0 R /DA (/Helv 10 Tf 0 g) ${more} >>`;
const font = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Name /Helv >>';
const page = { entries: '/Annots [50 0 R]' };

/** Forms that ask viewers to draw their fields anew, each laid out as its program lays them out. */
const layouts: Record<string, (needs: string) => Objects> = {
  'LaTeX (hyperref)': (needs) => ({
    ...documentOf([page], '/AcroForm 51 0 R'),
    50: textField('/F 4 /Ff 0 /MK << /BC [1 0 0] >>'),
    51: `<< /Fields [50 0 R] /DR << /Font << /Helv 52 0 R >> >> /DA (/Helv 10 Tf 0 g ) ${needs} >>`,
    52: font,
  }),
  LibreOffice: (needs) => ({
    ...documentOf([page], `/AcroForm << /Fields [50 0 R] /DR 53 0 R ${needs} >>`),
    50: textField('/F 4 /AP << /N 54 0 R >>'),
    52: font,
    53: '<< /Font << /Helv 52 0 R >> >>',
    54: stream('/Type /XObject /Subtype /Form /BBox [0 0 200 20]', '/Tx BMC EMC'),
  }),
  PyPDF2: (needs) => ({
    ...documentOf([page], '/AcroForm 51 0 R'),
    50: textField('/V (Ada)'),
    51: `<< /DA (/Helv 0 Tf 0 g) /DR << /Font << /Helv 52 0 R >> >> /Fields 55 0 R ${needs.replace('true', '56 0 R')} >>`,
    52: font,
    55: '[50 0 R]',
    56: 'true',
  }),
  reportlab: (needs) => ({
    ...documentOf([page], `/AcroForm << ${needs} /DR << /Font << /Helv 52 0 R >> >> /SigFlags 0 /Fields [50 0 R] >>`),
    50: textField('/F 4 /AP << /N 54 0 R >> /BS << /S /S /W 1 >>'),
    52: font,
    54: stream('/Type /XObject /Subtype /Form /BBox [0 0 200 20]', 'q Q'),
  }),
};

export const formNames = Object.keys(layouts);

export function formOf(name: string, needsAppearances: boolean): Buffer {
  return writePdf(layouts[name]!(needsAppearances ? '/NeedAppearances true' : ''));
}
