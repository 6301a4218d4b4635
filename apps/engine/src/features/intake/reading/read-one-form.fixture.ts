/** For tests, as a process of its own: reads the committed form named on the command line, prints the outcome. */
import process from 'node:process';
import { findFormCase, loadForm } from '../../../../../../testing/forms/cases.ts';
import { createFormReader } from './index.ts';

const reader = createFormReader({ workers: 1 });
const { id } = findFormCase(process.argv[2] ?? '');
const { pages, cardNumbersRemoved } = await reader.read(await loadForm(id));
process.stdout.write(JSON.stringify({ pages, cardNumbersRemoved }));
await reader.close();
