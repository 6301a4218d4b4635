import { z } from 'zod';
import { REGION_IDS } from '../ids.ts';
import {
  dataClassId,
  description,
  lawfulBasis,
  nonEmptyListOf,
  retentionPolicyId,
  schemaReference,
} from './common.ts';

export const dataClassesSchema = z
  .strictObject({
    $schema: schemaReference,
    dataClasses: nonEmptyListOf(
      z.strictObject({
        id: dataClassId,
        description,
        containsPHI: z.boolean(),
        storageLocation: z.enum(REGION_IDS),
        retentionPolicyId,
        lawfulBasis,
      }),
    ),
  })
  .meta({ title: 'Data classes: what is kept, where, how long and on which lawful basis' });

export type DataClassesFile = z.infer<typeof dataClassesSchema>;
export type DataClass = DataClassesFile['dataClasses'][number];
