namespace Freshet.Core.Bencoding;

/// <summary>How strictly bencoded data is read. The default is what BEP 3 says.</summary>
public readonly record struct BencodeOptions
{
    /// <summary>What the specification says, to the letter.</summary>
    public static BencodeOptions Strict => default;

    /// <summary>
    /// What other clients take without complaint: keys out of order or twice, leading zeros. Meant for what is read and never
    /// written again; hashes are of the raw bytes and do not change.
    /// </summary>
    public static BencodeOptions Tolerant => new() { IsTolerant = true };

    /// <summary>Whether departures from the canonical form are read over. The first is told by the reader.</summary>
    public bool IsTolerant { get; init; }

    /// <summary>Whether bytes after the value's end are left alone.</summary>
    public bool AllowTrailingBytes { get; init; }

    /// <summary>The most tokens, ends counted; 0 for eight million.</summary>
    public int MaxTokens { get; init; }
}
