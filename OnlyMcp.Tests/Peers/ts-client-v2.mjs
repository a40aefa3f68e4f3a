// The TypeScript SDK's version 2 as a client. See conversation.mjs for the arguments and the report.
// Without --revision it does what the SDK does by default: `initialize` with its newest legacy revision, no probe.
import { Client, SSEClientTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { answers, capabilities, converse, readArguments } from './conversation.mjs';
import { driverOf } from './tasks-v2.mjs';
import { change } from './tour.mjs';

const options = readArguments();

const client = newClient();
await converse(client, open(), options, () => client.getNegotiatedProtocolVersion(), {
    driver: (connected, transport) => driverOf(connected, transport, capabilities(options)),
    async another() {
        const [other, transport] = [newClient(), open()];
        await other.connect(transport);
        return await driverOf(other, transport, capabilities(options));
    },
});

function newClient() {
    const client = new Client(
        { name: 'ts-client-v2', version: '1.0.0' },
        { capabilities: capabilities(options), ...negotiation(options.revision) },
    );
    // The package that follows tasks hears the questions that no handler takes.
    if (!options.tasks) {
        client.setRequestHandler('elicitation/create', answers.elicit);
        client.setRequestHandler('sampling/createMessage', answers.sample);
        client.setRequestHandler('roots/list', answers.roots);
    }
    client.setNotificationHandler('notifications/message', answers.log);
    for (const news of ['resources/updated', 'tools/list_changed', 'prompts/list_changed', 'resources/list_changed'])
        client.setNotificationHandler(`notifications/${news}`, change);
    return client;
}

function negotiation(revision) {
    if (revision === undefined) return {};
    if (revision === 'auto') return { versionNegotiation: { mode: 'auto' } };
    if (revision >= '2026-07-28') return { versionNegotiation: { mode: { pin: revision } } };
    return { supportedProtocolVersions: [revision] };
}

function open() {
    const [first, ...rest] = options.target;
    if (options.transport === 'stdio') return new StdioClientTransport({ command: first, args: rest, env: process.env });
    if (options.transport === 'sse') return new SSEClientTransport(new URL(first));
    return new StreamableHTTPClientTransport(new URL(first));
}
