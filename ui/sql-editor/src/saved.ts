/** What the page remembers from one visit to the next, in this browser alone. */

export type Theme = 'system' | 'light' | 'dark';

export interface SavedTab {
  readonly id: string;
  readonly title: string;
  readonly code: string;
  readonly connection: string;
}

export interface Saved {
  readonly tabs: readonly SavedTab[];
  readonly active: string;
  readonly theme: Theme;
  /** Share of the height that the editor takes, 0 to 1. */
  readonly split: number;
  readonly sidebar: boolean;
}

const NAME = 'bestfix.editor.1';
const NEW: Saved = { tabs: [], active: '', theme: 'system', split: 0.42, sidebar: true };

/** Return what was saved, as far as it can be read. */
export function load(storage: Storage = localStorage): Saved {
  try {
    const found = JSON.parse(storage.getItem(NAME) ?? '{}') as Partial<Record<keyof Saved, unknown>>;
    const { active, theme, split, sidebar } = found;
    return {
      tabs: Array.isArray(found.tabs) ? found.tabs.filter(isTab) : [],
      active: typeof active === 'string' ? active : NEW.active,
      theme: theme === 'light' || theme === 'dark' ? theme : NEW.theme,
      split: typeof split === 'number' && split > 0.1 && split < 0.9 ? split : NEW.split,
      sidebar: typeof sidebar === 'boolean' ? sidebar : NEW.sidebar,
    };
  } catch {
    return NEW;
  }
}

/** Save; where the browser has no room or no wish to, the page goes on without. */
export function save(saved: Saved, storage: Storage = localStorage): void {
  try {
    storage.setItem(NAME, JSON.stringify(saved));
  } catch {
    /* private windows and full disks refuse */
  }
}

function isTab(tab: unknown): tab is SavedTab {
  if (typeof tab !== 'object' || tab === null) return false;
  const { id, title, code, connection } = tab as Record<string, unknown>;
  return [id, title, code, connection].every(text => typeof text === 'string');
}
