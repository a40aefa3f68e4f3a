using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Tasks.Sources;
using OnlyMcp.LoadDriver.Load;
using OnlyMcp.Protocol.Testing;

namespace OnlyMcp.LoadDriver.Clients;

/// <summary>
/// The floor: lines over our pipe in memory to a loop that sends back what it reads, and a loop that finds out whose each line is.
/// What it costs, every client and server on this pipe pay before they have done anything.
/// </summary>
internal sealed class PipeFloor : ICaller
{
    private const int Places = 1024;

    private readonly Stream near;
    private readonly Stream far;
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly Place[] places = [.. Enumerable.Range(0, Places).Select(_ => new Place())];

    public PipeFloor()
    {
        (near, far) = InMemoryPipe.Create();
        _ = EchoAsync();
        _ = ReadAsync();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask CallAsync(int place, int number)
    {
        var answer = places[place].Expect(number);
        await turn.WaitAsync();
        try
        {
            await near.WriteAsync(places[place].Line(number));
        }
        finally
        {
            turn.Release();
        }

        await answer;
    }

    public async ValueTask DisposeAsync()
    {
        await near.DisposeAsync();
        await far.DisposeAsync();
        turn.Dispose();
    }

    private async Task EchoAsync()
    {
        var buffer = new byte[16 * 1024];
        int count;
        while ((count = await far.ReadAsync(buffer)) > 0)
            await far.WriteAsync(buffer.AsMemory(0, count));
    }

    private async Task ReadAsync()
    {
        var call = Place.NewCall();
        var buffer = new byte[64 * 1024];
        int filled = 0, count;
        while ((count = await near.ReadAsync(buffer.AsMemory(filled))) > 0)
        {
            filled += count;
            var from = 0;
            while (buffer.AsSpan(from..filled).IndexOf((byte)'\n') is >= 0 and var length)
            {
                Answered(call, buffer.AsSpan(from, length + 1));
                from += length + 1;
            }

            buffer.AsSpan(from..filled).CopyTo(buffer);
            filled -= from;
        }
    }

    private void Answered(NumberedCall call, ReadOnlySpan<byte> line)
    {
        if (!call.TryRead(line, out var number))
            throw new InvalidDataException($"A wrong answer: {Encoding.UTF8.GetString(line)}");
        places[CallerLoad.PlaceOf(number)].Answered(number);
    }

    /// <summary>One caller, who waits for one answer at a time.</summary>
    private sealed class Place : IValueTaskSource
    {
        private readonly NumberedCall call = NewCall();
        private ManualResetValueTaskSourceCore<bool> source = new() { RunContinuationsAsynchronously = true };
        private int expected;

        /// <summary>What is sent, and comes back as it is.</summary>
        public static NumberedCall NewCall()
        {
            var line = Encoding.UTF8.GetBytes(Messages.CallModern(Messages.Echo) + "\n");
            return new NumberedCall(line, line);
        }

        public ReadOnlyMemory<byte> Line(int number) => call.Bytes(number);

        public ValueTask Expect(int number)
        {
            source.Reset();
            expected = number;
            return new ValueTask(this, source.Version);
        }

        public void Answered(int number)
        {
            if (number == expected)
                source.SetResult(true);
            else
                source.SetException(new InvalidDataException($"The call {expected} was answered with {number}."));
        }

        public void GetResult(short token) => source.GetResult(token);

        public ValueTaskSourceStatus GetStatus(short token) => source.GetStatus(token);

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            source.OnCompleted(continuation, state, token, flags);
    }
}
