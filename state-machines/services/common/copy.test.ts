import { proveCopy } from '../item-suite.ts';
import * as copy from './copy.ts';

proveCopy(copy);
