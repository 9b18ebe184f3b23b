/** The way to bestfix in the kernel of one notebook. */

import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel, KernelMessage } from '@jupyterlab/services';
import type { JSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

import { type FromKernel, received, TARGET, type ToKernel } from './protocol';

/**
 * Whether bestfix can be asked: there is no Python kernel; bestfix is on its way; it answers; the kernel's environment
 * has none, or an old one that knows no notebook.
 */
export type LinkState = 'none' | 'attaching' | 'attached' | 'missing' | 'outdated';

const ATTACH = `try:
    __import__("bestfix.surfaces.jupyter", None, None, ["attach"]).attach()
except ImportError:
    pass`;
const VERSION = '__import__("bestfix").__version__';
const AGAIN_AFTER = 50;
/** A kernel that was restarted may stay at `starting` until it is sent something. */
const STARTED: readonly Kernel.Status[] = ['starting', 'idle', 'busy'];

/** Attaches bestfix to every kernel that the notebook gets, and carries messages. */
export class Link implements IDisposable {
  private comm: Kernel.IComm | null = null;
  private kernel: Kernel.IKernelConnection | null = null;
  private attempt = 0;
  private current: LinkState = 'none';
  private readonly changed = new Signal<this, LinkState>(this);
  private readonly messages = new Signal<this, FromKernel>(this);
  private disposed = false;

  /**
   * @param context the notebook's session.
   * @param hello what a kernel is told first.
   */
  constructor(
    readonly context: ISessionContext,
    private readonly hello: () => JSONObject,
  ) {
    context.kernelChanged.connect(this.onKernel, this);
    context.statusChanged.connect(this.onStatus, this);
    this.onKernel();
  }

  get state(): LinkState {
    return this.current;
  }

  get stateChanged(): ISignal<this, LinkState> {
    return this.changed;
  }

  get received(): ISignal<this, FromKernel> {
    return this.messages;
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  /** Send a message; without a kernel that answers it is dropped. */
  send(message: ToKernel): void {
    if (this.comm && !this.comm.isDisposed) this.comm.send(message as unknown as JSONObject);
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.attempt++;
    if (this.comm && !this.comm.isDisposed && this.kernel?.connectionStatus === 'connected')
      this.comm.close();
    Signal.clearData(this);
  }

  private onKernel(): void {
    this.kernel = this.context.session?.kernel ?? null;
    this.detach();
    if (this.kernel) void this.attach(this.kernel);
  }

  private onStatus(_: ISessionContext, status: Kernel.Status): void {
    if (status === 'restarting' || status === 'autorestarting' || status === 'dead') this.detach();
    else if (STARTED.includes(status) && this.current === 'none') this.onKernel();
  }

  private detach(): void {
    this.attempt++;
    this.comm = null;
    this.become('none');
  }

  private async attach(kernel: Kernel.IKernelConnection): Promise<void> {
    const attempt = ++this.attempt;
    this.become('attaching');
    const found = await this.found(kernel, () => attempt === this.attempt);
    if (attempt !== this.attempt) return;
    if (found === 'attached') this.open(kernel);
    else this.become(found);
  }

  /** Import bestfix in the kernel, and say what came of it. */
  private async found(kernel: Kernel.IKernelConnection, wanted: () => boolean): Promise<LinkState> {
    try {
      const spec = await kernel.spec;
      if (spec && spec.language.toLowerCase() !== 'python') return 'none';
      while (wanted()) {
        const { content } = await attached(kernel);
        if (content.status === 'ok') return said(content);
        await new Promise(resolve => setTimeout(resolve, AGAIN_AFTER));
      }
    } catch {
      // the kernel was restarted or is gone: its next status starts anew
    }
    return 'none';
  }

  private open(kernel: Kernel.IKernelConnection): void {
    if (!kernel.handleComms) {
      this.become('none');
      return;
    }
    const comm = kernel.createComm(TARGET);
    comm.onMsg = message => {
      const told = received(message.content.data);
      if (told && comm === this.comm) this.messages.emit(told);
    };
    comm.onClose = () => {
      if (comm === this.comm) this.detach();
    };
    this.comm = comm;
    comm.open(this.hello());
    this.become('attached');
  }

  private become(state: LinkState): void {
    if (state === this.current) return;
    this.current = state;
    this.changed.emit(state);
  }
}

async function attached(kernel: Kernel.IKernelConnection): Promise<KernelMessage.IExecuteReplyMsg> {
  return kernel.requestExecute({
    code: ATTACH,
    silent: true,
    store_history: false,
    allow_stdin: false,
    stop_on_error: false,
    user_expressions: { version: VERSION, door: '"bestfix.surfaces.jupyter" in __import__("sys").modules' },
  }).done;
}

function said({ user_expressions: found }: { user_expressions: JSONObject }): LinkState {
  const { version, door } = found as Record<
    string,
    { status: string; data?: Record<string, string> } | undefined
  >;
  if (version?.status !== 'ok') return 'missing';
  return door?.data?.['text/plain'] === 'True' ? 'attached' : 'outdated';
}
