using Freshet.Core.Rates;

namespace Freshet.Core.Utp;

/// <summary>What a single packet acknowledges.</summary>
/// <param name="now">When the packet arrived.</param>
/// <param name="sentBefore">Transmissions after this moment cannot have been acknowledged yet.</param>
internal struct Arrivals(Timestamp now, Timestamp sentBefore)
{
    public readonly Timestamp SentBefore => sentBefore;

    /// <summary>Bytes of packets that are newly known to have arrived.</summary>
    public int Bytes { get; private set; }

    /// <summary>The round-trip time of the newest packet that was sent only once, if there is one.</summary>
    public TimeSpan? RoundTrip { get; private set; }

    public void Add(in OutgoingPacket packet)
    {
        Bytes += packet.Length;
        TimeSpan took = now - packet.Sent;
        if (packet.Transmissions == 1 && (RoundTrip is not { } least || took < least))
            RoundTrip = took;
    }
}
