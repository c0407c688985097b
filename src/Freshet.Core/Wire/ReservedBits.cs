using System.Buffers.Binary;

namespace Freshet.Core.Wire;

/// <summary>The reserved bytes of the handshake, in which peers announce their capabilities (BEP 3, 5, 6, 10, 52).</summary>
/// <param name="Value">The eight bytes as a big-endian number.</param>
public readonly record struct ReservedBits(ulong Value)
{
    private const ulong ExtensionProtocolBit = 0x10UL << 16;
    private const ulong DhtBit = 0x01;
    private const ulong FastBit = 0x04;
    private const ulong V2Bit = 0x10;

    /// <param name="bytes">The eight bytes, as in a handshake.</param>
    public ReservedBits(ReadOnlySpan<byte> bytes)
        : this(BinaryPrimitives.ReadUInt64BigEndian(bytes))
    {
    }

    /// <summary>The capabilities of this client.</summary>
    public static ReservedBits Ours => new(ExtensionProtocolBit | FastBit);

    /// <summary>Supports extension messages (BEP 10).</summary>
    public bool ExtensionProtocol => (Value & ExtensionProtocolBit) != 0;

    /// <summary>Has a DHT node (BEP 5).</summary>
    public bool Dht => (Value & DhtBit) != 0;

    /// <summary>Supports the Fast extension (BEP 6).</summary>
    public bool Fast => (Value & FastBit) != 0;

    /// <summary>Can upgrade to version 2 (BEP 52).</summary>
    public bool V2 => (Value & V2Bit) != 0;

    /// <summary>These capabilities plus DHT.</summary>
    public ReservedBits WithDht() => new(Value | DhtBit);

    /// <summary>Writes the eight bytes.</summary>
    public void CopyTo(Span<byte> destination) => BinaryPrimitives.WriteUInt64BigEndian(destination, Value);

    /// <summary>The eight bytes in hexadecimal.</summary>
    public override string ToString() => Value.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}
