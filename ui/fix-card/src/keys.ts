/** What can be done with a card, and by which keys while the focus is in it. */

/** What the user can do with a card. */
export type Action = 'accept' | 'accept and run' | 'reject' | 'next' | 'previous';

const isMac = typeof navigator !== 'undefined' && navigator.userAgent.includes('Mac');

/** The keys: as titles show them, and as `aria-keyshortcuts` writes them. */
export const KEYS: Readonly<Record<Action, { readonly shown: string; readonly aria: string }>> = {
  accept: { shown: isMac ? '⌥⏎' : 'Alt+Enter', aria: 'Alt+Enter' },
  'accept and run': { shown: isMac ? '⌘⏎' : 'Ctrl+Enter', aria: isMac ? 'Meta+Enter' : 'Control+Enter' },
  reject: { shown: 'Esc', aria: 'Escape' },
  next: { shown: isMac ? '⌥↓' : 'Alt+↓', aria: 'Alt+ArrowDown' },
  previous: { shown: isMac ? '⌥↑' : 'Alt+↑', aria: 'Alt+ArrowUp' },
};

/** Return what a key press in the card asks for. */
export function actionOf(event: KeyboardEvent): Action | null {
  if (event.isComposing || event.shiftKey) return null;
  const accel = isMac ? event.metaKey : event.ctrlKey;
  const held = [accel && 'accel', event.altKey && 'alt'].filter(Boolean).join('+');
  switch (`${held} ${event.key}`) {
    case ' Escape':
      return 'reject';
    case 'accel Enter':
      return 'accept and run';
    case 'alt Enter':
      return 'accept';
    case 'alt ArrowDown':
      return 'next';
    case 'alt ArrowUp':
      return 'previous';
    default:
      return null;
  }
}
