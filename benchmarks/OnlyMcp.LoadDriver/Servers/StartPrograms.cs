using OnlyMcp.Server;

namespace OnlyMcp.LoadDriver.Servers;

/// <summary>Servers over standard input and output with no line beside them: what they need to start is their own.</summary>
internal static class StartPrograms
{
    /// <param name="contender">Whose server.</param>
    /// <param name="answer">What the floor answers, in base 64; the others take no notice.</param>
    public static async Task RunAsync(string contender, string answer)
    {
        switch (contender)
        {
            case Contenders.Ours:
                await OurServer.Make().RunStdioAsync();
                break;
            case Contenders.Raw:
                RawLineServer.Loop(Convert.FromBase64String(answer));
                break;
            case Contenders.CSharp:
                await CSharpServer.RunStdioAsync(CSharpServer.Make());
                break;
        }
    }
}
