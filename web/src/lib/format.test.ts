import { describe, expect, it } from 'vitest';
import { ago, bytes, delay, duration, parseBytes, percent, plain, plural, rate, ratio, text } from './format';

describe('formatting', () => {
    it('leaves no character in foreign text that turns its order round', () => {
        expect(plain('film\u202e4pm.exe')).toBe('film\ufffd4pm.exe');
        expect(plain('\u2066a\u2069 \u05e9\u05dc\u200f \u0639')).toBe('\ufffda\ufffd \u05e9\u05dc\u200f \u0639');
    });

    it.each([
        [0, '0 B'], [1023, '1023 B'], [1024, '1.0 KiB'], [1536, '1.5 KiB'], [1_048_575, '1.0 MiB'], [999 * 1024, '999 KiB'], [1000 * 1024, '1.0 MiB'],
        [123 * 1024 * 1024, '123 MiB'], [5 * 1024 ** 4, '5.0 TiB'], [-5, '0 B'],
    ])('writes %d bytes as %s', (value, expected) => expect(text(bytes(value))).toBe(expected));

    it.each([[999, '999 B'], [1000, '1.0 kB'], [1_500_000, '1.5 MB'], [999_999, '1.0 MB']])('writes %d bytes as %s in SI units', (value, expected) =>
        expect(text(bytes(value, 'si'))).toBe(expected));

    it('says that a rate is a rate', () => expect(text(rate(2_097_152))).toBe('2.0 MiB/s'));

    it.each([[0, '0'], [0.9999, '99.9'], [1, '100'], [0.4271, '42.7'], [Number.NaN, '0']])('never rounds %d up to done: %s', (value, expected) =>
        expect(percent(value)).toBe(expected));

    it.each([
        [null, '∞'], [0, '0 s'], [59, '59 s'], [61, '1 min 1 s'], [3599, '59 min'], [3660, '1 h 1 min'], [90_000, '1 d 1 h'], [86_400 * 400, '1 y'],
    ])('writes %s seconds as %s', (value, expected) => expect(duration(value)).toBe(expected));

    it.each([
        ['', null], ['2 MiB', 2_097_152], ['2MiB/s', 2_097_152], ['500k', 512_000], ['500 kB', 500_000], ['1,5 MB', 1_500_000], ['300', 307_200], ['300 B', 300],
        ['fast', null], ['-1', null], ['1e9', null],
    ])('reads “%s” as %s', (value, expected) => expect(parseBytes(value)).toBe(expected));

    it('reads back what it writes', () => {
        for (const value of [1024, 102_400, 5_242_880, 1_073_741_824]) expect(parseBytes(text(bytes(value)))).toBe(value);
    });

    it.each([[0.4, '0 ms'], [210.5, '211 ms'], [999.4, '999 ms'], [999.5, '1.0 s'], [12_340, '12.3 s'], [250_000, '250 s']])('writes %d milliseconds as %s', (value, expected) =>
        expect(text(delay(value))).toBe(expected));

    it('counts in words', () => expect([plural(1, 'peer'), plural(12_000, 'peer')]).toEqual(['1 peer', '12,000 peers']));

    it('has a sign for a ratio of nothing', () => expect([ratio(null), ratio(0.5), ratio(123.4)]).toEqual(['–', '0.50', '123']));

    it('tells how long ago', () => expect([ago(0, 5_000), ago(0, 65_000), ago(null, 0)]).toEqual(['just now', '1 min 5 s ago', '–']));
});
