import type { CordonControl } from '../asked.ts';
import { imagesScanned } from '../checks/images.ts';

export const ch10_15: CordonControl = {
  id: 'CH-10.15',
  title: 'Images build upon known bases and are scanned',
  priority: 'P1',
  threat: 'An old base image brings old weaknesses, or is another one than was tested.',
  owner: 'operations',
  references: { asvs: ['15.1.2', '15.2.1'], hipaa: ['§164.308(a)(1)(ii)(B)'], ukGdpr: ['32(1)(d)'] },
  next: 'scan the built images with a current feed, and keep the counts in compliance/image-scans.json',
  check: imagesScanned,
};
