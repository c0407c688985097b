namespace Freshet.Network;

/// <summary>The datagrams of a <see cref="UdpMux"/>.</summary>
/// <param name="Received">Handed to a protocol.</param>
/// <param name="Unclaimed">Claimed by no protocol, or too long.</param>
/// <param name="Queued">Accepted for sending.</param>
/// <param name="Dropped">Not sent: the queue was full, or there was no socket.</param>
/// <param name="Failed">Not sent: the system refused.</param>
internal readonly record struct UdpStatistics(long Received, long Unclaimed, long Queued, long Dropped, long Failed)
{
    /// <summary>The same, by name.</summary>
    public IReadOnlyList<(string Outcome, long Count)> ByOutcome =>
        [("received", Received), ("unclaimed", Unclaimed), ("queued", Queued), ("dropped", Dropped), ("failed", Failed)];
}
