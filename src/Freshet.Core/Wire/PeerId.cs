namespace Freshet.Core.Wire;

/// <summary>The 20-byte id that a peer sends in its handshake (BEP 3, BEP 20).</summary>
public readonly record struct PeerId
{
    /// <summary>The length of a peer id in bytes.</summary>
    public const int Length = Bytes20.Length;

    private readonly Bytes20 _bytes;

    /// <summary>Creates a peer id from the first 20 bytes.</summary>
    public PeerId(ReadOnlySpan<byte> bytes) => _bytes = new Bytes20(bytes);

    /// <summary>Writes the 20 bytes.</summary>
    public void CopyTo(Span<byte> destination) => _bytes.CopyTo(destination);

    /// <summary>The 20 bytes.</summary>
    public byte[] ToArray() => _bytes.ToArray();

    /// <summary>The id as 40 lower-case hexadecimal digits.</summary>
    public override string ToString() => _bytes.ToString();
}
