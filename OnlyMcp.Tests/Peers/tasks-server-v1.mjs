// Tools of the TypeScript SDK's version 1 that are tasks of 2025-11-25.
import { InMemoryTaskMessageQueue, InMemoryTaskStore } from '@modelcontextprotocol/sdk/experimental/tasks';
import { ElicitResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';

const text = (value) => ({ content: [{ type: 'text', text: String(value) }] });
const form = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };
const waiting = [];
let gone = 0;

/** What the server's constructor is given for tasks. */
export const taskOptions = { taskStore: new InMemoryTaskStore(), taskMessageQueue: new InMemoryTaskMessageQueue() };
export const taskCapability = { list: {}, cancel: {}, requests: { tools: { call: {} } } };

/** Registers a tool for each way in which a task can go on and end. */
export function addTasks(server) {
    const addTask = (name, description, work, taskSupport = 'required') =>
        server.experimental.tasks.registerToolTask(
            name,
            { description, inputSchema: z.object({}), execution: { taskSupport } },
            {
                async createTask(_, { taskStore, taskRequestedTtl, sendRequest, _meta }) {
                    const task = await taskStore.createTask({ ttl: taskRequestedTtl ?? 60_000, pollInterval: 50 });
                    const context = {
                        say: (message) => taskStore.updateTaskStatus(task.taskId, 'working', message),
                        progress: (progress) => tellProgress(server, _meta?.progressToken, progress),
                        ask: (params) => sendRequest({ method: 'elicitation/create', params }, ElicitResultSchema, { relatedTask: { taskId: task.taskId } }),
                    };
                    work(context)
                        .then((result) => taskStore.storeTaskResult(task.taskId, result.isError ? 'failed' : 'completed', result))
                        .catch((error) => taskStore.updateTaskStatus(task.taskId, 'failed', error.message))
                        .catch(() => {}); // It was cancelled.
                    return { task };
                },
                getTask: (_, { taskId, taskStore }) => taskStore.getTask(taskId),
                getTaskResult: (_, { taskId, taskStore }) => taskStore.getTaskResult(taskId),
            },
        );

    addTask('job', 'Says how far it is, and ends when it is let go', async ({ say, progress }) => {
        await say('half');
        await progress(1);
        if (gone > 0) gone--;
        else await new Promise((resolve) => waiting.push(resolve));
        return text('done');
    });
    server.registerTool('go', { description: 'Lets a job go' }, () => {
        if (waiting.length > 0) waiting.shift()();
        else gone++;
        return text('gone');
    });
    addTask('job-optional', 'May be a task', async () => text('done'), 'optional');
    addTask('job-fails', 'Fails', async () => ({ ...text('This tool always fails.'), isError: true }));
    addTask('job-breaks', 'Ends without a result', async () => {
        throw new Error('This tool always breaks.');
    });
    addTask('job-waits', 'Waits until it is cancelled', () => new Promise(() => {}));
    addTask('job-asks', 'Asks the user for a name', async ({ ask, say }) => {
        const answer = await ask({ message: 'Who are you?', requestedSchema: form });
        await say('asked');
        return text(`Hello, ${answer.content?.name}`);
    });
    server.registerTool('asks-for-a-task', { description: 'Asks the user, and wishes for a task although the client has none' }, async () => {
        const answer = await server.server.request(
            { method: 'elicitation/create', params: { message: 'Who are you?', requestedSchema: form, task: { ttl: 60_000 } } },
            z.looseObject({}),
        );
        return text(JSON.stringify(answer));
    });
}

/** By itself: the call that it belongs to has its answer. */
async function tellProgress(server, progressToken, progress) {
    if (progressToken === undefined) return;
    await server.server.notification({ method: 'notifications/progress', params: { progressToken, progress, total: 2, message: `step ${progress}` } });
}
