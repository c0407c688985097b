using Freshet.Core.Metainfo;

namespace Freshet.Core.Wire;

/// <summary>
/// The first 68 bytes of a connection (BEP 3): 19, "BitTorrent protocol", 8 reserved bytes, info-hash, peer id.
/// </summary>
internal readonly record struct Handshake(ReservedBits Reserved, InfoHash InfoHash, PeerId PeerId)
{
    public const int Length = 68;
    private const int ReservedAt = 20;
    private const int InfoHashAt = 28;
    private const int PeerIdAt = 48;

    /// <summary>The bytes before the reserved bytes.</summary>
    public static ReadOnlySpan<byte> Protocol => "\u0013BitTorrent protocol"u8;

    /// <summary>Parses 68 bytes; false if they do not start like a BitTorrent handshake.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Handshake handshake)
    {
        handshake = default;
        if (bytes.Length < Length || !bytes.StartsWith(Protocol))
            return false;
        handshake = new Handshake(
            new ReservedBits(bytes[ReservedAt..]),
            new InfoHash(bytes[InfoHashAt..]),
            new PeerId(bytes[PeerIdAt..]));
        return true;
    }

    public void Write(Span<byte> destination)
    {
        Protocol.CopyTo(destination);
        Reserved.CopyTo(destination[ReservedAt..]);
        InfoHash.CopyTo(destination[InfoHashAt..]);
        PeerId.CopyTo(destination[PeerIdAt..]);
    }
}
