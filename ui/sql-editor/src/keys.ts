/** The keys of the page, wherever the focus is. */

/** What a key may ask for. */
export interface KeyEvents {
  readonly run: () => void;
  readonly stop: () => void;
  readonly newQuery: () => void;
  readonly closeQuery: () => void;
  readonly goTo: (number: number) => void;
  readonly nextPane: (back: boolean) => void;
  readonly tables: () => void;
  readonly fix: () => void;
  readonly history: () => void;
  readonly help: () => void;
}

/** Listen to the keys; a dialog that is open keeps them to itself. */
export function listenToKeys(events: KeyEvents): void {
  document.addEventListener(
    'keydown',
    event => {
      if (event.isComposing || document.querySelector('dialog[open]') || !take(event, events)) return;
      event.preventDefault();
      event.stopPropagation();
    },
    { capture: true },
  );
}

function take(event: KeyboardEvent, events: KeyEvents): boolean {
  const accel = event.ctrlKey || event.metaKey;
  const inCard = event.target instanceof Element && event.target.closest('.bf-card') !== null;
  if (accel && !event.altKey) {
    if (event.key === 'Enter' && !inCard) events.run();
    else if (event.key === '.') events.stop();
    else return false;
    return true;
  }
  if (event.altKey && !accel && !event.shiftKey) return takeAlt(event.code, events);
  if (event.key === 'F1') events.help();
  else if (event.key === 'F6') events.nextPane(event.shiftKey);
  else return false;
  return true;
}

function takeAlt(code: string, events: KeyEvents): boolean {
  const digit = /^Digit([1-9])$/.exec(code)?.[1];
  if (digit) events.goTo(Number(digit));
  else if (code === 'KeyN') events.newQuery();
  else if (code === 'KeyW') events.closeQuery();
  else if (code === 'KeyC') events.tables();
  else if (code === 'KeyF') events.fix();
  else if (code === 'KeyH') events.history();
  else return false;
  return true;
}
