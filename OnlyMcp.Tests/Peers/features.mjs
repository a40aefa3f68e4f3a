// What every server peer offers, whichever SDK it is built on.
import { z } from 'zod';

export const serverInfo = (name) => ({ name, version: '1.0.0' });
export const serverOptions = { capabilities: { logging: {} }, instructions: 'A peer for tests.' };

let tellCancelled;
const cancelled = new Promise((resolve) => (tellCancelled = resolve));

const text = (value) => ({ content: [{ type: 'text', text: String(value) }] });

/** Registers tools, a resource and a prompt; `notify(context, notification)` is how the SDK at hand sends beside a result. */
export function addFeatures(server, notify) {
    server.registerTool('echo', { description: 'Says it again', inputSchema: z.object({ message: z.string() }) }, ({ message }) => text(message));

    server.registerTool(
        'add',
        {
            description: 'Adds two numbers',
            inputSchema: z.object({ a: z.number(), b: z.number() }),
            outputSchema: z.object({ sum: z.number() }),
        },
        ({ a, b }) => ({ ...text(a + b), structuredContent: { sum: a + b } }),
    );

    server.registerTool(
        'count',
        { description: 'Reports progress on every step', inputSchema: z.object({ to: z.number().int() }) },
        async ({ to }, context) => {
            const progressToken = (context.mcpReq ?? context)._meta?.progressToken;
            for (let progress = 1; progressToken !== undefined && progress <= to; progress++)
                await notify(context, { method: 'notifications/progress', params: { progressToken, progress, total: to, message: `step ${progress}` } });
            return text(`counted to ${to}`);
        },
    );

    server.registerTool('log', { description: 'Logs before it answers', inputSchema: z.object({ line: z.string() }) }, async ({ line }, context) => {
        await notify(context, { method: 'notifications/message', params: { level: 'info', logger: 'peer', data: line } });
        return text('logged');
    });

    server.registerTool('fail', { description: 'Throws', inputSchema: z.object({}) }, () => {
        throw new Error('this tool always fails');
    });

    server.registerTool('wait', { description: 'Waits until it is cancelled', inputSchema: z.object({}) }, async (_, context) => {
        const request = context.mcpReq ?? context;
        const end = new Promise((resolve) => request.signal.addEventListener('abort', resolve));
        const { progressToken } = request._meta ?? {};
        if (progressToken !== undefined) await notify(context, { method: 'notifications/progress', params: { progressToken, progress: 1 } });
        await end;
        tellCancelled();
        return text('too late');
    });

    server.registerTool('cancelled', { description: 'Answers once a wait was cancelled', inputSchema: z.object({}) }, async () => {
        await cancelled;
        return text('cancelled');
    });

    server.registerResource('greeting', 'peer://greeting', { mimeType: 'text/plain', description: 'A text' }, (uri) => ({
        contents: [{ uri: uri.href, mimeType: 'text/plain', text: 'Hello from the peer' }],
    }));

    server.registerPrompt('introduce', { description: 'Asks for an introduction' }, () => ({
        messages: [{ role: 'user', content: { type: 'text', text: 'Introduce yourself.' } }],
    }));
}
