/** What came of the last run of one query: rows, a word that it is done, or an error with its fix. */

import { duration, visible } from '@bestfix/fix-card';

import type { Result } from './documents.js';
import { button, icon, make } from './dom.js';
import { ResultView } from './results/resultView.js';
import type { Service } from './service.js';
import { counted } from './text.js';

/** Something that the user can do about what they are told. */
export interface Offer {
  readonly label: string;
  readonly act: () => void;
}

export class Outcome {
  readonly element = make('div', { class: 'outcome', tabindex: -1 });
  /** Where the card of a failure goes. */
  readonly cardPlace = make('div', { class: 'card-place' });
  private view: ResultView | null = null;
  private open: string | null = null;

  constructor(private readonly service: Service) {
    this.invite();
  }

  /** Show how a statement went; one that failed may be given a fix in `cardPlace`. */
  show(result: Result): void {
    this.clear();
    if (result.error) this.fail(result.error.type, result.error.message, result.seconds);
    else if (result.page && !isCount(result)) {
      this.open = result.id;
      this.view = new ResultView(result, result.page, this.service);
      this.element.replaceChildren(this.view.element);
    } else this.say(done(result), 'good');
  }

  /** Tell the user something in place of a result. */
  say(text: string, tone: 'good' | 'bad' | 'plain' = 'plain', ...offers: readonly Offer[]): void {
    this.clear();
    const buttons = offers.map(({ label, act }) => button({}, [label], act));
    this.element.replaceChildren(
      make(
        'div',
        { class: `notice ${tone}`, role: tone === 'bad' ? 'alert' : 'status' },
        make('p', {}, visible(text)),
        ...buttons,
      ),
    );
  }

  /** Say under an error that there is no fix to show; what there is can be shown all the same. */
  remark(text: string, offer: Offer | null): void {
    this.cardPlace.replaceChildren(
      make(
        'p',
        { class: 'note' },
        `No fix: ${visible(text)}. `,
        offer && button({ class: 'link' }, [offer.label], offer.act),
      ),
    );
  }

  /** Give up the rows that are shown, here and in the service. */
  clear(): void {
    if (this.open) this.service.closeResult(this.open).catch(() => undefined);
    this.open = null;
    this.view = null;
    this.cardPlace.replaceChildren();
  }

  focus(): void {
    if (this.view) this.view.focus();
    else (this.element.querySelector<HTMLElement>('button, [tabindex]') ?? this.element).focus();
  }

  private fail(type: string, message: string, seconds: number): void {
    const said = make(
      'section',
      { class: 'failed', role: 'alert', 'aria-label': 'Error' },
      make(
        'p',
        { class: 'failed-head' },
        make('strong', {}, spaced(type)),
        make('span', { class: 'seconds' }, duration(seconds)),
      ),
      make('pre', { class: 'message', tabindex: 0 }, lines(message)),
    );
    this.element.replaceChildren(this.cardPlace, said);
  }

  private invite(): void {
    this.element.replaceChildren(
      make(
        'div',
        { class: 'invitation' },
        icon('table'),
        make('p', {}, 'Rows appear here. Run a query with ', make('kbd', {}, 'Ctrl Enter'), '.'),
        make('p', { class: 'quiet-text' }, 'When it fails, its fix appears here, too.'),
      ),
    );
  }
}

/** Whether rows are only the engine's word for what a statement changed, as DuckDB gives it. */
function isCount({ wrote, columns }: Result): boolean {
  return wrote && columns.length === 1 && /^(Count|Success)$/.test(columns[0]?.name ?? '');
}

function done({ affected: told, page, seconds }: Result): string {
  const count = page?.rows[0]?.[0];
  const affected = typeof count === 'number' ? count : told;
  return `Done in ${duration(seconds)}${affected === null || affected < 0 ? '' : `: ${counted(affected, 'row')} changed`}.`;
}

/** Return the name of a class of errors as words: `UnknownColumn` is an unknown column. */
function spaced(type: string): string {
  const words = visible(type)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function lines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}
