using Freshet.Core.Dht.Krpc;

namespace Freshet.Core.Dht.Searching;

/// <summary>How a peer is announced to the nodes at which a search ends.</summary>
/// <param name="Port">The listening port, for TCP and uTP.</param>
/// <param name="ImpliesPort">Whether nodes should use the source port of our datagrams instead, which may be that of a router.</param>
/// <param name="IsSeed">Whether it is a seed (BEP 33).</param>
internal readonly record struct AnnounceAs(ushort Port, bool ImpliesPort, bool IsSeed)
{
    /// <summary>
    /// What IPv6 nodes are sent instead of <see cref="Port"/> and <see cref="ImpliesPort"/>; null for the same. A router may map another
    /// port to ours over IPv4, which nobody reaches over IPv6.
    /// </summary>
    public (ushort Port, bool ImpliesPort)? OverV6 { get; init; }

    /// <summary>The announce to a node.</summary>
    public KrpcQuery QueryFor(NodeId target, Candidate node)
    {
        (ushort port, bool impliesPort) = node.Info.Address.IsV6 && OverV6 is { } other ? other : (Port, ImpliesPort);
        return new KrpcQuery
        {
            Method = DhtMethod.AnnouncePeer,
            Target = target,
            Port = port,
            ImpliesPort = impliesPort,
            IsSeed = IsSeed,
            Token = node.Token,
        };
    }
}
