/** Building elements. */

type Child = Node | string;

/** Return a new element with a class and children; texts become text nodes, never markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = '',
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/** Return a push button; `title` says what it does and by which keys. */
export function button(className: string, label: string, title: string, act: () => void): HTMLButtonElement {
  const made = element('button', className, label);
  made.type = 'button';
  made.title = title;
  made.addEventListener('click', act);
  return made;
}

/**
 * Make an element hold these children; none also hide it. Children that look the same stay, so that no press of a
 * button is lost, and the focus stays at its place.
 */
export function fill(parent: HTMLElement, children: readonly HTMLElement[]): void {
  const present = [...parent.children];
  parent.hidden = children.length === 0;
  if (
    present.length === children.length &&
    present.every((child, i) => child.isEqualNode(children[i] ?? null))
  )
    return;
  const focused = present.findIndex(child => child === document.activeElement);
  parent.replaceChildren(...children);
  if (focused >= 0) (children[focused] ?? children.at(-1))?.focus({ preventScroll: true });
}
