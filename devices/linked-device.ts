import type { ByteLink } from './channels/byte-link.ts';
import { CommandQueue } from './command-queue.ts';
import type { CommandOptions, Completion, Device, DeviceCapabilities, DeviceEvent, DeviceStatus } from './device.ts';
import { type Connected, LinkKeeper, unpluggedStatus } from './link-keeper.ts';
import { StatusBoard } from './status-board.ts';

/** What every device on a link is told. */
type LinkedDeviceParts = {
  id: string;
  /** Begins status reasons, e.g. `pin-pad` gives `pin-pad-unplugged`. */
  noun: string;
  /** Between two tries at a device that is not there, milliseconds. */
  retryMs: number;
  /** What else is true of a device that is closed. */
  whenClosed?: Partial<DeviceStatus>;
};

/**
 * A device on a link of its own: connected when it is opened, and again whenever it has gone. An adapter brings {@link connect} and
 * {@link serve}; one whose device answers questions extends `AskedDevice`, which brings both.
 */
export abstract class LinkedDevice<L extends ByteLink> implements Device {
  readonly id: string;
  protected readonly noun: string;
  protected readonly board = new StatusBoard();
  protected readonly commands = new CommandQueue();
  private readonly keeper: LinkKeeper<L>;
  private readonly whenClosed: Partial<DeviceStatus>;
  /** From open to close, whatever the link does meanwhile. */
  private isWanted = false;

  constructor({ id, noun, retryMs, whenClosed = {} }: LinkedDeviceParts) {
    this.id = id;
    this.noun = noun;
    this.whenClosed = whenClosed;
    this.keeper = new LinkKeeper<L>({
      board: this.board,
      retryMs,
      connect: (life) => this.connect(life),
      serve: (link, life, up) => this.serve(link, life, up),
    });
  }

  abstract readonly capabilities: DeviceCapabilities;

  /** As `LinkKeeperOptions.connect`. */
  protected abstract connect(life: AbortSignal): Promise<Connected<L>>;

  /** As `LinkKeeperOptions.serve`. */
  protected abstract serve(link: L, life: AbortSignal, up: () => void): Promise<Partial<DeviceStatus>>;

  protected get isOpen(): boolean {
    return this.isWanted;
  }

  status(): DeviceStatus {
    return this.board.status();
  }

  subscribe(listener: (event: DeviceEvent) => void): () => void {
    return this.board.subscribe(listener);
  }

  /** Answers when the first try at the device has ended, well or not. */
  open(options: CommandOptions = {}): Promise<Completion<DeviceStatus>> {
    if (options.signal?.aborted !== true) {
      this.isWanted = true;
      this.keeper.start();
    }
    return this.keeper.ready(options);
  }

  /** Ends what is under way, hangs up and connects anew. */
  async reset(options: CommandOptions = {}): Promise<Completion<DeviceStatus>> {
    if (!this.isOpen) return { ok: false, reason: 'deviceNotReady', detail: 'not open' };
    this.commands.endAll('cancelled', 'the device is being reset');
    await this.beforeReset();
    await this.keeper.stop();
    // Closed meanwhile: nobody would ever let go of a link that is dialled now.
    if (!this.isWanted) return { ok: false, reason: 'cancelled', detail: 'the device was closed' };
    this.keeper.start();
    return this.keeper.ready(options);
  }

  async close(): Promise<void> {
    this.commands.endAll('cancelled', 'the device was closed');
    const wasOpen = this.isWanted;
    this.isWanted = false;
    await this.keeper.stop();
    if (wasOpen) this.board.update({ device: 'offline', reason: 'closed', ...this.whenClosed });
  }

  /** What the device is told while it still listens. */
  protected async beforeReset(): Promise<void> {}

  /** The status of a device that has gone by itself. */
  protected unplugged(): Partial<DeviceStatus> {
    return unpluggedStatus(this.noun);
  }
}
