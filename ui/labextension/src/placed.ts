/** A card in a notebook: between the input and the output of a cell. */

import type { FixCard } from '@bestfix/fix-card';
import type { CodeCell } from '@jupyterlab/cells';
import type { Message } from '@lumino/messaging';
import { type PanelLayout, Widget } from '@lumino/widgets';

const HAS_CARD = 'bf-has-card';

/** An element between the input and the output of a cell, for as long as the cell holds what it holds. */
export class Placed extends Widget {
  /**
   * @param cell where it stands.
   * @param child what stands there.
   */
  constructor(
    readonly cell: CodeCell,
    child: HTMLElement,
  ) {
    super();
    this.addClass('bf-Placed');
    this.node.dataset.lmSuppressShortcuts = 'true';
    this.node.addEventListener('mousedown', keepToItself);
    this.node.append(child);
    cell.addClass(HAS_CARD);
    void cell.ready.then(() => {
      this.insert();
    });
  }

  /** Whether the keyboard's focus is in it. */
  get hasFocus(): boolean {
    return this.node.contains(document.activeElement);
  }

  override dispose(): void {
    if (this.isDisposed) return;
    if (!this.cell.isDisposed) this.cell.removeClass(HAS_CARD);
    super.dispose();
  }

  private insert(): void {
    if (this.isDisposed || this.cell.isDisposed) return;
    const layout = this.cell.layout as PanelLayout;
    const output = layout.widgets.findIndex(widget => widget.hasClass('jp-Cell-outputWrapper'));
    layout.insertWidget(output < 0 ? layout.widgets.length : output, this);
  }
}

/** The notebook answers a press of the mouse by taking the focus. */
function keepToItself(event: Event): void {
  event.stopPropagation();
}

/** A placed card; it destroys the card when it goes. */
export class PlacedCard extends Placed {
  constructor(
    cell: CodeCell,
    readonly card: FixCard,
  ) {
    super(cell, card.element);
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this.card.announce();
  }

  override dispose(): void {
    if (this.isDisposed) return;
    super.dispose();
    this.card.destroy();
  }
}
