using System.Globalization;
using System.Text;
using Freshet.Core.Bencoding;

namespace Freshet.Fuzz;

/// <summary>
/// Changes bencoded input so that it stays bencoded: swaps, duplicates, drops and replaces whole values, and edits strings while
/// keeping their lengths right. Without it nearly all mutations end at the first check.
/// </summary>
internal sealed class BencodeMutator(Random random, IReadOnlyList<byte[]> pool)
{
    private static readonly string[] Strings =
    [
        "", ".", "..", "a", "A", "a.1", "a/b", "..\\x", "CON", "nul.txt", "\0", "\u001B[2J", "x. ", "é", "e\u0301", "\u202Egpj",
        "http://x/", "udp://y:1", "l", "p", "hx", "_____padding_file_1", "path", "path.utf-8", "length", "attr", "symlink path",
        "name.utf-8", "files", "pieces", "url-list", "announce-list",
    ];

    private static readonly long[] Integers =
        [0, 1, -1, 2, 5, 16384, 65536, int.MaxValue, (long)int.MaxValue + 1, long.MaxValue, long.MinValue];

    /// <summary>Returns the input with one value changed, or unchanged if it is not bencoded.</summary>
    public byte[] Mutate(byte[] input)
    {
        if (!BencodeDocument.TryParse(input, BencodeOptions.Tolerant, out BencodeDocument? document, out _))
            return input;
        BencodeValue value = Any(document);
        ReadOnlyMemory<byte> raw = value.Raw;
        byte[] replacement = random.Next(6) switch
        {
            0 => [],
            1 => [.. raw.Span, .. raw.Span],
            2 => [.. raw.Span, .. AnyOf(Other()).Span],
            3 => AnyOf(Other()).ToArray(),
            4 => [.. AnyOf(input).Span],
            _ => Edit(value),
        };
        return [.. input.AsSpan(0, value.Start), .. replacement, .. input.AsSpan(value.Start + raw.Length)];
    }

    private byte[] Edit(BencodeValue value)
    {
        if (value.Kind == BencodeKind.Integer)
            return BencodeWriter.Write(writer => writer.WriteInteger(Integers[random.Next(Integers.Length)]));
        byte[] text = value.TryGetString(out ReadOnlyMemory<byte> bytes) && random.Next(2) == 0
            ? bytes.ToArray()
            : Encoding.UTF8.GetBytes(Strings[random.Next(Strings.Length)]);
        if (text.Length > 0 && random.Next(3) == 0)
            text[random.Next(text.Length)] = (byte)random.Next(256);
        if (random.Next(16) == 0)
            text = [.. Enumerable.Repeat(text, random.Next(1, 400)).SelectMany(part => part)];
        return [.. Encoding.ASCII.GetBytes(text.Length.ToString(CultureInfo.InvariantCulture)), (byte)':', .. text];
    }

    private byte[] Other() => pool[random.Next(pool.Count)];

    private ReadOnlyMemory<byte> AnyOf(byte[] input) =>
        BencodeDocument.TryParse(input, BencodeOptions.Tolerant, out BencodeDocument? document, out _)
            ? Any(document).Raw
            : "le"u8.ToArray();

    /// <summary>Walks down from the root and stops at a random place.</summary>
    private BencodeValue Any(BencodeDocument document)
    {
        BencodeValue value = document.Root;
        while (random.Next(5) > 0)
        {
            var inside = new List<BencodeValue>();
            foreach (BencodeValue item in value.Items)
                inside.Add(item);
            foreach (BencodeEntry entry in value.Entries)
                inside.Add(entry.Value);
            if (inside.Count == 0)
                return value;
            value = inside[random.Next(inside.Count)];
        }

        return value;
    }
}
