using System.Diagnostics.CodeAnalysis;

namespace Freshet.Core.Metainfo;

/// <summary>
/// What names a torrent in a swarm, in 20 bytes: the SHA-1 of the raw info dictionary (BEP 3), or the first 20 bytes of a
/// version 2 torrent's SHA-256 (BEP 52).
/// </summary>
public readonly record struct InfoHash
{
    /// <summary>Bytes of an info-hash.</summary>
    public const int Length = Bytes20.Length;

    private readonly Bytes20 _bytes;

    /// <summary>Takes the first 20 bytes.</summary>
    public InfoHash(ReadOnlySpan<byte> bytes) => _bytes = new Bytes20(bytes);

    private InfoHash(Bytes20 bytes) => _bytes = bytes;

    /// <summary>Reads 40 hexadecimal digits.</summary>
    public static bool TryParseHex([NotNullWhen(true)] string? text, out InfoHash hash)
    {
        bool parsed = Bytes20.TryParseHex(text, out Bytes20 bytes);
        hash = new InfoHash(bytes);
        return parsed;
    }

    /// <summary>Writes the 20 bytes.</summary>
    public void CopyTo(Span<byte> destination) => _bytes.CopyTo(destination);

    /// <summary>The 20 bytes.</summary>
    public byte[] ToArray() => _bytes.ToArray();

    /// <summary>40 lower-case hexadecimal digits.</summary>
    public override string ToString() => _bytes.ToString();
}
