/** Run, stop and the time that it takes; and whether the page may write. */

import { button, icon, make } from '../dom.js';

export interface RunBarEvents {
  readonly onRun: () => void;
  readonly onStop: () => void;
  readonly onReadOnly: (readOnly: boolean) => void;
}

export class RunBar {
  readonly element: HTMLElement;
  private readonly run: HTMLButtonElement;
  private readonly stop: HTMLButtonElement;
  private readonly time = make('span', { class: 'elapsed' });
  private readonly lock: HTMLButtonElement;
  private started = 0;
  private timer = 0;

  constructor(events: RunBarEvents) {
    const isMac = navigator.userAgent.includes('Mac');
    const keys = isMac ? '⌘⏎' : 'Ctrl+Enter';
    this.run = button(
      {
        class: 'primary run',
        title: `Run what is selected, or the statement at the cursor (${keys})`,
        keys: isMac ? 'Meta+Enter' : 'Control+Enter',
      },
      [icon('run'), make('span', {}, 'Run'), make('kbd', {}, keys)],
      events.onRun,
    );
    this.stop = button(
      { class: 'stop', title: 'Stop it (Ctrl+.)', keys: 'Control+.' },
      [icon('stop'), make('span', {}, 'Stop'), this.time],
      events.onStop,
    );
    this.lock = button({ class: 'switch' }, [], () => {
      events.onReadOnly(this.lock.getAttribute('aria-checked') !== 'true');
    });
    this.lock.setAttribute('role', 'switch');
    this.element = make('div', { class: 'run-bar' }, this.run, this.stop, this.lock);
    this.setRunning(false);
    this.setReadOnly(true);
  }

  setRunning(running: boolean): void {
    const focused = this.element.contains(document.activeElement) && document.activeElement !== this.lock;
    this.run.hidden = running;
    this.stop.hidden = !running;
    window.clearInterval(this.timer);
    if (running) {
      this.started = performance.now();
      this.tick();
      this.timer = window.setInterval(() => {
        this.tick();
      }, 100);
    }
    if (focused) (running ? this.stop : this.run).focus();
  }

  setReadOnly(readOnly: boolean): void {
    this.lock.setAttribute('aria-checked', String(readOnly));
    this.lock.title = readOnly
      ? 'Statements that write are refused; press to allow them'
      : 'Statements that write are run once you confirm them; press to refuse them';
    this.lock.replaceChildren(
      icon(readOnly ? 'lock' : 'open'),
      make('span', {}, 'Read-only'),
      make('span', { class: 'knob' }),
    );
  }

  private tick(): void {
    this.time.textContent = `${((performance.now() - this.started) / 1000).toFixed(1)} s`;
  }
}
