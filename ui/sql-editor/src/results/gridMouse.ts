/** The mouse in the grid: it selects cells and rows, makes columns wider, and opens values. */

export interface MouseEvents {
  /** A cell, or a row by its number (`column` null), is picked; `extend` leaves the other corner where it is. */
  readonly onPick: (row: number, column: number | null, extend: boolean) => void;
  readonly onRead: () => void;
  readonly widthOf: (column: number) => number;
  readonly onWidth: (column: number, width: number) => void;
}

/** Listen to the mouse, or a finger, in the element of a grid. */
export function listenToMouse(grid: HTMLElement, events: MouseEvents): void {
  let drag: 'cells' | { column: number; from: number; width: number } | null = null;
  const pick = (target: Element, extend: boolean): boolean => {
    const row = target.closest<HTMLElement>('.grid-row')?.dataset.row;
    const column = target.closest<HTMLElement>('.cell')?.dataset.column;
    if (row === undefined) return false;
    events.onPick(Number(row), column === undefined ? null : Number(column), extend);
    return true;
  };
  grid.addEventListener('pointerdown', event => {
    const target = event.target as Element;
    if (target.closest('.grip')) {
      const column = Number(target.closest<HTMLElement>('[data-column]')?.dataset.column);
      drag = { column, from: event.clientX, width: events.widthOf(column) };
      grid.setPointerCapture(event.pointerId);
      event.preventDefault();
    } else if (event.button === 0 && pick(target, event.shiftKey)) drag = 'cells';
  });
  grid.addEventListener('pointermove', event => {
    if (drag === 'cells' && event.buttons & 1) {
      const under = document.elementFromPoint(event.clientX, event.clientY);
      if (under && grid.contains(under)) pick(under, true);
    } else if (drag && drag !== 'cells') events.onWidth(drag.column, drag.width + event.clientX - drag.from);
  });
  const end = (): void => {
    drag = null;
  };
  grid.addEventListener('pointerup', end);
  grid.addEventListener('pointercancel', end);
  grid.addEventListener('dblclick', event => {
    if (event.target instanceof Element && event.target.closest('.grid-row .cell')) events.onRead();
  });
}
