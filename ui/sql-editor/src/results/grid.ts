/** A table of any length and width, of which only what can be seen is drawn. */

import { visible } from '@bestfix/fix-card';

import type { Column } from '../documents.js';
import { make } from '../dom.js';
import { stepOf } from './gridKeys.js';
import { listenToMouse } from './gridMouse.js';
import type { Rows } from './rows.js';
import { scrollFor, scrollHeight, type Sizes, topOf } from './scroll.js';
import { type Cell, Selection } from './selection.js';
import { isNumeric, shown } from './values.js';
import { startWidths } from './widths.js';

const SPARE = 8;
const NARROWEST = 40;

export interface GridEvents {
  /** The user wants to copy what is selected. */
  readonly onCopy: () => void;
  /** The user wants to read a value in full. */
  readonly onRead: (cell: Cell) => void;
}

/** Rows and columns with a cursor that the keyboard moves; Shift extends the selection. */
export class Grid {
  readonly element: HTMLElement;
  readonly selection = new Selection();
  private readonly head = make('div', { class: 'grid-head', role: 'row', 'aria-rowindex': 1 });
  private readonly body = make('div', { class: 'grid-body', role: 'rowgroup' });
  private readonly drawn = new Map<number, HTMLElement>();
  private widths: number[] = [];
  private lefts: number[] = [];
  private gutter = 0;
  private rowHeight = 26;
  private frame = 0;
  private span = '';

  constructor(
    private readonly columns: readonly Column[],
    private readonly rows: Rows,
    private readonly events: GridEvents,
  ) {
    this.element = make(
      'div',
      {
        class: 'grid',
        role: 'grid',
        tabindex: 0,
        'aria-label': 'Result',
        'aria-colcount': columns.length + 1,
      },
      make('div', { role: 'rowgroup', class: 'grid-top' }, this.head),
      this.body,
    );
    this.element.addEventListener('scroll', () => {
      this.later();
    });
    this.element.addEventListener('keydown', event => {
      this.onKey(event);
    });
    listenToMouse(this.element, {
      onPick: (row, column, extend) => {
        this.pick(row, column, extend);
      },
      onRead: () => {
        this.events.onRead(this.selection.cursor);
      },
      widthOf: column => this.widths[column] ?? 0,
      onWidth: (column, width) => {
        this.widths[column] = Math.max(NARROWEST, width);
        this.refresh();
      },
    });
    new ResizeObserver(() => {
      this.later();
    }).observe(this.element);
  }

  /** Draw what has changed. */
  refresh(): void {
    for (const row of this.drawn.values()) row.remove();
    this.drawn.clear();
    this.span = '';
    this.later();
  }

  focus(): void {
    this.element.focus();
  }

  /** Move the cursor to a cell, and bring it into view. */
  go(cell: Cell, extend = false): void {
    const row = Math.max(0, Math.min(cell.row, this.rows.known - 1));
    const column = Math.max(0, Math.min(cell.column, this.columns.length - 1));
    this.selection.go({ row, column }, extend);
    this.measure();
    this.reveal();
    this.mark();
    this.later();
  }

