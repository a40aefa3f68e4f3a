using System.Diagnostics.CodeAnalysis;
using OnlyMcp.Protocol.Schema;

namespace OnlyMcp.Server;

/// <summary>What a user has made of a form: filled it in, said no, or turned away.</summary>
/// <typeparam name="T">What the form asks for.</typeparam>
/// <remarks>Spec: 2026-07-28 client/elicitation §Response Actions</remarks>
public sealed record Elicited<T>
{
    /// <summary>What the user did.</summary>
    public required ElicitAction Action { get; init; }

    /// <summary>What was filled in, held against the schema of the form; null unless the user accepted.</summary>
    public T? Value { get; init; }

    /// <summary>Whether there is a value.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool IsAccepted => Action == ElicitAction.Accept;
}
