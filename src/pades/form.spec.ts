import { type Objects, writePdf } from '../../test/support/pdf/pdf-file';
import { documentOf } from '../../test/support/pdf/samples';
import { readSignable } from './signable';

const here = { x: 0, y: 0, page: 1 };
const read = (catalogEntries: string, more: Objects = {}, locations = [here]) =>
  readSignable(writePdf({ ...documentOf([{}], catalogEntries), ...more }), locations);

const certified = (parameters: string): Objects => ({
  50: `<< /Type /Sig /Reference [<< /TransformMethod /DocMDP /TransformParams ${parameters} >>] >>`,
});
const refused = (fault: string) => expect.objectContaining({ fault });

describe('what a document lets a signature do', () => {
  it('refuses one certified against every change', () => {
    expect(() => read('/Perms << /DocMDP 50 0 R >>', certified('<< /P 1 >>'))).toThrow(refused('changes-forbidden'));
  });

  it('refuses one that an ordinary signature has closed', () => {
    const form = '/AcroForm << /Fields [51 0 R] >>';
    const field = { 51: '<< /T (a) /FT /Sig /Kids [52 0 R] >>', 52: '<< /V 50 0 R >>' };
    expect(() => read(form, { ...certified('<< /P 1 >>'), ...field })).toThrow(refused('changes-forbidden'));
  });

  it.each(['<< >>', '<< /P 2 >>'])('allows a single box where only signing is allowed: %s', (parameters) => {
    expect(read('/Perms << /DocMDP 50 0 R >>', certified(parameters)).placements).toHaveLength(1);
    expect(() => read('/Perms << /DocMDP 50 0 R >>', certified(parameters), [here, here])).toThrow(
      expect.objectContaining({ fault: 'annotations-forbidden', location: 1 }),
    );
  });

  it('allows several boxes where annotations are allowed', () => {
    expect(read('/Perms << /DocMDP 50 0 R >>', certified('<< /P 3 >>'), [here, here]).placements).toHaveLength(2);
  });

  it('refuses a dynamic form, and takes a static one', () => {
    const form = '/AcroForm << /Fields [] /XFA (…) >>';
    expect(() => read(`${form} /NeedsRendering true`)).toThrow(refused('dynamic-form'));
    expect(read(form).form?.names.size).toBe(0);
  });

  it('knows the names of the outermost fields', () => {
    const { form } = read('/AcroForm 50 0 R', {
      50: '<< /Fields 51 0 R >>',
      51: '[52 0 R << /T (direct) >> 99 0 R]',
      52: '<< /T (outer) /Kids [<< /T (inner) >>] >>',
    });
    expect([...form!.names]).toEqual(['outer', 'direct']);
  });

  it.each(['/AcroForm 3', '/AcroForm << /Fields 3 >>', '/AcroForm << /Fields [50 0 R 50 0 R] >>'])(
    'refuses %s',
    (form) => {
      expect(() => read(form, { 50: '<< /T (a) >>' })).toThrow(refused('bad-form'));
    },
  );

  it('refuses fields that lead in a circle', () => {
    expect(() => read('/AcroForm << /Fields [50 0 R] >>', { 50: '<< /Kids [50 0 R] >>' })).toThrow(refused('bad-form'));
  });
});
