// The clients of the bench, in a process of their own: beside what the bench itself keeps, collecting garbage would hold them up.
import { answerParent } from '../bench-process.js';
import { loadSchema, measure } from './measure.js';

answerParent(loadSchema, measure);
