using OnlyMcp.Server.Tools.Binding;

namespace OnlyMcp.Tests.Tools;

public sealed class ToolCallStackTests
{
    [Test]
    public async Task A_compiled_call_puts_one_stub_between_InvokeAsync_and_the_method()
    {
        Delegate tool = async () => { string stack = Environment.StackTrace; await Task.Yield(); return stack.Split('\n'); };
        var invoker = new ToolInvoker<CallContext>(ToolSignature<CallContext>.Of(tool), BindingOptions.ForArguments(null), compiled: true);

        var frames = (string[])(await invoker.InvokeAsync(default, new CallContext("ann"), default))!;

        int invoke = Array.FindIndex(frames, f => f.Contains("ToolInvoker`1.InvokeAsync"));
        frames[invoke - 1].Should().Contain("CallTool(Closure");
        // Of an async method the compiler makes three frames: the method, the builder's Start, the state machine.
        frames[invoke - 2].Should().Contain(nameof(A_compiled_call_puts_one_stub_between_InvokeAsync_and_the_method)).And.NotContain("OnlyMcp.Server");
        frames[..invoke].Should().NotContain(f => f.Contains("OnlyMcp.Server"));
    }
}
