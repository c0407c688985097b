namespace Freshet.Core.Wire.Extensions;

/// <summary>The extensions that we support. The numbers are our own choice, and mean nothing to others.</summary>
internal static class ExtensionRows
{
    /// <summary>
    /// Metadata exchange (BEP 9). Not used in private torrents: their metadata comes from the tracker that keeps them private.
    /// </summary>
    public static ExtensionRow Metadata { get; } = new("ut_metadata", 1, MetadataMessage.MaxLength, ExtensionScope.UnlessPrivate);

    /// <summary>
    /// Peer exchange (BEP 11). Private torrents get peers only from their trackers (BEP 27). It is offered while privacy is unknown: to
    /// libtorrent, what the first handshake lacks is never supported on that connection, and it disconnects whoever uses it later.
    /// </summary>
    public static ExtensionRow PeerExchange { get; } = new("ut_pex", 2, PeerExchangeMessage.MaxLength, ExtensionScope.UnlessPrivate);

    /// <summary>The sender no longer has a piece (BEP 54).</summary>
    public static ExtensionRow LostPieces { get; } = new("lt_donthave", 3, LostPieceMessage.Length, ExtensionScope.All);

    /// <summary>Whether the sender wants no piece (libtorrent's form of BEP 21): one byte.</summary>
    public static ExtensionRow UploadOnly { get; } = new("upload_only", 4, 1, ExtensionScope.All);

    /// <summary>Two peers behind routers meet with the help of a third (BEP 55), which tells them of each other as BEP 11 does.</summary>
    public static ExtensionRow HolePunch { get; } = new("ut_holepunch", 5, HolePunchMessage.MaxLength, ExtensionScope.PublicOnly);
}
