/** The user's settings of this page, without those that an administrator has locked. */

import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { ReadonlyPartialJSONValue } from '@lumino/coreutils';
import { type ISignal, Signal } from '@lumino/signaling';

import type { Wishes } from './protocol';
import type { ServerInfo } from './server';

/** A setting of the page: what bestfix calls it, and what bestfix calls its values where the words differ. */
interface Setting {
  readonly name: string;
  readonly values?: Readonly<Record<string, string | boolean>>;
}

const SETTINGS: Readonly<Record<string, Setting>> = {
  answer: { name: 'automatic', values: { automatically: true, 'on click': false } },
  threshold: { name: 'threshold' },
  deadline: { name: 'deadline' },
  model: { name: 'llm.model' },
  verification: { name: 'verify', values: { 'run on a copy': 'sandbox', 'run nothing': 'static' } },
  logging: { name: 'log.enabled', values: { on: true, off: false } },
};

/** What the user wants, as far as they have said so. */
export class Preferences {
  private settings: ISettingRegistry.ISettings | null = null;
  private readonly changes = new Signal<this, undefined>(this);

  private constructor(private readonly locked: ServerInfo['locked']) {}

  /** Load the plugin's settings; those that are locked are shown as such. */
  static async load(
    registry: ISettingRegistry | null,
    plugin: string,
    info: ServerInfo,
  ): Promise<Preferences> {
    const made = new Preferences(info.locked);
    if (!registry) return made;
    try {
      registry.transform(plugin, { fetch: found => lockedIn(found, info.locked) });
      made.settings = await registry.load(plugin, true);
      made.settings.changed.connect(() => {
        made.changes.emit(undefined);
      });
    } catch (error) {
      console.warn('bestfix: its settings could not be read, those of its file hold.', error);
    }
    return made;
  }

  get changed(): ISignal<this, undefined> {
    return this.changes;
  }

  /** What the kernel is asked for: what the user has set and may set. */
  get wishes(): Wishes {
    const found: Wishes = {};
    for (const [key, setting] of Object.entries(SETTINGS)) {
      const value = wished(setting, this.settings?.composite[key]);
      if (value !== undefined && !(setting.name in this.locked)) found[setting.name] = value;
    }
    return found;
  }

  /** Whether the user may say if failing cells are answered unasked. */
  get mayTurnOff(): boolean {
    return this.settings !== null && !('automatic' in this.locked);
  }

  /** Answer failing cells unasked, or on click alone. */
  async setAutomatic(on: boolean): Promise<void> {
    await this.settings?.set('answer', on ? 'automatically' : 'on click');
  }
}

function wished(
  { values }: Setting,
  value: ReadonlyPartialJSONValue | undefined,
): Wishes[string] | undefined {
  if (values) return typeof value === 'string' ? values[value] : undefined;
  return typeof value === 'number' || typeof value === 'string' ? value : undefined;
}

/** Return the plugin with its locked settings read-only, and their values. */
function lockedIn(plugin: ISettingRegistry.IPlugin, locked: ServerInfo['locked']): ISettingRegistry.IPlugin {
  const properties = { ...plugin.schema.properties };
  for (const [key, setting] of Object.entries(SETTINGS)) {
    const value = locked[setting.name];
    const property = properties[key];
    if (value === undefined || !property) continue;
    const said = Object.entries(setting.values ?? {}).find(([, meant]) => meant === value)?.[0] ?? value;
    const description = `Locked by your administrator. ${property.description ?? ''}`;
    properties[key] = { ...property, default: said, description, readOnly: true };
  }
  return { ...plugin, schema: { ...plugin.schema, properties } };
}
