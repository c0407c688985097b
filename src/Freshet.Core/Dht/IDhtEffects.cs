using System.Net;
using Freshet.Core.Dht.Searching;

namespace Freshet.Core.Dht;

/// <summary>Everything that a <see cref="DhtMachine"/> can ask for. No call may call back into the machine.</summary>
internal interface IDhtEffects
{
    /// <summary>Sends a datagram; it may get lost. The span must not be kept.</summary>
    void Send(ReadOnlySpan<byte> datagram, NodeAddress target);

    /// <summary>A search found peers that it had not found before.</summary>
    void PeersFound(SearchKey search, IReadOnlyList<IPEndPoint> peers);

    /// <summary>A search is over; no further calls follow for it.</summary>
    void SearchEnded(SearchKey search, SearchReport report);
}
