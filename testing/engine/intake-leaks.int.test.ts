import { liveForms } from '../forms/cases.ts';
import { createRecordedEngine } from '../forms/recorded-engine.ts';
import { describeIntakeLeaks } from './intake-leaks.ts';

describeIntakeLeaks((form, tesseract) =>
  liveForms.has(form.id) ? tesseract : createRecordedEngine(form.id),
);
