using System.Buffers.Binary;
using Freshet.Core.Rates;
using Freshet.Tracker.Swarms;

namespace Freshet.Tracker.Udp;

/// <summary>
/// Connection ids (BEP 15): a client that knows one has received a datagram at its address within the last two minutes, and so did not
/// forge the address. An id is a hash of the address and the minute with a key that is new in every process, so that no state is kept per
/// client.
/// </summary>
internal sealed class ConnectionIds(SipHash hash)
{
    private static readonly TimeSpan Slot = TimeSpan.FromMinutes(1);

    /// <summary>Creates an id for an address; it is valid for one to two minutes.</summary>
    public ulong For(PeerAddress asker, Timestamp now) => Of(asker, now.Ticks / Slot.Ticks);

    public bool IsValid(ulong id, PeerAddress asker, Timestamp now)
    {
        long slot = now.Ticks / Slot.Ticks;
        return id == Of(asker, slot) || id == Of(asker, slot - 1);
    }

    private ulong Of(PeerAddress asker, long slot)
    {
        Span<byte> bytes = stackalloc byte[27];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, asker.Bits);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[16..], asker.Port);
        bytes[18] = asker.IsV6 ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[19..], slot);
        return hash.Hash(bytes);
    }
}
