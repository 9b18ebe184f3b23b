/** A result: its rows as a table or as a chart, and what can be done with them. */

import { duration } from '@bestfix/fix-card';

import { Dialog } from '../dialog.js';
import type { Column, Page, Result } from '../documents.js';
import { button, icon, make } from '../dom.js';
import type { Service } from '../service.js';
import { counted, messageOf } from '../text.js';
import { toast } from '../toast.js';
import { Chart } from './chart.js';
import { Grid } from './grid.js';
import { Rows } from './rows.js';
import type { Cell } from './selection.js';
import { full, plainText, tabSeparated } from './values.js';

const COPIED_AT_MOST = 20_000;

/** The result of a statement that gave rows. */
export class ResultView {
  readonly element: HTMLElement;
  private readonly rows: Rows;
  private readonly grid: Grid;
  private readonly chart: Chart;
  private readonly count = make('span', { class: 'count', role: 'status' });
  private readonly body: HTMLElement;
  private readonly table: HTMLButtonElement;
  private readonly picture: HTMLButtonElement;
  private readonly columns: readonly Column[];

  constructor(
    private readonly result: Result,
    first: Page,
    private readonly service: Service,
  ) {
    this.columns = result.columns;
    this.rows = new Rows(
      first,
      (offset, limit) => service.page(result.id, offset, limit),
      () => {
        this.grid.refresh();
        this.say();
      },
      problem => {
        toast(messageOf(problem), 'bad');
      },
    );
    this.grid = new Grid(this.columns, this.rows, {
      onCopy: () => void this.copy(false),
      onRead: cell => void this.read(cell),
    });
    this.chart = new Chart(this.columns, this.rows);
    this.body = make('div', { class: 'result-body' }, this.grid.element);
    this.table = this.choice('table', 'Table', () => {
      this.show(false);
    });
    this.picture = this.choice('chart', 'Chart', () => {
      this.show(true);
    });
    this.element = make('section', { class: 'result', 'aria-label': 'Result' }, this.bar(), this.body);
    this.show(false);
    this.say();
  }

  focus(): void {
    this.grid.focus();
  }

  /** Copy what is selected, with the names of its columns where the user wants them. */
  async copy(header: boolean): Promise<void> {
    const { top, bottom, left, right } = this.grid.selection.area;
    if (bottom - top >= COPIED_AT_MOST) {
      toast(`More than ${counted(COPIED_AT_MOST, 'row')} are selected; export them instead.`, 'bad');
      return;
    }
    const rows = (await this.rows.range(top, bottom + 1)).map(row => row.slice(left, right + 1));
    const names = header ? this.columns.slice(left, right + 1).map(column => column.name) : [];
    const single = !header && rows.length === 1 && left === right;
    await toClipboard(single ? plainText(rows[0]?.[0] ?? null) : tabSeparated(rows, names));
    toast(single ? 'Copied the value' : `Copied ${counted(rows.length, 'row')}`);
  }

  private bar(): HTMLElement {
    const copy = button(
      { class: 'quiet', label: 'Copy', title: 'Copy what is selected, with its header' },
      [icon('copy')],
      () => void this.copy(true),
    );
    return make(
      'div',
      { class: 'result-bar' },
      make('div', { class: 'choices', role: 'group', 'aria-label': 'Show as' }, this.table, this.picture),
      this.count,
      make('span', { class: 'seconds' }, duration(this.result.seconds)),
      make(
        'div',
        { class: 'row end' },
        copy,
        this.download('csv', 'CSV'),
        this.download('parquet', 'Parquet'),
      ),
    );
  }

  private choice(name: 'table' | 'chart', label: string, act: () => void): HTMLButtonElement {
    return button({ class: 'choice', title: label }, [icon(name), make('span', {}, label)], act);
  }

  private show(chart: boolean): void {
    this.table.setAttribute('aria-pressed', String(!chart));
    this.picture.setAttribute('aria-pressed', String(chart));
    this.body.replaceChildren(chart ? this.chart.element : this.grid.element);
    if (chart) void this.chart.show();
    else this.grid.refresh();
  }

  private say(): void {
    const { known, complete, cut } = this.rows;
    const more = complete
      ? null
      : button({ class: 'link', title: 'Count all rows (Ctrl+End)' }, ['count all'], () => {
          void this.rows.toEnd();
        });
    const text = `${counted(known, 'row')}${complete ? '' : ' so far'}${cut ? ', and more that are not kept' : ''}`;
    this.count.replaceChildren(...(more ? [text, ' ', more] : [text]));
  }

  /** A link that saves the whole result; with a key the browser cannot follow it, so that it is fetched. */
  private download(form: 'csv' | 'parquet', label: string): HTMLAnchorElement {
    const link = make(
      'a',
      {
        class: 'button quiet',
        href: this.service.exportUrl(this.result.id, form),
        download: `result.${form}`,
        title: `Save all rows as ${label}`,
      },
      icon('download'),
      make('span', {}, label),
    );
    link.addEventListener('click', event => {
      if (!this.service.hasKey) return;
      event.preventDefault();
      void this.service.exported(this.result.id, form).then(blob => {
        save(blob, `result.${form}`);
      });
    });
    return link;
  }

  private async read({ row, column }: Cell): Promise<void> {
    const [values] = await this.rows.range(row, row + 1);
    if (!values) return;
    const found = this.columns[column];
    const dialog = new Dialog(found?.name ?? '', 'wide');
    dialog.body.append(
      make('p', { class: 'note' }, `Row ${row + 1} · ${found?.type ?? ''}`),
      make('pre', { class: 'value', tabindex: 0 }, full(values[column] ?? null)),
    );
    await dialog.show();
    this.grid.focus();
  }
}

async function toClipboard(text: string): Promise<void> {
  if (isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = make('textarea', { class: 'unseen', 'aria-hidden': 'true' });
  area.value = text;
  document.body.append(area);
  area.select();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- all that a page without HTTPS has
  document.execCommand('copy');
  area.remove();
}

function save(blob: Blob, name: string): void {
  const link = make('a', { href: URL.createObjectURL(blob), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
}
