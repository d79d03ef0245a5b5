/** Keeps an open page true, shows its document, and leads on when it is over. */
import { showDocument } from './document.mjs';

const pauseAfterFailureMs = 3_000;
const forwardAfterMs = 4_000;
const main = () => document.querySelector('main');
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function start() {
  const shown = document.querySelector('#document');
  if (shown !== null) showDocument(shown).catch(() => apologise(shown));
  const { forward } = main().dataset;
  if (forward) setTimeout(() => location.assign(forward), forwardAfterMs);
}

function apologise(shown) {
  shown.textContent = 'The document cannot be shown here. Please download it.';
}

/** Puts the page as it is now in the place of the one that is shown, and says so to screen readers. */
async function renew() {
  const answer = await fetch(location.href);
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const fresh = page.querySelector('main');
  if (fresh.dataset.seen && fresh.dataset.seen === main().dataset.seen) return;
  main().replaceWith(document.adoptNode(fresh));
  document.title = page.title;
  document.querySelector('#news').textContent = page.title;
  main().querySelector('h1').focus();
  start();
}

async function follow() {
  while (main().dataset.changes) {
    const { changes, seen } = main().dataset;
    try {
      const answer = await fetch(`${changes}?${new URLSearchParams({ seen })}`);
      if (answer.ok || answer.status === 404 || answer.status === 410) await renew();
      else await pause(pauseAfterFailureMs);
    } catch {
      await pause(pauseAfterFailureMs);
    }
  }
}

start();
void follow();
