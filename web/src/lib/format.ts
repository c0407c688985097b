// The one place that turns numbers into words. A quantity is split into number and unit so that units can be set lighter.

export type UnitSystem = 'iec' | 'si';

export interface Quantity {
    readonly number: string;
    readonly unit: string;
}

const units = {
    iec: { step: 1024, names: ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] },
    si: { step: 1000, names: ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'] },
} as const;

export function bytes(value: number, system: UnitSystem = 'iec'): Quantity {
    const { step, names } = units[system];
    let scaled = Math.max(0, value);
    let index = 0;
    // 1,023.96 KiB would be shown as "1024.0 KiB": the next unit begins where the number would no longer fit.
    while (index < names.length - 1 && Number(scaled.toFixed(scaled < 100 ? 1 : 0)) >= (index === 0 ? step : 1000)) {
        scaled /= step;
        index++;
    }
    return { number: index === 0 ? Math.round(scaled).toString() : digits(scaled), unit: names[index] ?? 'B' };
}

export function rate(value: number, system: UnitSystem = 'iec'): Quantity {
    const size = bytes(value, system);
    return { number: size.number, unit: `${size.unit}/s` };
}

/** Milliseconds, as seconds where they are many. */
export function delay(value: number): Quantity {
    const whole = Math.round(Math.max(0, value));
    return whole < 1000 ? { number: whole.toString(), unit: 'ms' } : { number: digits(value / 1000), unit: 's' };
}

export function text(quantity: Quantity): string {
    return `${quantity.number} ${quantity.unit}`;
}

export function percent(part: number): string {
    if (!(part > 0)) return '0';
    if (part >= 1) return '100';
    // Rounded down: 99.96 % is not 100 % yet.
    const floored = Math.floor(part * 1000) / 10;
    return floored.toFixed(1);
}

export function duration(seconds: number | null | undefined): string {
    if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '∞';
    const whole = Math.max(0, Math.round(seconds));
    if (whole < 60) return `${whole} s`;
    if (whole < 3600) return pair(whole, 60, 'min', 1, 's', whole < 600);
    if (whole < 86_400) return pair(whole, 3600, 'h', 60, 'min', true);
    if (whole < 86_400 * 365) return pair(whole, 86_400, 'd', 3600, 'h', whole < 86_400 * 10);
    return pair(whole, 86_400 * 365, 'y', 86_400, 'd', false);
}

export function ratio(value: number | null): string {
    if (value === null || !Number.isFinite(value)) return '–';
    return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}

export function count(value: number): string {
    return value.toLocaleString('en-US');
}

/**
 * Text of strangers in which the order of its characters cannot be turned round: "film\u202e4pm.exe" would be shown as "filmexe.mp4". Marks
 * that only say which way a letter belongs stay, as names in Arabic or Hebrew need them.
 */
export function plain(foreign: string): string {
    return foreign.replace(/[\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}

/** "1 peer", "2 peers". */
export function plural(value: number, one: string, many = `${one}s`): string {
    return `${count(value)} ${value === 1 ? one : many}`;
}

export function ago(time: string | number | null, now: number): string {
    if (time === null) return '–';
    const seconds = (now - (typeof time === 'number' ? time : Date.parse(time))) / 1000;
    if (!Number.isFinite(seconds)) return '–';
    return seconds < 10 ? 'just now' : `${duration(seconds)} ago`;
}

export function dateTime(time: string | null): string {
    if (time === null) return '–';
    const date = new Date(time);
    if (Number.isNaN(date.getTime()) || date.getTime() === 0) return '–';
    const two = (part: number): string => part.toString().padStart(2, '0');
    return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

export function clock(time: string): string {
    const date = new Date(time);
    const two = (part: number): string => part.toString().padStart(2, '0');
    return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** Reads "2 MiB/s", "500k", "1.5 MB": bytes, or null if it is not a quantity. */
export function parseBytes(input: string, fallbackUnit = 'KiB'): number | null {
    const match = /^\s*(\d+(?:[.,]\d+)?)\s*([kmgt]?)(i?)(b?)(?:\/s)?\s*$/i.exec(input);
    if (!match) return null;
    const number = Number((match[1] ?? '').replace(',', '.'));
    const [, , prefix = '', binary = '', suffix = ''] = match;
    if (prefix === '' && suffix === '') return Math.round(number * unitOf(fallbackUnit));
    if (prefix === '') return Math.round(number);
    const power = 'kmgt'.indexOf(prefix.toLowerCase()) + 1;
    const isDecimal = binary === '' && suffix !== '';
    return Math.round(number * (isDecimal ? 1000 : 1024) ** power);
}

function unitOf(name: string): number {
    const iec = units.iec.names.indexOf(name as 'B');
    return iec >= 0 ? 1024 ** iec : 1000 ** Math.max(0, units.si.names.indexOf(name as 'B'));
}

function digits(value: number): string {
    return value < 100 ? value.toFixed(1) : value.toFixed(0);
}

function pair(seconds: number, major: number, majorName: string, minor: number, minorName: string, withMinor: boolean): string {
    const first = Math.floor(seconds / major);
    const second = Math.floor((seconds % major) / minor);
    return withMinor && second > 0 ? `${first} ${majorName} ${second} ${minorName}` : `${first} ${majorName}`;
}
