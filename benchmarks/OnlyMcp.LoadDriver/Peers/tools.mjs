// The tools that Servers/Tools.cs has, for either version of the TypeScript SDK.
import { z } from './packages.mjs';

const text = (said) => ({ content: [{ type: 'text', text: said }] });

/** Two tools, or with `many` on the command line a hundred. */
export function addTools(server) {
    if (process.argv[3] === 'many') addMany(server);
    else addTwo(server);
}

function addTwo(server) {
    server.registerTool(
        'echo',
        { description: 'Says what it is told.', inputSchema: z.object({ text: z.string() }) },
        (given) => text(given.text),
    );
    server.registerTool(
        'add',
        { description: 'Adds two numbers.', inputSchema: z.object({ a: z.number().int(), b: z.number().int() }) },
        ({ a, b }) => text(String(a + b)),
    );
}

function addMany(server) {
    for (let i = 0; i < 100; i++)
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
