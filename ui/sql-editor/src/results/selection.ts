/** Which cells are selected: a rectangle from where the selection began to where the cursor is. */

export interface Cell {
  readonly row: number;
  readonly column: number;
}

export interface Area {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

export class Selection {
  /** The corner where the selection began. */
  anchor: Cell = { row: 0, column: 0 };
  /** The cell that the keyboard is in. */
  cursor: Cell = { row: 0, column: 0 };

  get area(): Area {
    return {
      top: Math.min(this.anchor.row, this.cursor.row),
      bottom: Math.max(this.anchor.row, this.cursor.row),
      left: Math.min(this.anchor.column, this.cursor.column),
      right: Math.max(this.anchor.column, this.cursor.column),
    };
  }

  has(row: number, column: number): boolean {
    const { top, bottom, left, right } = this.area;
    return top <= row && row <= bottom && left <= column && column <= right;
  }

  /** Move the cursor; `extend` leaves the other corner where it is. */
  go(cell: Cell, extend = false): void {
    this.cursor = cell;
    if (!extend) this.anchor = cell;
  }

  /** Select from one corner to another. */
  span(anchor: Cell, cursor: Cell): void {
    this.anchor = anchor;
    this.cursor = cursor;
  }
}
