namespace Freshet.Core.Bencoding;

/// <summary>A key of a dictionary with its value.</summary>
internal readonly struct BencodeEntry
{
    private readonly BencodeValue _key;

    internal BencodeEntry(BencodeValue key, BencodeValue value)
    {
        _key = key;
        Value = value;
    }

    /// <summary>The key's bytes.</summary>
    public ReadOnlySpan<byte> Key => _key.String;

    /// <summary>The value.</summary>
    public BencodeValue Value { get; }
}
