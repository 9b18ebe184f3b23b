import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { Signal } from '@lumino/signaling';
import { describe, expect, test, vi } from 'vitest';

import schema from '../schema/plugin.json';
import { Preferences } from '../src/preferences';

type Fetch = (plugin: ISettingRegistry.IPlugin) => ISettingRegistry.IPlugin;

async function preferences(
  composite: Record<string, unknown>,
  locked: Record<string, string | number | boolean> = {},
): Promise<{ made: Preferences; fetched: Record<string, unknown>; set: ReturnType<typeof vi.fn> }> {
  let fetch: Fetch = plugin => plugin;
  const set = vi.fn();
  const settings = { composite, set, changed: new Signal({}) };
  const registry = {
    transform: (_: string, transforms: { fetch: Fetch }) => (fetch = transforms.fetch),
    load: () => Promise.resolve(settings),
  } as unknown as ISettingRegistry;
  const made = await Preferences.load(registry, 'plugin', { version: '1', locked, missing: [] });
  const plugin = fetch({ schema } as unknown as ISettingRegistry.IPlugin);
  return { made, fetched: plugin.schema.properties as Record<string, unknown>, set };
}

describe('what the kernel is asked for', () => {
  test('nothing, where the user has set nothing', async () => {
    const { made } = await preferences({ answer: 'as configured', verification: 'as configured' });
    expect(made.wishes).toEqual({});
  });

  test('what they have set, by the names of the kernel', async () => {
    const { made } = await preferences({
      answer: 'on click',
      threshold: 0.9,
      model: 'm-1',
      verification: 'run nothing',
      logging: 'on',
    });
    expect(made.wishes).toEqual({
      automatic: false,
      threshold: 0.9,
      'llm.model': 'm-1',
      verify: 'static',
      'log.enabled': true,
    });
  });

  test('nothing of what is locked', async () => {
    const { made } = await preferences(
      { answer: 'automatically', threshold: 0.1 },
      { threshold: 0.9, automatic: false },
    );
    expect(made.wishes).toEqual({});
    expect(made.mayTurnOff).toBe(false);
  });
});

test('a locked setting is shown with its value, and cannot be changed', async () => {
  const { fetched } = await preferences({}, { automatic: false, threshold: 0.9 });
  expect(fetched.answer).toMatchObject({ default: 'on click', readOnly: true });
  expect(fetched.threshold).toMatchObject({ default: 0.9, readOnly: true });
  expect(fetched.deadline).not.toHaveProperty('readOnly');
});

test('on and off is a setting', async () => {
  const { made, set } = await preferences({});
  await made.setAutomatic(false);
  expect(set).toHaveBeenCalledExactlyOnceWith('answer', 'on click');
});

test('a page without settings asks for nothing and may change nothing', async () => {
  const made = await Preferences.load(null, 'plugin', { version: '', locked: {}, missing: [] });
  expect(made.wishes).toEqual({});
  expect(made.mayTurnOff).toBe(false);
});
