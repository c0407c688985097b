namespace Freshet.Core.Dht.Searching;

/// <summary>How a peer is announced to the nodes at which a search ends.</summary>
/// <param name="Port">The listening port, for TCP and uTP.</param>
/// <param name="ImpliesPort">Whether nodes should use the source port of our datagrams instead, which may be that of a router.</param>
/// <param name="IsSeed">Whether it is a seed (BEP 33).</param>
internal readonly record struct AnnounceAs(ushort Port, bool ImpliesPort, bool IsSeed);
