// The tasks of the TypeScript SDK's version 2: a package of their own, which speaks both forms.
import { createApplicationInputHandler, createTaskSessionFromClient } from '@modelcontextprotocol/ext-tasks/client';
import { z } from 'zod';
import { answers } from './conversation.mjs';
import { describe } from './tasks.mjs';

/** What follows tasks for tasks.mjs. */
export async function driverOf(client, transport, capabilities) {
    const session = createTaskSessionFromClient(client, {
        endpointId: 'onlymcp',
        onInputRequest: createApplicationInputHandler({
            elicitation: ({ params }) => answers.elicit({ method: 'elicitation/create', params }),
            sampling: ({ params }) => answers.sample({ method: 'sampling/createMessage', params }),
            roots: () => answers.roots({ method: 'roots/list' }),
        }),
        ...(client.getProtocolEra() === 'modern' ? rawPath(client, transport, capabilities) : {}),
    });
    // The package waits for questions of 2025-11-25, and does not ask for the result, on whose stream they come: its host has to.
    const heard = new Set();
    const hear = (taskId) => {
        if (client.getProtocolEra() === 'modern' || heard.has(taskId)) return;
        heard.add(taskId);
        client.request({ method: 'tasks/result', params: { taskId } }, z.looseObject({})).catch(() => {});
    };
    const follow = async (execution, onTask) => {
        const { outcome } = await execution.settle({
            onEvent: async ({ task }) => {
                if (task?.status === 'input_required') hear(task.taskId);
                if (task) await onTask?.(task, () => execution.cancel());
            },
        });
        if (outcome.status === 'completed') return { result: outcome.result };
        return outcome.status === 'cancelled' ? { cancelled: true } : { error: describe(outcome.error) };
    };

    return {
        call: async (tool, onTask) => await follow(await session.callTool(tool, {}, { task: { preference: 'prefer' } }), onTask),
        async begin(tool) {
            const execution = await session.callTool(tool, {}, { task: { preference: 'prefer' } });
            let reference;
            await execution.handoff((made) => (reference = made));
            return JSON.parse(JSON.stringify(reference));
        },
        resume: async (reference) => await follow(await session.resumeTask(reference)),
        get: (taskId) => session.task(taskId).snapshot(),
        list: () => session.listTasks(),
    };
}

/** The SDK's client refuses what 2026-07-28 does not have of itself, so the package is given a way past it. */
function rawPath(client, transport, capabilities) {
    const waiting = new Map();
    let count = 0;
    const deliver = transport.onmessage;
    transport.onmessage = (message, extra) => {
        const settle = waiting.get(message.id);
        waiting.delete(message.id);
        if (settle) settle(message.error ? { kind: 'error', error: message.error } : { kind: 'result', result: message.result });
        else deliver(message, extra);
    };
    return {
        rawDispatch: ({ method, params }, { signal, context } = {}) =>
            new Promise((resolve, reject) => {
                const id = `task-${++count}`;
                waiting.set(id, resolve);
                transport.send({ jsonrpc: '2.0', id, method, params }, { headers: context?.headers, requestSignal: signal }).catch(reject);
            }),
        v2RequestFraming: {
            protocolVersion: client.getNegotiatedProtocolVersion(),
            clientInfo: { name: 'ts-client-v2', version: '1.0.0' },
            clientCapabilities: capabilities,
        },
    };
}
