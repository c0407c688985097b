// Makes the page's types of the API's description, which a test of the daemon holds to what is served: `npm run contract`.
// With --check it only says whether the file is what the description makes.

import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../../docs/openapi.json', import.meta.url));
const target = fileURLToPath(new URL('../src/api/schema.ts', import.meta.url));
const words = { string: 'string', integer: 'number', number: 'number', boolean: 'boolean', null: 'null' };

function typeOf(schema) {
    if (schema === true) return 'unknown';
    if (schema.$ref) return schema.$ref.split('/').at(-1);
    if (schema.anyOf) return schema.anyOf.map(typeOf).join(' | ');
    if (schema.enum) return schema.enum.map((value) => (value === null ? 'null' : `'${value}'`)).join(' | ');
    const kinds = [schema.type].flat().map((kind) => {
        if (kind === 'array') return `readonly ${wrapped(typeOf(schema.items))}[]`;
        if (kind === 'object') return `Readonly<Record<string, ${typeOf(schema.additionalProperties)}>>`;
        const word = words[kind];
        if (word === undefined) throw new Error(`No type for ${JSON.stringify(schema)}.`);
        return word;
    });
    return kinds.join(' | ');
}

const wrapped = (type) => (type.includes(' ') ? `(${type})` : type);

function declare([name, schema]) {
    if (!schema.properties) return `export type ${name} = ${typeOf(schema)};`;
    const required = new Set(schema.required ?? []);
    const members = Object.entries(schema.properties)
        .map(([member, type]) => `    readonly ${member}${required.has(member) ? '' : '?'}: ${typeOf(type)};`);
    return `export interface ${name} {\n${members.join('\n')}\n}`;
}

const description = JSON.parse(await readFile(source, 'utf8'));
const text = `// Made of docs/openapi.json by "npm run contract"; not to be edited.\n\n${Object.entries(description.components.schemas).map(declare).join('\n\n')}\n`;
if (!process.argv.includes('--check')) await writeFile(target, text);
else if ((await readFile(target, 'utf8').catch(() => '')) !== text) {
    console.error('web/src/api/schema.ts is not what docs/openapi.json makes; run "npm run contract" in web.');
    process.exitCode = 1;
}
