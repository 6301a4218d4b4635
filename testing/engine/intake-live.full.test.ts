import { describeIntakeLeaks } from './intake-leaks.ts';

// Every form through OCR itself.
describeIntakeLeaks((_form, tesseract) => tesseract);
