/** Shows a PDF page below page, with the boxes that will be signed. */

/** The box of a signature, in points. */
const box = { width: 220.5, height: 60 };

/** @param {HTMLElement} place its data say where the document and pdf.js are, and where the boxes are */
export async function showDocument(place) {
  const { document: url, pdfjs, locations } = place.dataset;
  const { getDocument, GlobalWorkerOptions } = await import(`${pdfjs}/legacy/build/pdf.min.mjs`);
  GlobalWorkerOptions.workerSrc = `${pdfjs}/legacy/build/pdf.worker.min.mjs`;
  const pdf = await getDocument({
    url,
    cMapUrl: `${pdfjs}/cmaps/`,
    standardFontDataUrl: `${pdfjs}/standard_fonts/`,
    wasmUrl: `${pdfjs}/wasm/`,
    iccUrl: `${pdfjs}/iccs/`,
    enableXfa: false,
  }).promise;
  const wanted = JSON.parse(locations);
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const here = wanted.filter(({ page }) => page === number);
    const sheet = await addSheet(place, await pdf.getPage(number), number, here);
    whenNear(place, sheet, () => draw(sheet, number, pdf));
  }
  place.dataset.shown = 'true';
}

async function addSheet(place, page, number, locations) {
  const { width, height } = page.getViewport({ scale: 1 });
  const sheet = document.createElement('div');
  sheet.className = 'sheet';
  sheet.style.maxWidth = `${width * 1.25}px`;
  sheet.style.aspectRatio = `${width} / ${height}`;
  for (const { x, y } of locations) sheet.append(markBox(x, y, width, height, number));
  place.append(sheet);
  return sheet;
}

function markBox(x, y, width, height, number) {
  const mark = document.createElement('div');
  mark.className = 'box';
  mark.textContent = `Your signature, page ${number}`;
  mark.style.left = `${x * 100}%`;
  mark.style.bottom = `${y * 100}%`;
  mark.style.width = `${(box.width / width) * 100}%`;
  mark.style.height = `${(box.height / height) * 100}%`;
  return mark;
}

function whenNear(root, sheet, work) {
  const observer = new IntersectionObserver(
    ([{ isIntersecting }]) => {
      if (!isIntersecting) return;
      observer.disconnect();
      void work();
    },
    { root, rootMargin: '100%' },
  );
  observer.observe(sheet);
}

/** The picture of a page, and its text for those who do not see the picture. */
async function draw(sheet, number, pdf) {
  const page = await pdf.getPage(number);
  const scale = (sheet.clientWidth / page.getViewport({ scale: 1 }).width) * window.devicePixelRatio;
  const viewport = page.getViewport({ scale });
  const canvas = document.createElement('canvas');
  canvas.width = viewport.width;
  canvas.height = viewport.height;
  canvas.setAttribute('aria-hidden', 'true');
  sheet.prepend(canvas);
  const text = document.createElement('p');
  text.className = 'unseen';
  const { items } = await page.getTextContent();
  text.textContent = `Page ${number}: ${items.map(({ str }) => str).join(' ')}`;
  sheet.append(text);
  await page.render({ canvas, viewport }).promise;
}
