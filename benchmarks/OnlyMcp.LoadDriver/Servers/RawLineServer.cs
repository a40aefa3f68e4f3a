namespace OnlyMcp.LoadDriver.Servers;

/// <summary>The floor: reads whatever is there, and writes as many answers, given beforehand, as there were lines in it.</summary>
internal static class RawLineServer
{
    public static async Task ServeAsync(SideChannel channel)
    {
        await channel.SendAsync("ready");
        var answer = Convert.FromBase64String(await channel.ReceiveAsync());
        await channel.SendAsync("ready");
        var loop = Task.Factory.StartNew(() => Loop(answer), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await await Task.WhenAny(loop, channel.AnswerAsync());
    }

    public static void Loop(byte[] answer)
    {
        using var input = Console.OpenStandardInput();
        using var output = Console.OpenStandardOutput();
        var read = new byte[64 * 1024];
        var written = new byte[64 * answer.Length];
        for (var i = 0; i < 64; i++)
            answer.CopyTo(written, i * answer.Length);

        int length;
        while ((length = input.Read(read)) > 0)
        {
            for (var lines = read.AsSpan(0, length).Count((byte)'\n'); lines > 0; lines -= 64)
                output.Write(written, 0, Math.Min(lines, 64) * answer.Length);
        }
    }
}
