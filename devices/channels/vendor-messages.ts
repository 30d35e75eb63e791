import type { LibraryMapping } from '../vendor-library/mapping.ts';
import type { OperationResult } from '../vendor-library/operations.ts';

/** What the kiosk says to the process a vendor's library runs in. */
export type VendorRequest =
  | { kind: 'start'; mapping: LibraryMapping }
  | { kind: 'perform'; id: number; operation: string; inputs: Readonly<Record<string, string>> }
  /** Brings the device down and ends. */
  | { kind: 'stop' };

/** Why a library is of no use yet. */
type VendorRefusal =
  /** No path for this platform, no such file, or one that cannot be loaded here (32 bits, other libraries missing). */
  | 'library-missing'
  /** A function of the mapping is not in it. */
  | 'function-missing'
  /** Its own start said no: the device is unplugged, or its driver missing. */
  | 'start-refused';

export type VendorAnswer =
  | { kind: 'ready' }
  | { kind: 'notReady'; reason: VendorRefusal; detail: string }
  | { kind: 'performed'; id: number; result: OperationResult };
