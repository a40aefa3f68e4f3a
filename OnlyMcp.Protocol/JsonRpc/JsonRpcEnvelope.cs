using System.Text;
using System.Text.Json;

namespace OnlyMcp.Protocol.JsonRpc;

/// <summary>The members of a message while it is being read, and the first thing that is wrong with them.</summary>
/// <remarks>
/// A fault does not stop the reading: the id may stand behind it, and an answer with the id is worth more to the sender.
/// </remarks>
internal struct JsonRpcEnvelope(ReadOnlyMemory<byte> utf8)
{
    private static readonly string[] Keys = ["jsonrpc", "id", "method", "params", "result", "error"];

    private string? fault;
    private Member seen;
    private RequestId? id;
    private bool idIsNull;
    private string? method;
    private ReadOnlyMemory<byte> parameters;
    private ReadOnlyMemory<byte> meta;
    private ReadOnlyMemory<byte> result;
    private JsonRpcError? error;

    [Flags]
    private enum Member
    {
        None = 0,
        JsonRpc = 1,
        Id = 2,
        Method = 4,
        Params = 8,
        Result = 16,
        Error = 32,
    }

    /// <summary>Notes what is wrong; the first fault is the one that is told.</summary>
    internal void Fault(string what) => fault ??= what;

    /// <summary>Reads one member of the envelope, from its name to its value's last token.</summary>
    internal void ReadMember(ref Utf8JsonReader reader)
    {
        var member = MemberAt(ref reader);
        if ((seen & member) != 0)
            Fault($"The member '{reader.GetString()}' stands twice.");

        seen |= member;
        reader.Read();
        switch (member)
        {
            case Member.JsonRpc:
                ReadVersion(ref reader);
                break;
            case Member.Id:
                ReadId(ref reader);
                break;
            case Member.Method:
                ReadMethod(ref reader);
                break;
            case Member.Params:
                ReadParams(ref reader);
                break;
            case Member.Result:
                result = ReadObject(ref reader, "result");
                break;
            case Member.Error:
                ReadError(ref reader);
                break;
            default:
                JsonRpcReader.Pass(ref reader);
                break;
        }
    }

    /// <summary>The message that the members make, or the fault they have.</summary>
    internal readonly JsonRpcMessage ToMessage()
    {
        var wrong = fault ?? WhatIsWrong();
        if (wrong is not null)
            throw Malformed(wrong);

        if (error is not null)
            return new JsonRpcErrorResponse(id, error);
        if ((seen & Member.Result) != 0)
            return new JsonRpcResultResponse(id!.Value, new JsonBody(result));
        if (id is { } request)
            return new JsonRpcRequest(request, method!, new JsonBody(parameters)) { Meta = meta };
        return new JsonRpcNotification(method!, new JsonBody(parameters)) { Meta = meta };
    }

    /// <summary>What is thrown for a message that has this fault.</summary>
    internal readonly MalformedMessageException Malformed(string wrong) => new(ErrorCode.InvalidRequest, wrong, id)
    {
        IsResponse = (seen & Member.Method) == 0 && (seen & (Member.Result | Member.Error)) != 0,
    };

    private readonly string? WhatIsWrong()
    {
        var kind = seen & (Member.Method | Member.Result | Member.Error);
        if ((seen & Member.JsonRpc) == 0)
            return "The member 'jsonrpc' is missing; it must be \"2.0\".";
        if (kind == Member.None)
            return "A message has a 'method' (a request or notification), a 'result' or an 'error' (a response); this one has none of them.";

        // MUST: a response has either a result or an error, and a request has neither.
        if (kind is not (Member.Method or Member.Result or Member.Error))
            return "A message has exactly one of 'method', 'result' and 'error'; this one has more.";
        if (kind == Member.Result && id is null)
            return "A result response must carry the 'id' of the request that it answers.";

        // MUST: the id of a request is never null. An error response may lack one, and some peers write null for that.
        if (kind == Member.Method && idIsNull)
            return "The 'id' of a request must not be null; a notification has no 'id' at all.";
        return null;
    }

