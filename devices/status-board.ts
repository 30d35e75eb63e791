import { bareStatus, type DeviceEvent, type DeviceStatus } from './device.ts';

/** A device's current status and those who listen to it. */
export class StatusBoard {
  private current: DeviceStatus = bareStatus;
  private readonly listeners = new Set<(event: DeviceEvent) => void>();

  status(): DeviceStatus {
    return this.current;
  }

  /** Delivers the current status at once. Returns the undo. */
  subscribe(listener: (event: DeviceEvent) => void): () => void {
    this.listeners.add(listener);
    listener({ type: 'status', status: this.current });
    return () => this.listeners.delete(listener);
  }

  /** Publishes a new status; one that says nothing new is not published. */
  update(change: Partial<DeviceStatus>): void {
    const next = { ...this.current, ...change };
    const isSame = (Object.keys(next) as (keyof DeviceStatus)[]).every((key) => next[key] === this.current[key]);
    if (isSame) return;
    this.current = next;
    this.publish({ type: 'status', status: next });
  }

  publish(event: DeviceEvent): void {
    for (const listener of [...this.listeners]) listener(event);
  }
}
