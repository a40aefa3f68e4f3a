using System.Globalization;
using System.Text;

namespace OnlyMcp.LoadDriver.Load;

/// <summary>A call that carries another number each time, and the answer that must come, with that number wherever it belongs.</summary>
internal sealed class NumberedCall
{
    /// <summary>The number in what a call is made of. All have as many digits, so that no length changes.</summary>
    public const int Template = 10_000_000;

    /// <summary>How many numbers there are from the template on that have as many digits.</summary>
    public const int Numbers = 90_000_000;

    private const int Digits = 8;

    private readonly byte[] request;
    private readonly byte[] answer;
    private readonly int[] placesInRequest;
    private readonly int[] placesInAnswer;

    public NumberedCall(byte[] request, byte[] answer)
    {
        this.request = [.. request];
        this.answer = [.. answer];
        placesInRequest = PlacesIn(request);
        placesInAnswer = PlacesIn(answer);
    }

    /// <summary>The call with the number in it; valid until the next one.</summary>
    public ReadOnlySpan<byte> With(int number) => Bytes(number);

    /// <inheritdoc cref="With"/>
    public byte[] Bytes(int number)
    {
        Put(number, request, placesInRequest);
        return request;
    }

    /// <summary>Takes the number out of an answer; false if anything in it is not as it should be.</summary>
    public bool TryRead(ReadOnlySpan<byte> received, out int number)
    {
        number = 0;
        if (received.Length != answer.Length
            || !int.TryParse(received.Slice(placesInAnswer[0], Digits), CultureInfo.InvariantCulture, out number))
        {
            return false;
        }

        Put(number, answer, placesInAnswer);
        return received.SequenceEqual(answer);
    }

    private static void Put(int number, Span<byte> text, int[] places)
    {
        foreach (var place in places)
            number.TryFormat(text[place..], out _, default, CultureInfo.InvariantCulture);
    }

    private static int[] PlacesIn(ReadOnlySpan<byte> text)
    {
        var digits = Encoding.ASCII.GetBytes(Template.ToString(CultureInfo.InvariantCulture));
        var places = new List<int>();
        for (var at = 0; text[at..].IndexOf(digits) is >= 0 and var next; at += next + Digits)
            places.Add(at + next);
        return [.. places];
    }
}
