// Short messages at the edge of the page. What went wrong stays until it is dismissed.

export interface Toast {
    readonly id: number;
    readonly kind: 'done' | 'error';
    readonly text: string;
}

const mostShown = 4;
const shownFor = 5_000;

class Toasts {
    #next = 0;
    #list = $state.raw<readonly Toast[]>([]);

    get list(): readonly Toast[] {
        return this.#list;
    }

    done(text: string): void {
        const id = this.#add('done', text);
        setTimeout(() => this.dismiss(id), shownFor);
    }

    error(text: string): void {
        if (!this.#list.some((toast) => toast.text === text)) this.#add('error', text);
    }

    dismiss(id: number): void {
        this.#list = this.#list.filter((toast) => toast.id !== id);
    }

    #add(kind: Toast['kind'], text: string): number {
        const id = this.#next++;
        this.#list = [...this.#list, { id, kind, text }].slice(-mostShown);
        return id;
    }
}

export const toasts = new Toasts();
