// Between the page and a daemon: passes bytes on, breaks connections, and keeps what the daemon sent over the last one that listens.

import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

export class Relay {
    readonly #server: Server;
    readonly #sockets = new Set<Socket>();
    #open = true;
    /** What was sent on each connection that listened for events, with the request that began it. */
    readonly listened: { readonly request: string; answer: string }[] = [];

    constructor(private readonly port: number) {
        this.#server = createServer((socket) => this.#pass(socket));
    }

    get url(): string {
        return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    }

    async listen(): Promise<void> {
        await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    }

    /** Breaks every connection, and takes none. */
    cut(): void {
        this.#open = false;
        for (const socket of this.#sockets) socket.destroy();
    }

    mend(): void {
        this.#open = true;
    }

    async close(): Promise<void> {
        this.cut();
        await new Promise<void>((done) => this.#server.close(() => done()));
    }

    #pass(socket: Socket): void {
        if (!this.#open) return void socket.destroy();
        const daemon = connect(this.port, '127.0.0.1');
        let events: { readonly request: string; answer: string } | null = null;
        for (const [from, to] of [[socket, daemon], [daemon, socket]] as const) {
            this.#sockets.add(from);
            from.on('error', () => to.destroy());
            from.on('close', () => {
                this.#sockets.delete(from);
                to.destroy();
            });
        }
        socket.on('data', (bytes) => {
            const request = bytes.toString('latin1');
            if (request.startsWith('GET /api/v1/events')) this.listened.push((events = { request, answer: '' }));
            daemon.write(bytes);
        });
        daemon.on('data', (bytes) => {
            if (events) events.answer += bytes.toString('latin1');
            socket.write(bytes);
        });
    }
}
