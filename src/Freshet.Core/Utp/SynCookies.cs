using System.Buffers.Binary;
using System.Security.Cryptography;
using Freshet.Core.Rates;

namespace Freshet.Core.Utp;

/// <summary>
/// Computes the initial sequence number of our side of an incoming connection from a secret and the origin of the ST_SYN. So no state is
/// needed until the peer's next packet proves that it received our answer: a flood of ST_SYNs, from whatever addresses, uses no memory.
/// </summary>
/// <param name="secret">Unpredictable bytes.</param>
internal sealed class SynCookies(ReadOnlyMemory<byte> secret)
{
    // The first packet may be lost, so that the second is the first to arrive.
    private const int MostAhead = 3;
    private static readonly long Epoch = TimeSpan.FromSeconds(64).Ticks;

    /// <summary>The initial sequence number of our side for a ST_SYN.</summary>
    public SequenceNumber Of<TAddress>(TAddress address, ushort chosenId, SequenceNumber syn, Timestamp now)
        where TAddress : struct, IUtpAddress => Of(address, chosenId, syn, now.Ticks / Epoch);

    /// <summary>Whether a packet of an unknown connection responds to our answer to its sender's ST_SYN.</summary>
    /// <param name="address">The sender.</param>
    /// <param name="header">The packet's header.</param>
    /// <param name="now">The current time.</param>
    /// <param name="syn">The sequence number of the ST_SYN.</param>
    public bool TryMatch<TAddress>(TAddress address, in UtpHeader header, Timestamp now, out SequenceNumber syn)
        where TAddress : struct, IUtpAddress
    {
        ushort chosenId = (ushort)(header.ConnectionId - 1);
        for (int ahead = 1; ahead <= MostAhead; ahead++)
        {
            syn = header.Sequence - ahead;
            long epoch = now.Ticks / Epoch;
            SequenceNumber expected = header.Acknowledged + 1;
            if (Of(address, chosenId, syn, epoch) == expected || Of(address, chosenId, syn, epoch - 1) == expected)
                return true;
        }

        syn = default;
        return false;
    }

    private SequenceNumber Of<TAddress>(TAddress address, ushort chosenId, SequenceNumber syn, long epoch)
        where TAddress : struct, IUtpAddress
    {
        Span<byte> input = stackalloc byte[128];
        input.Clear();
        secret.Span.CopyTo(input);
        BinaryPrimitives.WriteUInt16LittleEndian(input[64..], chosenId);
        BinaryPrimitives.WriteUInt16LittleEndian(input[66..], syn.Value);
        BinaryPrimitives.WriteInt64LittleEndian(input[68..], epoch);
        address.WriteTo(input[76..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input, hash);
        return new SequenceNumber(BinaryPrimitives.ReadUInt16LittleEndian(hash));
    }
}
