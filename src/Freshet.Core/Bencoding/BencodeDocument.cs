using System.Diagnostics.CodeAnalysis;

namespace Freshet.Core.Bencoding;

/// <summary>
/// A parsed and fully validated bencoded document. It keeps the input bytes plus eight bytes per token; values are decoded from the input
/// on access. The input must not change while the document is in use.
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

    /// <summary>Bytes of the outermost value; less than the input only if trailing bytes were allowed.</summary>
    public int Length { get; private init; }

    /// <summary>The first tolerated deviation from the canonical form; its kind is None if there was none.</summary>
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
