using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using OnlyMcp.Server.Tools.Binding;
using static OnlyMcp.Tests.Tools.Signatures;

namespace OnlyMcp.Tests.Tools;

[TestFixture(true)]
[TestFixture(false)]
public sealed class ToolInvokerTests(bool compiled)
{
    private sealed class Injected : IInjectedParameters<CallContext>
    {
        public bool TryResolve(ParameterInfo parameter, [NotNullWhen(true)] out Func<CallContext, CancellationToken, object?>? value)
        {
            value = parameter.ParameterType == typeof(CallContext) ? (context, _) => context : null;
            return value is not null;
        }
    }

    [Test]
    public async Task Every_kind_of_return_becomes_one_result()
    {
        (await Invoke(() => { })).Should().BeNull();
        (await Invoke(() => 5)).Should().Be(5);
        (await Invoke(() => "x")).Should().Be("x");
        (await Invoke(() => Task.CompletedTask)).Should().BeNull();
        (await Invoke(async Task () => await Task.Yield())).Should().BeNull();
        (await Invoke(Task () => Task.FromResult(5))).Should().BeNull();
        (await Invoke(async () => { await Task.Yield(); return 5; })).Should().Be(5);
        (await Invoke(() => ValueTask.CompletedTask)).Should().BeNull();
        (await Invoke(async ValueTask<int> () => { await Task.Yield(); return 5; })).Should().Be(5);
    }

    [Test]
    public async Task Injected_parameters_stand_anywhere_among_the_bound_ones()
    {
        using var source = new CancellationTokenSource();

        object? result = await Invoke(
            (CallContext context, int a, CancellationToken token, string b) => $"{context.User} {a} {b} {token == source.Token}",
            """{"b":"y","a":1}""", source.Token);

        result.Should().Be("ann 1 y True");
    }

    [Test]
    public async Task A_static_method_and_one_of_an_object_are_called()
    {
        MethodInfo shared = typeof(ToolInvokerTests).GetMethod(nameof(Twice))!;
        MethodInfo own = typeof(string).GetMethod(nameof(string.Contains), [typeof(char)])!;

        (await Invoke(ToolSignature<CallContext>.Of(shared, null), """{"n":4}""")).Should().Be(8);
        (await Invoke(ToolSignature<CallContext>.Of(own, "abc"), """{"value":"b"}""")).Should().Be(true);
    }

    [Test]
    public async Task A_delegate_over_an_extension_method_keeps_its_closed_argument() =>
        (await Invoke("ab".Repeated, """{"times":2}""")).Should().Be("abab");

    [Test]
    public async Task Exceptions_of_the_tool_come_out_as_they_are()
    {
        Func<Task> now = async () => await Invoke(() => Fail());
        Func<Task> later = async () => await Invoke(async Task<int> () => { await Task.Yield(); return Fail(); });

        (await now.Should().ThrowExactlyAsync<TimeoutException>()).Which.StackTrace.Should().Contain(nameof(Fail));
        (await later.Should().ThrowExactlyAsync<TimeoutException>()).Which.StackTrace.Should().Contain(nameof(Fail));
    }

    public static int Twice(int n) => 2 * n;

    private static int Fail() => throw new TimeoutException();

    private Task<object?> Invoke(Delegate tool, string arguments = "{}", CancellationToken token = default) =>
        Invoke(ToolSignature<CallContext>.Of(tool, new Injected()), arguments, token);

    private async Task<object?> Invoke(ToolSignature<CallContext> signature, string arguments, CancellationToken token = default)
    {
        var invoker = new ToolInvoker<CallContext>(signature, BindingOptions.ForArguments(null), compiled);
        return await invoker.InvokeAsync(Json(arguments), new CallContext("ann"), token);
    }
}

internal static class Repetition
{
    public static string Repeated(this string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
