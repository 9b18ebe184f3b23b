/** Making elements. Text is only ever text: nothing here, or anywhere on the page, parses markup. */

type Child = Node | string | null | undefined | false;
type Attributes = Readonly<Record<string, string | boolean | number | undefined>>;

/** Return an element with attributes (false and undefined leave one out) and children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

/** Return a button; one with an icon alone needs a `label`. */
export function button(
  look: { readonly class?: string; readonly label?: string; readonly title?: string; readonly keys?: string },
  content: readonly Child[],
  act: (event: MouseEvent) => void,
): HTMLButtonElement {
  const made = make(
    'button',
    {
      type: 'button',
      class: look.class,
      'aria-label': look.label,
      title: look.title ?? look.label,
      'aria-keyshortcuts': look.keys,
    },
    ...content,
  );
  made.addEventListener('click', act);
  return made;
}

const SVG = 'http://www.w3.org/2000/svg';

/** Return an element of a drawing. */
export function draw<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes,
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...children.filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

const ICONS = {
  run: 'M5 3.5v9l7.5-4.5z',
  stop: 'M4.5 4.5h7v7h-7z',
  plus: 'M8 3.5v9M3.5 8h9',
  close: 'M4.5 4.5l7 7M11.5 4.5l-7 7',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.8V8l2.2 1.6',
  sun: 'M8 10.7a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4zM8 1.5v1.6M8 12.9v1.6M1.5 8h1.6M12.9 8h1.6M3.4 3.4l1.1 1.1M11.5 11.5l1.1 1.1M12.6 3.4l-1.1 1.1M4.5 11.5l-1.1 1.1',
  moon: 'M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z',
  auto: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 2v12M8 5.5h4.6M8 8.5h5.6M8 11.5h4',
  help: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM6.2 6.3c.1-1 .9-1.6 1.9-1.6s1.8.6 1.8 1.6c0 1.3-1.9 1.4-1.9 2.6M8 11.2v.1',
  table: 'M2.5 3.5h11v9h-11zM2.5 6.5h11M6.5 6.5v6',
  view: 'M1.8 8S4 4 8 4s6.2 4 6.2 4S12 12 8 12 1.8 8 1.8 8zM8 9.6a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2z',
  key: 'M5.5 10.5a3 3 0 1 1 2.6-4.5h5.4v2.2h-1.6v1.6H9.7V8.9H8.1a3 3 0 0 1-2.6 1.6z',
  link: 'M6.5 9.5l3-3M7 4.6l1-1a2.8 2.8 0 0 1 4 4l-1 1M9 11.4l-1 1a2.8 2.8 0 0 1-4-4l1-1',
  chevron: 'M6 4l4 4-4 4',
  copy: 'M5.5 5.5h7v8h-7zM3.5 10.5v-8h7',
  download: 'M8 2.5v7.5M4.8 7L8 10.2 11.2 7M2.5 13.5h11',
  chart: 'M2.5 2.5v11h11M5 11V8.5M8 11V5M11 11V7',
  rows: 'M2.5 4h11M2.5 8h11M2.5 12h11',
  lock: 'M4 7.5h8v6H4zM5.5 7.5V5.3a2.5 2.5 0 0 1 5 0v2.2',
  open: 'M4 7.5h8v6H4zM5.5 7.5V5.3a2.5 2.5 0 0 1 4.8-1',
  database:
    'M8 6.2c3 0 5-.8 5-1.9S11 2.5 8 2.5s-5 .7-5 1.8.9 1.9 5 1.9zM3 4.3v7.4c0 1.1 2 1.8 5 1.8s5-.7 5-1.8V4.3M3 8c0 1.100 2 1.800 5 1.800s5-.7 5-1.800',
  trash: 'M3 4.500h10M6 4.500V3h4v1.500M4.500 4.500l.6 9h5.800l.6-9',
  refresh: 'M13 8a5 5 0 1 1-1.500-3.600M13 2.500v2.700h-2.700',
} as const;

export type Icon = keyof typeof ICONS;

/** Return an icon, which says nothing to a screen reader. */
export function icon(name: Icon): SVGSVGElement {
  const filled = name === 'run' || name === 'stop';
  return draw(
    'svg',
    { viewBox: '0 0 16 16', class: filled ? 'icon filled' : 'icon', 'aria-hidden': 'true' },
    draw('path', { d: ICONS[name] }),
  );
}
