import { expect, test } from 'vitest';
import { isOneOf, parentOf } from './paths';

test.each([
    ['/data/films/x', '/data/films'], ['/data/films/', '/data'], ['/data', '/'], ['/', null], ['films', ''], ['films/x', 'films'], ['', null],
    ['C:\\data\\films', 'C:\\data'], ['C:\\data', 'C:\\'], ['C:\\', null],
])('above %s is %s', (path, above) => expect(parentOf(path)).toBe(above));

test('a folder is the same with a slash or a dot behind it', () => {
    for (const path of ['/data', '/data/', '/data//', '/data/.', '/data/./']) expect(isOneOf(path, ['/other', '/data/'])).toBe(true);
    for (const path of ['/data/x', '/', '/data/..', '/dat', '']) expect(isOneOf(path, ['/other', '/data/'])).toBe(false);
    expect(isOneOf('/', ['/'])).toBe(true);
});
