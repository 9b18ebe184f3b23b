/** Where the rows of a long list stand: browsers draw no element beyond some 17 million pixels, so long lists are scaled. */

const TALLEST = 15_000_000;

export interface Sizes {
  readonly rows: number;
  readonly rowHeight: number;
  /** Height of what can be seen, in pixels. */
  readonly view: number;
}

/** Return the height that the scrolled element has. */
export function scrollHeight({ rows, rowHeight }: Sizes): number {
  return Math.min(rows * rowHeight, TALLEST);
}

/** Return how far down the list the view begins, in pixels of the unscaled list. */
export function topOf(sizes: Sizes, scrollTop: number): number {
  const real = sizes.rows * sizes.rowHeight - sizes.view;
  const drawn = scrollHeight(sizes) - sizes.view;
  return drawn <= 0 || real <= drawn ? scrollTop : Math.min(scrollTop / drawn, 1) * real;
}

/** Return the scroll position at which the view begins `top` pixels down the unscaled list. */
export function scrollFor(sizes: Sizes, top: number): number {
  const real = sizes.rows * sizes.rowHeight - sizes.view;
  const drawn = scrollHeight(sizes) - sizes.view;
  return drawn <= 0 || real <= drawn ? top : (top / real) * drawn;
}
