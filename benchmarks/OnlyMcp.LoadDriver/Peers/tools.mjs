// The tools that Servers/Tools.cs has, for either version of the TypeScript SDK.
import { z } from './packages.mjs';

const text = (said) => ({ content: [{ type: 'text', text: said }] });

export function addTools(server) {
    server.registerTool('echo', { description: 'Says what it is told.', inputSchema: z.object({ text: z.string() }) }, (given) => text(given.text));
    server.registerTool(
        'add',
        { description: 'Adds two numbers.', inputSchema: z.object({ a: z.number().int(), b: z.number().int() }) },
        ({ a, b }) => text(String(a + b)),
    );
}

export function addManyTools(server, count) {
    for (let i = 0; i < count; i++)
        server.registerTool(
            `tool_${i}`,
            {
                description: 'Looks through one shelf of the archive and says what it found there.',
                inputSchema: z.object({
                    query: z.string().describe('The words to look for, in any order.'),
                    limit: z.number().int().describe('How many finds to return at most.'),
                    exact: z.boolean().describe('Whether the words must stand as they are.'),
                }),
            },
            ({ query }) => text(query),
        );
}
