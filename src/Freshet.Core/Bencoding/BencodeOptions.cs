namespace Freshet.Core.Bencoding;

/// <summary>How strictly bencoded data is parsed. The default is strict, as BEP 3 specifies.</summary>
public readonly record struct BencodeOptions
{
    /// <summary>Exactly what the specification allows.</summary>
    public static BencodeOptions Strict => default;

    /// <summary>
    /// Accepts what other clients accept: unsorted or duplicate keys, and leading zeros. Intended for data that is read but never written
    /// again; hashes are computed over the raw bytes and stay the same.
    /// </summary>
    public static BencodeOptions Tolerant => new() { IsTolerant = true };

    /// <summary>Whether deviations from the canonical form are tolerated. The reader reports the first one.</summary>
    public bool IsTolerant { get; init; }

    /// <summary>Whether bytes after the end of the value are ignored.</summary>
    public bool AllowTrailingBytes { get; init; }

    /// <summary>The most tokens, end tokens included; 0 for eight million.</summary>
    public int MaxTokens { get; init; }
}
