// The tasks of the TypeScript SDK's version 1: those of 2025-11-25, wished for call by call.
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe } from './tasks.mjs';

/** What follows tasks for tasks.mjs. */
export function driverOf(client) {
    const tasks = client.experimental.tasks;

    // Tools that need not be tasks become some at the client's wish alone.
    const stream = (name) => tasks.callToolStream({ name, arguments: {} }, CallToolResultSchema, { task: wishes.has(name) ? { ttl: 60_000 } : undefined });
    const wishes = new Set(['job', 'required', 'late', 'fail', 'break', 'ask', 'several', 'wait']);

    return {
        async call(tool, onTask) {
            let task;
            for await (const message of stream(tool)) {
                if (message.task) {
                    task = message.task;
                    await onTask(task, () => tasks.cancelTask(task.taskId));
                }
                if (message.type === 'result') return { result: message.result };
                if (message.type === 'error') return task?.status === 'cancelled' ? { cancelled: true } : { error: describe(message.error) };
            }
        },
        async begin(tool) {
            for await (const message of stream(tool)) if (message.task) return message.task.taskId;
        },
        resume: async (taskId) => ({ result: await tasks.getTaskResult(taskId, CallToolResultSchema) }),
        get: (taskId) => tasks.getTask(taskId),
        list: () => tasks.listTasks(),
    };
}