  private later(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private get sizes(): Sizes {
    const view = Math.max(this.element.clientHeight - this.head.offsetHeight, this.rowHeight);
    return { rows: this.rows.known, rowHeight: this.rowHeight, view };
  }

  private measure(): void {
    const size = parseFloat(getComputedStyle(this.element).fontSize) || 13;
    if (!this.widths.length) this.widths = startWidths(this.columns, this.rows, size);
    this.rowHeight = Math.round(size * 2);
    this.gutter = Math.round((String(this.rows.known).length * 0.62 + 1.4) * size);
    let left = this.gutter;
    this.lefts = this.widths.map(width => (left += width) - width);
    this.element.style.setProperty('--row-height', `${this.rowHeight}px`);
    this.element.style.setProperty('--gutter', `${this.gutter}px`);
    this.body.style.width = this.head.style.width = `${left}px`;
    this.body.style.height = `${scrollHeight(this.sizes)}px`;
    this.element.setAttribute('aria-rowcount', String(this.rows.complete ? this.rows.known + 1 : -1));
  }

  private draw(): void {
    if (!this.element.isConnected) return;
    this.measure();
    const top = topOf(this.sizes, this.element.scrollTop);
    const first = Math.max(0, Math.floor(top / this.rowHeight) - SPARE);
    const last = Math.min(this.rows.known, Math.ceil((top + this.sizes.view) / this.rowHeight) + SPARE);
    const [left, right] = this.columnsInView();
    if (this.span !== `${left}-${right}-${this.gutter}`) {
      this.span = `${left}-${right}-${this.gutter}`;
      for (const row of this.drawn.values()) row.remove();
      this.drawn.clear();
      this.drawHead(left, right);
    }
    for (const [index, row] of this.drawn) {
      if (index >= first && index < last) continue;
      row.remove();
      this.drawn.delete(index);
    }
    const shift = this.element.scrollTop - top;
    for (let index = first; index < last; index++) this.place(index, left, right, shift);
    this.mark();
    if (last === this.rows.known && !this.rows.complete) this.rows.row(this.rows.known, true);
  }

  private place(index: number, left: number, right: number, shift: number): void {
    let row = this.drawn.get(index);
    if (!row || (row.dataset.waits && this.rows.row(index))) {
      row?.remove();
      row = this.row(index, left, right);
      this.drawn.set(index, row);
      this.body.append(row);
    }
    row.style.transform = `translateY(${index * this.rowHeight + shift}px)`;
  }

  private row(index: number, left: number, right: number): HTMLElement {
    const values = this.rows.row(index, true);
    const number = make('div', { class: 'number', role: 'rowheader', 'aria-colindex': 1 }, String(index + 1));
    const row = make('div', { class: 'grid-row', role: 'row', 'aria-rowindex': index + 2 }, number);
    row.dataset.row = String(index);
    if (!values) row.dataset.waits = 'yes';
    for (let at = left; at < right; at++) {
      const cell = this.cell(at);
      if (values) {
        const value = values[at] ?? null;
        cell.textContent = shown(value);
        if (value === null) cell.classList.add('null');
      }
      row.append(cell);
    }
    return row;
  }

  private cell(column: number): HTMLElement {
    const cell = make('div', { class: 'cell', role: 'gridcell', 'aria-colindex': column + 2 });
    const found = this.columns[column];
    if (found && isNumeric(found)) cell.classList.add('numeric');
    cell.dataset.column = String(column);
    this.stand(cell, column);
    return cell;
  }

  private stand(element: HTMLElement, column: number): void {
    element.style.left = `${this.lefts[column] ?? 0}px`;
    element.style.width = `${this.widths[column] ?? 0}px`;
  }

  private drawHead(left: number, right: number): void {
    const corner = make('div', { class: 'number corner', role: 'columnheader', 'aria-colindex': 1 }, '#');
    const cells = this.columns.slice(left, right).map((column, i) => {
      const grip = make('span', { class: 'grip', 'aria-hidden': 'true' });
      const cell = make(
        'div',
        {
          class: 'cell',
          role: 'columnheader',
          'aria-colindex': left + i + 2,
          title: visible(`${column.name} ${column.type}`),
        },
        make('span', { class: 'name' }, visible(column.name)),
        make('span', { class: 'type' }, visible(column.type.toLowerCase())),
        grip,
      );
      cell.dataset.column = String(left + i);
      if (isNumeric(column)) cell.classList.add('numeric');
      this.stand(cell, left + i);
      return cell;
    });
    this.head.replaceChildren(corner, ...cells);
  }

  private columnsInView(): [number, number] {
    const from = this.element.scrollLeft;
    const to = from + this.element.clientWidth;
    let left = this.lefts.findIndex((at, i) => at + (this.widths[i] ?? 0) > from + this.gutter);
    if (left < 0) left = 0;
    let right = this.lefts.findIndex(at => at > to);
    if (right < 0) right = this.columns.length;
    return [Math.max(0, left - 1), Math.min(this.columns.length, right + 1)];
  }

  private reveal(): void {
    const { row, column } = this.selection.cursor;
    const sizes = this.sizes;
    const top = topOf(sizes, this.element.scrollTop);
    const wanted = row * this.rowHeight;
    if (wanted < top) this.element.scrollTop = scrollFor(sizes, wanted);
    else if (wanted + this.rowHeight > top + sizes.view)
      this.element.scrollTop = scrollFor(sizes, wanted + this.rowHeight - sizes.view);
    const left = (this.lefts[column] ?? 0) - this.gutter;
    const right = (this.lefts[column] ?? 0) + (this.widths[column] ?? 0);
    if (left < this.element.scrollLeft) this.element.scrollLeft = left;
    else if (right > this.element.scrollLeft + this.element.clientWidth)
      this.element.scrollLeft = right - this.element.clientWidth;
  }

  private onKey(event: KeyboardEvent): void {
    const held = event.ctrlKey || event.metaKey;
    const page = Math.max(1, Math.floor(this.sizes.view / this.rowHeight) - 1);
    const { cursor } = this.selection;
    const step = stepOf(event, { cursor, rows: this.rows.known, columns: this.columns.length, page });
    if (step && held && event.key === 'End') void this.toEnd(event.shiftKey);
    else if (step) this.go(step, event.shiftKey);
    else if (held && event.key.toLowerCase() === 'c') this.events.onCopy();
    else if (held && event.key.toLowerCase() === 'a') this.selectAll();
    else if (!held && event.key === 'Enter') this.events.onRead(cursor);
    else return;
    event.preventDefault();
  }

  private async toEnd(extend: boolean): Promise<void> {
    await this.rows.toEnd();
    this.go({ row: this.rows.known - 1, column: this.columns.length - 1 }, extend);
  }

  private selectAll(): void {
    const end = { row: this.rows.known - 1, column: this.columns.length - 1 };
    this.selection.span({ row: 0, column: 0 }, end);
    this.mark();
  }

  private pick(row: number, column: number | null, extend: boolean): void {
    if (column !== null) this.selection.go({ row, column }, extend);
    else {
      const from = extend ? this.selection.anchor.row : row;
      this.selection.span({ row: from, column: 0 }, { row, column: this.columns.length - 1 });
    }
    this.mark();
  }

  /** Show on the cells that are drawn which are selected, and where the cursor is. */
  private mark(): void {
    const { cursor } = this.selection;
    this.element.removeAttribute('aria-activedescendant');
    for (const [index, row] of this.drawn) {
      for (const cell of row.querySelectorAll<HTMLElement>('.cell')) {
        const column = Number(cell.dataset.column);
        if (this.selection.has(index, column)) cell.setAttribute('aria-selected', 'true');
        else cell.removeAttribute('aria-selected');
        const here = cursor.row === index && cursor.column === column;
        cell.id = here ? 'grid-cursor' : '';
        if (here) this.element.setAttribute('aria-activedescendant', 'grid-cursor');
      }
    }
  }
}
