import type { Kernel } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';
import { expect, test, vi } from 'vitest';

import { ended } from '../src/ending';

class FakeKernel {
  readonly statusChanged = new Signal<Kernel.IKernelConnection, Kernel.Status>(
    this as unknown as Kernel.IKernelConnection,
  );

  constructor(public status: Kernel.Status) {}

  become(status: Kernel.Status): void {
    this.status = status;
    this.statusChanged.emit(status);
  }
}

test('nothing is waited for where nothing runs', async () => {
  await ended(null);
  await ended(new FakeKernel('idle'));
});

test('a busy kernel is waited for until it is idle', async () => {
  const kernel = new FakeKernel('busy');
  const over = vi.fn();
  const waiting = ended(kernel).then(over);
  kernel.become('busy');
  await Promise.resolve();
  expect(over).not.toHaveBeenCalled();
  kernel.become('idle');
  await waiting;
  expect(over).toHaveBeenCalledOnce();
});

test('a kernel that stays busy is not waited for for ever', async () => {
  vi.useFakeTimers();
  const waiting = ended(new FakeKernel('busy'));
  await vi.runAllTimersAsync();
  await waiting;
  vi.useRealTimers();
});
