using System.Buffers;

namespace Freshet.Cli.Parsing;

/// <summary>A torrent as given by the user: a path, a URL, a magnet link, or an info-hash.</summary>
internal readonly record struct TorrentReference(string Text)
{
    private const string V1Prefix = "urn:btih:";
    private const string V2Prefix = "urn:btmh:";

    // The multihash prefix of a version 2 hash: SHA-256, 32 bytes.
    private const string Sha256 = "1220";

    private static readonly SearchValues<char> Base32Digits = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");

    /// <summary>Whether it is an HTTP URL.</summary>
    public bool IsUrl =>
        Text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || Text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The magnet link (BEP 9) that it is or, for an info-hash, stands for; null if it is neither. A file whose name is an info-hash takes
    /// precedence.
    /// </summary>
    public string? MagnetLink => Text.StartsWith("magnet:", StringComparison.OrdinalIgnoreCase) ? Text
        : Topic is { } topic && !File.Exists(Text) ? "magnet:?xt=" + topic
        : null;

    private string? Topic => Text switch
    {
        _ when Text.StartsWith(V1Prefix, StringComparison.OrdinalIgnoreCase) => Text,
        _ when Text.StartsWith(V2Prefix, StringComparison.OrdinalIgnoreCase) => Text,
        { Length: 40 } when IsHex => V1Prefix + Text,
        { Length: 32 } when !Text.ToUpperInvariant().AsSpan().ContainsAnyExcept(Base32Digits) => V1Prefix + Text,
        { Length: 64 } when IsHex => V2Prefix + Sha256 + Text,
        { Length: 68 } when IsHex && Text.StartsWith(Sha256, StringComparison.Ordinal) => V2Prefix + Text,
        _ => null,
    };

    private bool IsHex => Text.All(char.IsAsciiHexDigit);

    public override string ToString() => Text;
}
