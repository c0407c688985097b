using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Freshet.Core.Rates;
using Freshet.Core.Wire;

namespace Freshet.Tracker.Swarms;

/// <summary>
/// A peer in few bytes, since there may be millions; its family is that of its table, and times have a resolution of a tenth of a second.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct PackedPeer
{
    private const long TicksPerUnit = TimeSpan.TicksPerSecond / 10;

    private ulong _high;
    private ulong _low;
    private IdBytes _id;
    private uint _lastSeen;
    private ushort _port;

    public static PackedPeer From(in SwarmPeer peer)
    {
        PackedPeer packed = new()
        {
            _high = (ulong)(peer.Address.Bits >> 64),
            _low = (ulong)peer.Address.Bits,
            _port = peer.Address.Port,
            _lastSeen = (uint)(peer.LastSeen.Ticks / TicksPerUnit),
        };
        peer.Id.CopyTo(packed._id);
        return packed;
    }

    public readonly Timestamp LastSeen => new(_lastSeen * TicksPerUnit);

    public readonly PeerAddress AddressIn(bool isV6) => new(new UInt128(_high, _low), _port, isV6);

    public readonly bool Is(in PeerAddress address) =>
        _port == address.Port && _low == (ulong)address.Bits && _high == (ulong)(address.Bits >> 64);

    public readonly SwarmPeer Unpack(bool isV6) => new(AddressIn(isV6), new PeerId(_id), LastSeen);

    [InlineArray(PeerId.Length)]
    private struct IdBytes
    {
        private byte _first;
    }
}
