/** The process a backup is read through in: it is told the path, and answers whether it is sound. Started by `backup-check.ts`. */
import { hearParent } from '../../devices/parent-process.ts';
import { isSound } from './backup.ts';

hearParent<string, boolean>((path, answer) => answer(isSound(path)));
