using System.Buffers.Binary;

namespace Freshet.Core.Wire;

/// <summary>The handshake's reserved bytes, by which peers say what they can do (BEP 3, 5, 6, 10, 52).</summary>
/// <param name="Value">The eight bytes as a number, the first of them the highest.</param>
public readonly record struct ReservedBits(ulong Value)
{
    private const ulong ExtensionProtocolBit = 0x10UL << 16;
    private const ulong DhtBit = 0x01;
    private const ulong FastBit = 0x04;
    private const ulong V2Bit = 0x10;

    /// <param name="bytes">Eight bytes, as in a handshake.</param>
    public ReservedBits(ReadOnlySpan<byte> bytes)
        : this(BinaryPrimitives.ReadUInt64BigEndian(bytes))
    {
    }

    /// <summary>What this client can do.</summary>
    public static ReservedBits Ours => new(ExtensionProtocolBit | FastBit);

    /// <summary>Extension messages (BEP 10).</summary>
    public bool ExtensionProtocol => (Value & ExtensionProtocolBit) != 0;

    /// <summary>DHT (BEP 5).</summary>
    public bool Dht => (Value & DhtBit) != 0;

    /// <summary>The Fast extension (BEP 6).</summary>
    public bool Fast => (Value & FastBit) != 0;

    /// <summary>Can be upgraded to version 2 (BEP 52).</summary>
    public bool V2 => (Value & V2Bit) != 0;

    /// <summary>The same, and DHT.</summary>
    public ReservedBits WithDht() => new(Value | DhtBit);

    /// <summary>Writes the eight bytes.</summary>
    public void CopyTo(Span<byte> destination) => BinaryPrimitives.WriteUInt64BigEndian(destination, Value);

    /// <summary>The eight bytes in hex.</summary>
    public override string ToString() => Value.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}
