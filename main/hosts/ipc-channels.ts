/**
 * Channels between the preload and the IPC host.
 */
export const screenChannels = {
  /** Screen to main: starts the views. */
  listen: 'screen:listen',
  /** Screen to main: ends them. */
  unlisten: 'screen:unlisten',
  /** Main to screen: a view. */
  view: 'screen:view',
  /** Main to screen: another screen has taken this one's place. */
  replaced: 'screen:replaced',
  /** Screen to main and back: a message and its answer. */
  send: 'screen:send',
  /** Screen to main and back: a resource and its pages. */
  paper: 'screen:paper',
} as const;
