import { expect, test } from 'vitest';
import { copies, copiesInWords, swarmInWords } from './peers';

test.each([
    [1200, 35, '1,200 complete, 35 downloading'], [null, 35, '35 downloading'], [0, null, '0 complete'],
])('a swarm of %s and %s is %s', (swarmSeeders, swarmLeechers, words) => expect(swarmInWords({ swarmSeeders, swarmLeechers })).toBe(words));

test.each([[3.41, '3.41'], [0.999, '0.99'], [1, '1.00'], [0.29, '0.29'], [0, '0.00'], [31.25, '31.25'], [2.005, '2.00']])('%s copies are shown as %s', (value, words) =>
    expect(copies(value)).toBe(words));

test.each([
    [3.41, 3, 'With connected peers and here, every piece is there at least 3 times, and 41.0 % of them more often. 3 connected peers have the rarest missing piece.'],
    [1, null, 'With connected peers and here, every piece is there at least once.'],
    [2.5, 1, 'With connected peers and here, every piece is there at least twice, and 50.0 % of them more often. One connected peer has the rarest missing piece.'],
    [0.87, 0, '87.0 % of the pieces are with connected peers or here, the rest with neither. No connected peer has the rarest missing piece.'],
    [0, 0, '0 % of the pieces are with connected peers or here, the rest with neither. No connected peer has the rarest missing piece.'],
])('%s copies and %s peers mean: %s', (value, availability, words) => expect(copiesInWords(value, availability)).toBe(words));
