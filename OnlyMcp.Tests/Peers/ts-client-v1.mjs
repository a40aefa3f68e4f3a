// The TypeScript SDK's version 1 as a client. See conversation.mjs for the arguments and the report.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
    CreateMessageRequestSchema,
    ElicitRequestSchema,
    ListRootsRequestSchema,
    LoggingMessageNotificationSchema,
    PromptListChangedNotificationSchema,
    ResourceListChangedNotificationSchema,
    ResourceUpdatedNotificationSchema,
    ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { answers, capabilities, converse, readArguments } from './conversation.mjs';
import { driverOf } from './tasks-v1.mjs';
import { change } from './tour.mjs';

const options = readArguments();
let negotiated;

await converse(newClient(), pinned(open(), options.revision), options, () => negotiated, {
    driver: driverOf,
    async another() {
        const client = newClient();
        await client.connect(pinned(open(), options.revision));
        return driverOf(client);
    },
});

function newClient() {
    const client = new Client({ name: 'ts-client-v1', version: '1.0.0' }, { capabilities: capabilities(options) });
    client.isVersion1 = true;
    client.setRequestHandler(ElicitRequestSchema, answers.elicit);
    client.setRequestHandler(CreateMessageRequestSchema, answers.sample);
    client.setRequestHandler(ListRootsRequestSchema, answers.roots);
    client.setNotificationHandler(LoggingMessageNotificationSchema, answers.log);
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, change);
    client.setNotificationHandler(ToolListChangedNotificationSchema, change);
    client.setNotificationHandler(PromptListChangedNotificationSchema, change);
    client.setNotificationHandler(ResourceListChangedNotificationSchema, change);
    return client;
}

function open() {
    const [first, ...rest] = options.target;
    if (options.transport === 'stdio') return new StdioClientTransport({ command: first, args: rest, env: process.env });
    if (options.transport === 'sse') return new SSEClientTransport(new URL(first));
    return new StreamableHTTPClientTransport(new URL(first));
}

// This SDK offers its newest revision only; to stand for an older client, the offer is rewritten on its way out.
function pinned(transport, revision) {
    const send = transport.send.bind(transport);
    transport.send = (message, sendOptions) => {
        if (message.method === 'initialize' && revision) message.params.protocolVersion = revision;
        return send(message, sendOptions);
    };
    const setProtocolVersion = transport.setProtocolVersion?.bind(transport);
    transport.setProtocolVersion = (version) => {
        negotiated = version;
        setProtocolVersion?.(version);
    };
    return transport;
}
