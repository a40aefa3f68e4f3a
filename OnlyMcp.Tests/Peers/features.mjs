// What every server peer offers, whichever SDK it is built on.
import { z } from 'zod';

export const serverInfo = (name) => ({ name, version: '1.0.0' });
export const serverOptions = { capabilities: { logging: {}, resources: { subscribe: true } }, instructions: 'A peer for tests.' };

let tellCancelled;
const cancelled = new Promise((resolve) => (tellCancelled = resolve));

const text = (value) => ({ content: [{ type: 'text', text: String(value) }] });

const bytes = Buffer.from([0, 1, 2, 253, 254, 255]).toString('base64');

/** A form with every kind of field; those in which several things are chosen are as new as 2025-11-25. */
const form = {
    type: 'object',
    properties: {
        name: { type: 'string', title: 'Name', minLength: 1 },
        email: { type: 'string', format: 'email' },
        greeting: { type: 'string', default: 'Hello' },
        count: { type: 'integer', minimum: 1, maximum: 9 },
        share: { type: 'number', default: 0.5 },
        sure: { type: 'boolean', default: true },
        size: { type: 'string', enum: ['S', 'M'] },
        colour: { type: 'string', oneOf: [{ const: 'r', title: 'Red' }, { const: 'g', title: 'Green' }] },
        pet: { type: 'string', enum: ['cat', 'dog'], enumNames: ['Cat', 'Dog'], default: 'dog' },
        days: { type: 'array', items: { type: 'string', enum: ['Mo', 'Tu'] } },
        fish: { type: 'array', items: { anyOf: [{ const: 't', title: 'Tuna' }] }, default: ['t'] },
    },
    required: ['name', 'count', 'size'],
};

const question = { role: 'user', content: { type: 'text', text: 'A poem, please' } };

/** Registers tools that ask; `ask(context, key, request)` is how the SDK at hand does: { answer }, or { required } to be asked again. */
export function addQuestions(server, ask) {
    const asking = (name, method, params, say) =>
        server.registerTool(name, { description: `Asks with ${method}`, inputSchema: z.object({}) }, async (_, context) => {
            const { answer, required } = await ask(context, name, { method, params });
            return required ?? text(say(answer));
        });

    asking('form', 'elicitation/create', { mode: 'form', message: 'Fill in everything', requestedSchema: form }, (answer) =>
        answer.action === 'accept' ? JSON.stringify(answer.content) : answer.action,
    );
    asking('page', 'elicitation/create', { mode: 'url', message: 'Log in there', url: 'https://example.com/login' }, (answer) => answer.action);
    asking('sample', 'sampling/createMessage', { messages: [question], maxTokens: 50 }, (answer) => `${answer.content.text} (${answer.model})`);
    asking('roots', 'roots/list', {}, (answer) => answer.roots.map((root) => root.uri).join(' '));
}

/** Registers what changes: `update(uri)` tells of a resource, `grow()` makes a tool that was not there before. */
export function addChanges(server, update, grow) {
    server.registerTool('update', { description: 'Changes a resource', inputSchema: z.object({ uri: z.string() }) }, async ({ uri }) => {
        await update(uri);
        return text('updated');
    });
    server.registerTool('grow', { description: 'Adds a tool', inputSchema: z.object({}) }, async () => {
        await grow();
        return text('grew');
    });
}

export function addGrown(server) {
    server.registerTool('grown', { description: 'Was not there before', inputSchema: z.object({}) }, () => text('grown'));
}

/** Registers tools, a resource and a prompt; `notify(context, notification)` is how the SDK at hand sends beside a result. */
export function addFeatures(server, notify, { ResourceTemplate, completable }) {
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

    server.registerTool('content', { description: 'Answers with every kind of content', inputSchema: z.object({}) }, () => ({
        content: [
            { type: 'text', text: 'zähl ☃', annotations: { priority: 0.5, audience: ['user'] } },
            { type: 'image', data: bytes, mimeType: 'image/png' },
            { type: 'audio', data: bytes, mimeType: 'audio/wav' },
            { type: 'resource_link', uri: 'peer://greeting', name: 'greeting' },
            { type: 'resource', resource: { uri: 'peer://greeting', mimeType: 'text/plain', text: 'embedded' } },
            { type: 'resource', resource: { uri: 'peer://bytes', blob: bytes } },
        ],
    }));

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

    server.registerResource('bytes', 'peer://bytes', { mimeType: 'application/octet-stream' }, (uri) => ({ contents: [{ uri: uri.href, blob: bytes }] }));
    const shelf = new ResourceTemplate('peer://{shelf}/{name}', {
        list: undefined,
        complete: { shelf: (value) => ['upper', 'lower'].filter((name) => name.startsWith(value)) },
    });
    server.registerResource('shelf', shelf, {}, (uri, { shelf, name }) => ({ contents: [{ uri: uri.href, text: `${name} on ${shelf}` }] }));

    const style = completable(z.string(), (value) => ['short', 'long', 'shy'].filter((name) => name.startsWith(value)));
    const name = completable(z.string(), (_, context) => (context?.arguments?.style === 'shy' ? ['anonymous'] : ['Ada']));
    server.registerPrompt('greet', { description: 'Greets', argsSchema: { name, style } }, ({ name, style }) => ({
        messages: [
            { role: 'user', content: { type: 'text', text: `${style}: ${name}` } },
            { role: 'assistant', content: { type: 'image', data: bytes, mimeType: 'image/png' } },
            { role: 'user', content: { type: 'resource', resource: { uri: 'peer://greeting', text: 'embedded' } } },
        ],
    }));

    server.registerPrompt('introduce', { description: 'Asks for an introduction' }, () => ({
        messages: [{ role: 'user', content: { type: 'text', text: 'Introduce yourself.' } }],
    }));
}
