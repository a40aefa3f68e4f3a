using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>The schema "false", which nothing fits: JSON Schema 2020-12 Core §4.3.2.</summary>
internal sealed class NeverCheck(string path) : ValueCheck(path)
{
    public override bool Accepts(JsonElement instance, ref Evaluation evaluation) => false;

    public override string Noun(int patience) => "no value here";
}
