import { html } from '../portal/html';
import { type Page } from '../portal/page';
import { simulatedPath } from './simulated-identity';

/** @param problem what was wrong with the form that has just been sent */
export function simulatedLoginPage(state: string, problem?: string): Page {
  return {
    title: 'Who are you?',
    main: html`
      <p>This is a sandbox: you are whoever you say you are.</p>
      ${problem === undefined ? undefined : html`<p id="problem" class="problem" role="alert">${problem}</p>`}
      <form method="post" action="${simulatedPath}">
        <input type="hidden" name="state" value="${state}" />
        <label for="name">Name</label>
        <input id="name" name="name" autocomplete="name" required maxlength="100" />
        <label for="id">NRIC or FIN</label>
        <input id="id" name="id" autocomplete="off" required maxlength="9" aria-describedby="hint" />
        <p id="hint" class="hint">Such as S1234567D</p>
        <button>Log in</button>
      </form>
    `,
  };
}
