import { toWinAnsi } from './font';

describe('text as Helvetica can show it', () => {
  it.each([
    ['Tan Ah Kow', 'Tan Ah Kow'],
    ['née “Ōta” €5', 'n\xe9e \x93Ota\x94 \x805'],
    ['Nguyễn Thị Ánh', 'Nguyen Thi \xc1nh'],
    ['Łukasz Żółć', 'Lukasz Z\xf3lc'],
    ['Đỗ Đức', 'Do Duc'],
    ['Çağlar Işık', '\xc7aglar Isik'],
    ['Søren Øst', 'S\xf8ren \xd8st'],
    ['e\u0301', '\xe9'],
    ['陈大文 (Tan)', '\x85 (Tan)'],
    ['陈 大 文', '\x85'],
    ['😀x', '\x85x'],
    ['ﬁ Ⅳ', 'fi IV'],
  ])('writes %s as %j', (text, bytes) => {
    expect(toWinAnsi(text)).toBe(bytes);
  });
});
