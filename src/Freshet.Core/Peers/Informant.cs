namespace Freshet.Core.Peers;

/// <summary>
/// Who named an address, and has a place of the <see cref="PeerBook"/> for it. An address that has answered a dial has its place by itself:
/// all of those count as one informant, without a source.
/// </summary>
/// <param name="Source">The kind; null for addresses that have answered.</param>
/// <param name="Who">Which tracker or which peer's network it was; the DHT, the local network and the user are one informant each.</param>
internal readonly record struct Informant(PeerSource? Source, Origin Who = default)
{
    /// <summary>The informant of all addresses that have answered a dial.</summary>
    public static Informant Itself => default;

    /// <summary>Whether a peer named the address: another one, or the one that listens there.</summary>
    public bool IsPeer => Source is PeerSource.Exchange or PeerSource.Incoming;
}
