/**
 * All that the screen sees of main: `window.kioskBridge`. Runs sandboxed, as one CommonJS file.
 */
import { contextBridge, ipcRenderer } from 'electron';
import { createBridge } from './hosts/bridge.ts';

contextBridge.exposeInMainWorld('kioskBridge', createBridge(ipcRenderer));
