/** Light or dark: as the system has it, until the user says otherwise. */

import { button, icon } from './dom.js';
import type { Theme } from './saved.js';

const NEXT = { system: 'light', light: 'dark', dark: 'system' } as const;
const ICON = { system: 'auto', light: 'sun', dark: 'moon' } as const;

export class ThemeSwitch {
  readonly element: HTMLButtonElement;
  private readonly system = matchMedia('(prefers-color-scheme: dark)');

  constructor(
    private theme: Theme,
    onChange: (theme: Theme) => void,
  ) {
    this.element = button({ class: 'quiet' }, [], () => {
      this.theme = NEXT[this.theme];
      this.apply();
      onChange(this.theme);
    });
    this.system.addEventListener('change', () => {
      this.apply();
    });
    this.apply();
  }

  private apply(): void {
    const dark = this.theme === 'dark' || (this.theme === 'system' && this.system.matches);
    document.documentElement.classList.toggle('bf-dark', dark);
    const label = `Colours: ${this.theme === 'system' ? 'as the system' : this.theme}`;
    this.element.setAttribute('aria-label', label);
    this.element.title = label;
    this.element.replaceChildren(icon(ICON[this.theme]));
  }
}
