import { expect, test } from 'vitest';
import { swarmInWords } from './peers';

test.each([
    [1200, 35, '1,200 complete, 35 downloading'], [null, 35, '35 downloading'], [0, null, '0 complete'],
])('a swarm of %s and %s is %s', (swarmSeeders, swarmLeechers, words) => expect(swarmInWords({ swarmSeeders, swarmLeechers })).toBe(words));
