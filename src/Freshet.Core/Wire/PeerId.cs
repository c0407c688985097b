namespace Freshet.Core.Wire;

/// <summary>The 20 bytes by which a peer names itself in a handshake (BEP 3, BEP 20).</summary>
public readonly record struct PeerId
{
    /// <summary>Bytes of a peer id.</summary>
    public const int Length = Bytes20.Length;

    private readonly Bytes20 _bytes;

    /// <summary>Takes the first 20 bytes.</summary>
    public PeerId(ReadOnlySpan<byte> bytes) => _bytes = new Bytes20(bytes);

    /// <summary>Writes the 20 bytes.</summary>
    public void CopyTo(Span<byte> destination) => _bytes.CopyTo(destination);

    /// <summary>The 20 bytes.</summary>
    public byte[] ToArray() => _bytes.ToArray();

    /// <summary>40 lower-case hexadecimal digits.</summary>
    public override string ToString() => _bytes.ToString();
}
