namespace Freshet.Core.Dht.Searching;

/// <summary>As what a peer is announced to the nodes that a search ends at.</summary>
/// <param name="Port">Where it listens, on TCP and for uTP.</param>
/// <param name="ImpliesPort">Whether the port counts that nodes see our datagrams come from: that of a router, perhaps.</param>
/// <param name="IsSeed">Whether it has everything (BEP 33).</param>
internal readonly record struct AnnounceAs(ushort Port, bool ImpliesPort, bool IsSeed);