    private Member MemberAt(ref Utf8JsonReader reader)
    {
        JsonRpcReader.RefuseHalfSurrogates(ref reader);
        if (reader.ValueTextEquals("jsonrpc"u8))
            return Member.JsonRpc;
        if (reader.ValueTextEquals("id"u8))
            return Member.Id;
        if (reader.ValueTextEquals("method"u8))
            return Member.Method;
        if (reader.ValueTextEquals("params"u8))
            return Member.Params;
        if (reader.ValueTextEquals("result"u8))
            return Member.Result;
        if (reader.ValueTextEquals("error"u8))
            return Member.Error;

        RefuseLookalike(ref reader);
        return Member.None;
    }

    private void RefuseLookalike(ref Utf8JsonReader reader)
    {
        var name = reader.GetString();
        foreach (var key in Keys)
        {
            // Choice: nothing forbids a member 'Method', but a reader that ignores case would take it for 'method'.
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
                Fault($"The member '{name}' must be written '{key}'.");
        }
    }

    private void ReadVersion(ref Utf8JsonReader reader)
    {
        // MUST: all messages follow JSON-RPC 2.0.
        JsonRpcReader.RefuseHalfSurrogates(ref reader);
        if (reader.TokenType != JsonTokenType.String || !reader.ValueTextEquals("2.0"u8))
            Fault("The member 'jsonrpc' must be \"2.0\".");
        JsonRpcReader.Pass(ref reader);
    }

    private void ReadId(ref Utf8JsonReader reader)
    {
        JsonRpcReader.RefuseHalfSurrogates(ref reader);
        if (RequestId.TryRead(ref reader, out var read))
        {
            id = read;
            return;
        }

        if (reader.TokenType == JsonTokenType.Null)
            idIsNull = true;
        else
            Fault("The 'id' must be a string or a whole number of at most 64 bits.");
        JsonRpcReader.Pass(ref reader);
    }

    private void ReadMethod(ref Utf8JsonReader reader)
    {
        JsonRpcReader.RefuseHalfSurrogates(ref reader);
        if (reader.TokenType == JsonTokenType.String)
            method = Methods.Read(ref reader);
        else
            Fault("The 'method' must be a string.");
        JsonRpcReader.Pass(ref reader);
    }

    private void ReadParams(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            Fault("The 'params' must be an object.");
            JsonRpcReader.Pass(ref reader);
            return;
        }

        var start = (int)reader.TokenStartIndex;
        var metaSeen = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            JsonRpcReader.RefuseHalfSurrogates(ref reader);
            var isMeta = reader.ValueTextEquals("_meta"u8);
            reader.Read();
            var from = (int)reader.TokenStartIndex;
            JsonRpcReader.Pass(ref reader);
            if (!isMeta)
                continue;

            if (metaSeen)
                Fault("The member 'params._meta' stands twice.");
            metaSeen = true;
            meta = utf8[from..(int)reader.BytesConsumed];
        }

        parameters = utf8[start..(int)reader.BytesConsumed];
    }

    private ReadOnlyMemory<byte> ReadObject(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            Fault($"The '{name}' must be an object.");

        var start = (int)reader.TokenStartIndex;
        JsonRpcReader.Pass(ref reader);
        return utf8[start..(int)reader.BytesConsumed];
    }

    private void ReadError(ref Utf8JsonReader reader)
    {
        error = new JsonRpcError(ErrorCode.InternalError, "");
        var body = ReadObject(ref reader, "error");
        if (fault is not null)
            return;

        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;

        // MUST: an error has an integer code and a message.
        if (!root.TryGetProperty("code", out var code) || code.ValueKind != JsonValueKind.Number || !code.TryGetInt32(out var number))
            Fault("The 'error.code' must be an integer.");
        else if (!root.TryGetProperty("message", out var message) || message.ValueKind != JsonValueKind.String)
            Fault("The 'error.message' must be a string.");
        else
            error = new JsonRpcError(number, message.GetString()!, Data(root));
    }

    private static JsonBody Data(JsonElement error) =>
        error.TryGetProperty("data", out var data) ? new JsonBody(Encoding.UTF8.GetBytes(data.GetRawText())) : default;
}
