using OnlyMcp.Server.Tools.Binding;

namespace OnlyMcp.Tests.Tools;

public sealed class ToolSignatureTests
{
    private delegate void ByReference(ref int n);
    private delegate void OnStack(ReadOnlySpan<char> text);
    private unsafe delegate void AtAddress(int* n);

    private static IEnumerable<TestCaseData> Refused()
    {
        yield return Case((ByReference)((ref n) => { }), "*'n' (Int32&) bound: arguments are read, never written back: take it by value.");
        yield return Case((OnStack)(text => { }), "*it can live on the stack only: take a string or an array.");
        yield return Case(Pointer(), "*JSON has no pointers: take a value.");
        yield return Case((Action callback) => { }, "*JSON has no functions: inject it as a service.");
        yield return Case((Type type) => { }, "*take its name as a string or an enum.");
        yield return Case((Stream stream) => { }, "*take a string or byte*");
        yield return Case(((int A, int B) pair) => { }, "*declare a record.");
        yield return Case((IDisposable service) => { }, "*if it is a service, inject it.");
        yield return Case((int n, int N) => { }, "*several parameters named 'n' but for case*");
        yield return Case((Action)(async () => await Task.Yield()), "*is async void*return Task.");
    }

    [TestCaseSource(nameof(Refused))]
    public void A_signature_that_no_tool_can_have_is_refused_at_registration_with_what_to_do(Delegate tool, string message)
    {
        var registering = () => ToolSignature<CallContext>.Of(tool);

        registering.Should().Throw<ArgumentException>().WithMessage(message);
    }

    [Test]
    public void An_instance_method_needs_its_object()
    {
        var registering = () => ToolSignature<CallContext>.Of(typeof(string).GetMethod(nameof(string.Trim), [])!, null);

        registering.Should().Throw<ArgumentException>().WithMessage("*give the object to call it on*");
    }

    private static unsafe Delegate Pointer() => (AtAddress)(n => { });

    private static TestCaseData Case(Delegate tool, string message) => new TestCaseData(tool, message).SetArgDisplayNames(message);
}
