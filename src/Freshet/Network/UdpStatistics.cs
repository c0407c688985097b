namespace Freshet.Network;

/// <summary>What went through a <see cref="UdpMux"/>, in datagrams.</summary>
/// <param name="Received">Handed to a protocol.</param>
/// <param name="Unclaimed">No protocol's, or too long.</param>
/// <param name="Queued">Taken over to be sent.</param>
/// <param name="Dropped">Not sent: the queue was full, or there is no socket to send by.</param>
/// <param name="Failed">Not sent: the system would not.</param>
internal readonly record struct UdpStatistics(long Received, long Unclaimed, long Queued, long Dropped, long Failed)
{
    /// <summary>The same, by name.</summary>
    public IReadOnlyList<(string Outcome, long Count)> ByOutcome =>
        [("received", Received), ("unclaimed", Unclaimed), ("queued", Queued), ("dropped", Dropped), ("failed", Failed)];
}
