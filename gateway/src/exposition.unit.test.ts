import { describe, expect, it } from 'vitest';
import { exposition } from './exposition.js';

describe('the text of metrics', () => {
  it('has help, kind and every sample, and escapes what labels hold', () => {
    expect(
      exposition([
        {
          name: 'a_total',
          help: 'All of a.',
          kind: 'counter',
          samples: [
            [{ of: 'x"y\\z\n' }, 2],
            [{}, 1.5],
          ],
        },
        { name: 'nothing', help: 'None.', kind: 'gauge', samples: [] },
        { name: 'b', help: 'Some.', kind: 'gauge', samples: [[{ c: 'd', e: 'f' }, 0]] },
      ]),
    ).toBe(`# HELP a_total All of a.
# TYPE a_total counter
a_total{of="x\\"y\\\\z\\n"} 2
a_total 1.5
# HELP b Some.
# TYPE b gauge
b{c="d",e="f"} 0
`);
  });
});
