// A tour of the tools that become tasks, whichever SDK follows them: one entry in the report for each.

/**
 * Calls every tool; what fails is reported as { error }. A driver has
 *   call(tool, onTask)   follows a call to its end; onTask(task, cancel) is told of each state: { result } | { error } | { cancelled }
 *   begin(tool)          the reference of a task that runs on while nobody follows it
 *   resume(reference)    follows it to its end
 *   get(taskId), list()
 * and another() makes one with a connection of its own.
 */
export async function taskTour(client, driver, another, { asked, received }) {
    const report = {};
    const attempt = async (name, run) => {
        asked.length = received.length = 0;
        const tasks = [];
        const outcome = await within(name, run(tasks)).catch((error) => ({ error: describe(error) }));
        report[name] = { ...outcome, tasks, asked: [...asked], received: [...received] };
    };
    const call = (tool, onTask) => (tasks) =>
        driver.call(tool, (task, cancel) => {
            tasks.push(task);
            return onTask?.(task, cancel);
        });
    const go = once(() => client.callTool({ name: 'go', arguments: {} }));

    await attempt('tools', async () => ({ result: await client.listTools() }));
    await attempt('job', call('job', (task) => task.statusMessage === 'half' && go('job')));
    for (const tool of ['required', 'quick', 'plain', 'fail', 'break', 'ask', 'several']) await attempt(tool, call(tool));
    await attempt('late', call('late', () => go('late')));
    await attempt('wait', call('wait', once((task, cancel) => cancel())));
    await attempt('cancelled', async () => ({ result: await client.callTool({ name: 'cancelled', arguments: {} }) }));
    await attempt('unknown', async () => ({ result: await driver.get('no-such-task') }));
    await attempt('list', async () => ({ result: await driver.list() }));
    await attempt('resumed', async () => {
        const reference = await driver.begin('job');
        const other = await another();
        await client.callTool({ name: 'go', arguments: {} });
        return await other.resume(reference);
    });
    return report;
}

/** Runs at the first call alone (of each name, where there are names). */
function once(run) {
    const done = new Set();
    return (name, ...rest) => {
        const key = typeof name === 'string' ? name : '';
        if (done.has(key)) return undefined;
        done.add(key);
        return run(name, ...rest);
    };
}

export function describe(error) {
    return { name: error.name, code: error.code, message: error.message, data: error.data };
}

function within(name, promise) {
    let timer;
    const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`'${name}' took too long`)), 20_000)));
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
