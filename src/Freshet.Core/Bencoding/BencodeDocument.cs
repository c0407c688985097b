using System.Diagnostics.CodeAnalysis;

namespace Freshet.Core.Bencoding;

/// <summary>
/// Bencoded data, parsed once and checked whole. It keeps the bytes it was given and eight more a token; values are read from
/// the bytes when asked for. The bytes must not change while it is in use.
/// </summary>
internal sealed class BencodeDocument
{
    private readonly BencodeNode[] _nodes;

    private BencodeDocument(ReadOnlyMemory<byte> bytes, BencodeNode[] nodes)
    {
        Bytes = bytes;
        _nodes = nodes;
    }

    /// <summary>The raw data, trailing bytes included.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The outermost value.</summary>
    public BencodeValue Root => new(this, 0);

    /// <summary>Bytes of the outermost value; more follow only if trailing bytes were allowed.</summary>
    public int Length { get; private init; }

    /// <summary>The first departure from the canonical form that was tolerated; its kind is None if there was none.</summary>
    public BencodeError Deviation { get; private init; }

    internal ReadOnlySpan<BencodeNode> Nodes => _nodes;

    /// <summary>Parses one value.</summary>
    public static bool TryParse(
        ReadOnlyMemory<byte> bytes, BencodeOptions options, [NotNullWhen(true)] out BencodeDocument? document, out BencodeError error)
    {
        var reader = new BencodeReader(bytes.Span, options);
        var nodes = new BencodeNode[16];
        Span<int> open = stackalloc int[Limits.MaxBencodeDepth];
        int count = 0;
        while (reader.Read())
        {
            if (count == nodes.Length)
                Array.Resize(ref nodes, count * 2);
            nodes[count] = new BencodeNode(reader.TokenStart, 1);
            if (reader.Token is BencodeToken.List or BencodeToken.Dictionary)
            {
                open[reader.Depth - 1] = count;
            }
            else if (reader.Token == BencodeToken.End)
            {
                int start = open[reader.Depth];
                nodes[start] = nodes[start] with { Size = count - start + 1 };
            }

            count++;
        }

        error = reader.Error;
        document = error.Kind != BencodeErrorKind.None
            ? null
            : new BencodeDocument(bytes, nodes) { Length = reader.Position, Deviation = reader.Deviation };
        return document is not null;
    }
}
