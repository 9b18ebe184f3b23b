/** Waiting until a kernel has ended the cell that failed. */

import type { Kernel } from '@jupyterlab/services';

/** Milliseconds for which a busy kernel is waited for; it ends a cell that has failed much sooner. */
const PATIENCE = 2000;

/**
 * Wait until the kernel is not busy, or longer than ending a cell takes.
 *
 * A card is there before the failing cell has ended, and a kernel drops what is queued behind a failure.
 */
export async function ended(
  kernel: Pick<Kernel.IKernelConnection, 'status' | 'statusChanged'> | null | undefined,
): Promise<void> {
  if (kernel?.status !== 'busy') return;
  await new Promise<void>(resolve => {
    const done = (): void => {
      kernel.statusChanged.disconnect(look);
      clearTimeout(timer);
      resolve();
    };
    const look = (_: unknown, status: Kernel.Status): void => {
      if (status !== 'busy') done();
    };
    const timer = setTimeout(done, PATIENCE);
    kernel.statusChanged.connect(look);
  });
}
