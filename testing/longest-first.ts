import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What runs longest begins first, so that no core waits at the end for one file: whole installations, then databases, then the rest. */
const order = ['end-to-end', 'integration', 'unit'];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const bySize = await super.sort(files);
    return bySize.toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}

function placeOf(file: TestSpecification): number {
  return order.indexOf(file.project.name);
}
