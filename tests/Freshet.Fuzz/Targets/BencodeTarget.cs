using System.Buffers;
using System.Text;
using Freshet.Core.Bencoding;

namespace Freshet.Fuzz.Targets;

/// <summary>
/// Bencoding: the tolerant reader reads strictly correct input in the same way, and it is written back byte for byte; reader and
/// document never disagree.
/// </summary>
internal sealed class BencodeTarget : IFuzzTarget
{
    private const int Small = 256;
    private const int Many = 64;

    public static readonly IReadOnlyList<byte[]> BencodeWords = [.. new[]
    {
        "i", "e", "l", "d", "le", "de", "0:", "1:a", "i0e", "i-1e", "d1:a", "ll", "1:", ":", "e1:z", "i9223372036854775807e",
    }.Select(Encoding.ASCII.GetBytes)];

    public string Name => "bencode";

    public bool IsBencoded => true;

    public IReadOnlyList<byte[]> Words => BencodeWords;

    public IEnumerable<byte[]> Seeds =>
    [
        "i0e"u8.ToArray(),
        "4:spam"u8.ToArray(),
        "i-9223372036854775808e"u8.ToArray(),
        "d3:cow3:moo4:spaml1:ad1:xi1eelee4:zzzzd0:0:ee"u8.ToArray(),
        "d8:completei1e10:incompletei2e8:intervali1800e5:peers12:abcdefghijkle"u8.ToArray(),
    ];

    /// <summary>Every small value is parsed once more by itself, with eight bytes a token and room to grow.</summary>
    public long AllocationLimit(int inputLength) => (1L << 20) + (16L * Small * inputLength);

    public void Run(ReadOnlySpan<byte> input)
    {
        byte[] bytes = input.ToArray();
        bool strict = BencodeDocument.TryParse(bytes, BencodeOptions.Strict, out _, out BencodeError strictError);
        bool tolerant = BencodeDocument.TryParse(bytes, BencodeOptions.Tolerant, out BencodeDocument? document, out _);
        FuzzException.Require(strict == (strictError.Kind == BencodeErrorKind.None), "every error must be reported, and nothing else");
        FuzzException.Require(strictError.Offset >= 0 && strictError.Offset <= input.Length, "the offset of an error must lie in the data");
        FuzzException.Require(
            strict == (tolerant && document!.Deviation.Kind == BencodeErrorKind.None),
            "the strict reader must accept exactly what the tolerant one accepts without a deviation");
        if (document is null)
            return;
        FuzzException.Require(document.Root.Raw.Length == bytes.Length, "the value must span all of the data");
        Visit(document);
        if (strict)
            FuzzException.Require(Rewrite(input).AsSpan().SequenceEqual(input), "canonical input must be written back unchanged");
    }

    /// <summary>Visits every value, with an explicit stack.</summary>
    private static void Visit(BencodeDocument document)
    {
        var open = new Stack<BencodeValue>([document.Root]);
        while (open.TryPop(out BencodeValue value))
        {
            ReadOnlyMemory<byte> raw = value.Raw;
            FuzzException.Require(value.TryGetInteger(out _) == (raw.Span[0] == 'i'), "an integer must begin with i");
            if (raw.Length <= Small)
            {
                bool whole = BencodeDocument.TryParse(raw, BencodeOptions.Tolerant, out BencodeDocument? alone, out _);
                FuzzException.Require(whole && alone!.Root.Kind == value.Kind, "a value's raw bytes must be that value");
            }

            if (open.Count > Many)
                continue;
            int budget = Many;
            foreach (BencodeValue item in value.Items)
            {
                if (budget-- > 0)
                    open.Push(item);
            }

            foreach (BencodeEntry entry in value.Entries)
            {
                if (budget-- <= 0)
                    break;
                FuzzException.Require(!value[entry.Key].IsMissing, "a key that exists must be found");
                open.Push(entry.Value);
            }
        }
    }

    private static byte[] Rewrite(ReadOnlySpan<byte> input)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new BencodeWriter(output);
        var reader = new BencodeReader(input);
        while (reader.Read())
        {
            switch (reader.Token)
            {
                case BencodeToken.Integer:
                    writer.WriteInteger(reader.Integer);
                    break;
                case BencodeToken.String when reader.IsKey:
                    writer.WriteKey(reader.String);
                    break;
                case BencodeToken.String:
                    writer.WriteString(reader.String);
                    break;
                case BencodeToken.List:
                    writer.WriteListStart();
                    break;
                case BencodeToken.Dictionary:
                    writer.WriteDictionaryStart();
                    break;
                case BencodeToken.End:
                    writer.WriteEnd();
                    break;
            }
        }

        FuzzException.Require(writer.IsComplete, "the reader must return whole values");
        return output.WrittenSpan.ToArray();
    }
}
