import { ServerConnection } from '@jupyterlab/services';
import { afterEach, expect, test, vi } from 'vitest';

import type { FixEvent } from '../src/protocol';
import { Events, serverInfo } from '../src/server';

const settings = { baseUrl: 'http://here/' } as ServerConnection.ISettings;
const made = vi.spyOn(ServerConnection, 'makeRequest');
const SHOWN: FixEvent = { failure: 'f', revision: 0, action: 'shown', candidate: 0 };
const TAKEN: FixEvent = { failure: 'f', revision: 0, action: 'accepted', candidate: 0 };

afterEach(() => {
  made.mockReset();
  vi.useRealTimers();
});

function bodies(): unknown[] {
  return made.mock.calls.map(([, init]) => JSON.parse(init.body as string) as unknown);
}

test('what the server says, and nothing where it has no bestfix or cannot be reached', async () => {
  const said = { version: '1', locked: { threshold: 0.9 }, missing: [], more: 1 };
  made.mockResolvedValueOnce(new Response(JSON.stringify(said)));
  expect(await serverInfo(settings)).toMatchObject({ version: '1', locked: { threshold: 0.9 } });
  made.mockResolvedValueOnce(new Response('', { status: 404 }));
  expect(await serverInfo(settings)).toEqual({ version: '', locked: {}, missing: [] });
  made.mockRejectedValueOnce(new TypeError('no network'));
  expect(await serverInfo(settings)).toEqual({ version: '', locked: {}, missing: [] });
});

test('events that come while one is sent go together, in order', async () => {
  made.mockImplementation(() => Promise.resolve(new Response(null, { status: 204 })));
  const events = new Events(settings, true);
  for (const event of [SHOWN, TAKEN, SHOWN]) events.post(event, vi.fn());
  await vi.waitFor(() => {
    expect(bodies()).toEqual([{ events: [SHOWN] }, { events: [TAKEN, SHOWN] }]);
  });
  expect(made.mock.calls[0]?.[0]).toBe('http://here/bestfix/events');
});

test('what the network refuses is sent again, what the server refuses is not', async () => {
  vi.useFakeTimers();
  made.mockRejectedValueOnce(new TypeError('no network'));
  made.mockImplementation(() => Promise.resolve(new Response('', { status: 400 })));
  const events = new Events(settings, true);
  events.post(SHOWN, vi.fn());
  await vi.advanceTimersByTimeAsync(6_000);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(bodies()).toEqual([{ events: [SHOWN] }, { events: [SHOWN] }]);
});

test('without bestfix on the server the kernel gets them', () => {
  const toKernel = vi.fn();
  new Events(settings, false).post(SHOWN, toKernel);
  expect(toKernel).toHaveBeenCalledExactlyOnceWith(SHOWN);
  expect(made).not.toHaveBeenCalled();
});
