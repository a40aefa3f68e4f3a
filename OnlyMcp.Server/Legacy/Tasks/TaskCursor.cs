using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Tasks;

namespace OnlyMcp.Server.Legacy.Tasks;

/// <summary>Where a page of the list of tasks ended: the last task on it, by age and by name.</summary>
/// <remarks>
/// The check at its end tells a cursor of this owner from anything else; it is no secret, since a forged one shows nothing but what is the
/// owner's own.
/// Spec: 2025-11-25 basic/utilities/tasks §Task Listing
/// </remarks>
internal static class TaskCursor
{
    private const int TimeBytes = 8;
    private const int CheckBytes = 8;
    private const int MaxLength = 400;

    /// <summary>The cursor that goes on behind a task.</summary>
    public static string After(StoredTask task, string owner)
    {
        var name = Encoding.UTF8.GetBytes(task.TaskId);
        var bytes = new byte[TimeBytes + name.Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, task.CreatedAt.UtcTicks);
        name.CopyTo(bytes, TimeBytes);
        return Base64Url.EncodeToString([.. bytes, .. CheckOf(bytes, owner)]);
    }

    /// <summary>Reads a cursor; null if it is none of this owner's.</summary>
    public static TaskPlace? Parse(string text, string owner)
    {
        if (text.Length > MaxLength || !Base64Url.IsValid(text))
            return null;

        var bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length <= TimeBytes + CheckBytes)
            return null;

        var (place, check) = (bytes[..^CheckBytes], bytes[^CheckBytes..]);
        if (!check.AsSpan().SequenceEqual(CheckOf(place, owner)))
            return null;

        var createdAt = new DateTimeOffset(BinaryPrimitives.ReadInt64BigEndian(place), TimeSpan.Zero);
        return new TaskPlace(createdAt, Encoding.UTF8.GetString(place.AsSpan(TimeBytes)));
    }

    private static byte[] CheckOf(byte[] place, string owner) =>
        SHA256.HashData([.. Encoding.UTF8.GetBytes($"{Methods.TasksList} {owner} "), .. place])[..CheckBytes];
}
