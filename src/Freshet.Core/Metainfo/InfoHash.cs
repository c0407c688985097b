using System.Diagnostics.CodeAnalysis;

namespace Freshet.Core.Metainfo;

/// <summary>
/// The identifier of a torrent in a swarm, in 20 bytes: the SHA-1 of the raw info dictionary (BEP 3), or the first 20 bytes of a version 2
/// torrent's SHA-256 (BEP 52).
/// </summary>
public readonly record struct InfoHash
{
    /// <summary>The length of an info-hash in bytes.</summary>
    public const int Length = Bytes20.Length;

    private readonly Bytes20 _bytes;

    /// <summary>Creates an info-hash from the first 20 bytes.</summary>
    public InfoHash(ReadOnlySpan<byte> bytes) => _bytes = new Bytes20(bytes);

    private InfoHash(Bytes20 bytes) => _bytes = bytes;

    /// <summary>Parses 40 hexadecimal digits.</summary>
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

    /// <summary>The hash as 40 lower-case hexadecimal digits.</summary>
    public override string ToString() => _bytes.ToString();
}
