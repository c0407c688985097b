// The text/event-stream format (HTML standard, 9.2.6), read from a fetch: unlike EventSource it shows a refusal's status, says when bytes
// last came, and can take up where an earlier connection ended.

export interface ServerEvent {
    readonly id: string | null;
    readonly event: string;
    readonly data: string;
}

export class EventParser {
    #rest = '';
    #data: string[] = [];
    #event = '';
    #id: string | null = null;

    /** The events that this piece of text completes. */
    push(piece: string): ServerEvent[] {
        const events: ServerEvent[] = [];
        const lines = (this.#rest + piece).split(/\r\n|\n|\r(?!$)/);
        this.#rest = lines.pop() ?? '';
        for (const line of lines) {
            if (line === '') this.#dispatch(events);
            else this.#field(line);
        }
        return events;
    }

    #dispatch(events: ServerEvent[]): void {
        if (this.#data.length > 0) {
            events.push({ id: this.#id, event: this.#event === '' ? 'message' : this.#event, data: this.#data.join('\n') });
        }
        this.#data = [];
        this.#event = '';
    }

    #field(line: string): void {
        const colon = line.indexOf(':');
        if (colon === 0) return;
        const name = colon < 0 ? line : line.slice(0, colon);
        const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
        if (name === 'data') this.#data.push(value);
        else if (name === 'event') this.#event = value;
        else if (name === 'id' && !value.includes('\0')) this.#id = value;
    }
}
