import { html } from './page';

describe('html', () => {
  it('lets no value become markup, in text or in an attribute', () => {
    const hostile = `"><script>alert('x' & 1)</script>`;
    expect(html`<p title="${hostile}">${hostile}</p>`.text).not.toMatch(/<script|"">|'/);
    expect(html`${`<&>"'`}`.text).toBe('&#60;&#38;&#62;&#34;&#39;');
  });

  it('keeps what is HTML already, alone or in a list, and leaves out what is not there', () => {
    const items = ['a', '<b>'].map((each) => html`<li>${each}</li>`);
    expect(html`${items}${undefined}${7}`.text).toBe('<li>a</li><li>&#60;b&#62;</li>7');
  });
});
