import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fromBase64, toBase64 } from './client';
import { EventParser } from './sse';
import { EventStream, type StreamHandlers } from './stream';

describe('the parser of events', () => {
    it('puts an event together from any pieces', () => {
        const whole = 'id: 7\nevent: change\ndata: {"a":\ndata: 1}\n\n: a comment\n\ndata: x\n\n';
        for (let cut = 0; cut <= whole.length; cut++) {
            const parser = new EventParser();
            const events = [...parser.push(whole.slice(0, cut)), ...parser.push(whole.slice(cut))];
            expect(events).toEqual([{ id: '7', event: 'change', data: '{"a":\n1}' }, { id: '7', event: 'message', data: 'x' }]);
        }
    });

    it('takes every kind of line end, torn apart or not', () => {
        const parser = new EventParser();
        expect([...parser.push('data: 1\r'), ...parser.push('\n\r\n')]).toEqual([{ id: null, event: 'message', data: '1' }]);
    });
});

describe('base64', () => {
    it('carries every byte, and more than one call can take', () => {
        const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 256);
        expect(fromBase64(toBase64(bytes))).toEqual(bytes);
    });
});

describe('the event stream', () => {
    const told: string[] = [];
    const handlers: StreamHandlers = {
        snapshot: () => told.push('snapshot'), change: (event) => told.push(`change ${JSON.stringify(event)}`), log: () => told.push('log'),
        connected: () => told.push('connected'), lost: (pause) => told.push(`lost ${pause}`), refused: (status) => told.push(`refused ${status}`),
    };
    const answer = (text: string): Response => new Response(text, { headers: { 'content-type': 'text/event-stream' } });

    beforeEach(() => {
        vi.useFakeTimers();
        told.length = 0;
    });
    afterEach(() => vi.useRealTimers());

    it('comes back with the id of the last event that it applied', async () => {
        const fetcher = vi.fn<typeof fetch>().mockImplementationOnce(async () => answer('id: 5\nevent: change\ndata: {}\n\nid: 6\nevent: change\ndata: {')).mockImplementation(() => new Promise(() => undefined));
        const stream = new EventStream(handlers, fetcher);
        stream.start();
        await vi.advanceTimersByTimeAsync(600);
        expect(told).toEqual(['connected', 'change {}', 'lost 500']);
        expect(fetcher).toHaveBeenCalledTimes(2);
        expect((fetcher.mock.calls[1]![1]!.headers as Record<string, string>)['last-event-id']).toBe('5');
        stream.stop();
    });

    it('waits longer after each failure, and does not give up', async () => {
        const fetcher = vi.fn<typeof fetch>().mockRejectedValue(new TypeError('network'));
        const stream = new EventStream(handlers, fetcher);
        stream.start();
        await vi.advanceTimersByTimeAsync(120_000);
        expect(told.slice(0, 7)).toEqual(['lost 500', 'lost 1000', 'lost 2000', 'lost 4000', 'lost 8000', 'lost 15000', 'lost 15000']);
        stream.stop();
    });

    it('stops when nobody is logged in', async () => {
        const fetcher = vi.fn<typeof fetch>().mockImplementation(async () => new Response(null, { status: 401 }));
        const stream = new EventStream(handlers, fetcher);
        stream.start();
        await vi.advanceTimersByTimeAsync(60_000);
        expect(told).toEqual(['refused 401']);
        expect(fetcher).toHaveBeenCalledTimes(1);
    });

    it('takes a silent connection for a broken one', async () => {
        const fetcher = vi.fn<typeof fetch>().mockImplementationOnce(async (_url, init) => new Response(new ReadableStream({
            start(controller) {
                init?.signal?.addEventListener('abort', () => controller.error(new Error('aborted')));
                controller.enqueue(new TextEncoder().encode(': hello\n\n'));
            },
        }))).mockImplementation(() => new Promise(() => undefined));
        const stream = new EventStream(handlers, fetcher);
        stream.start();
        await vi.advanceTimersByTimeAsync(41_000);
        expect(told).toEqual(['connected', 'lost 500']);
        stream.stop();
    });
});
