/** For tests, as a process of its own: reads the committed form named on the command line, prints the outcome. */
import process from 'node:process';
import { findFormCase, loadForm } from './cases.ts';
import { createFormReader } from '../../apps/engine/src/features/intake/reading/index.ts';

const reader = createFormReader({ workers: 1 });
const { id } = findFormCase(process.argv[2] ?? '');
const { pages, cardNumbersRemoved, pictures } = await reader.read(await loadForm(id), { keepPictures: true });
process.stdout.write(JSON.stringify({ pages, cardNumbersRemoved, picture: pictures.state }));
await reader.close();
