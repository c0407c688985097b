namespace Freshet.Core.Wire.Extensions;

/// <summary>The extensions that we speak. The numbers are ours to choose, and mean nothing to others.</summary>
internal static class ExtensionRows
{
    /// <summary>
    /// Metadata from peers (BEP 9). Not in private torrents: their metadata comes from the tracker that keeps them private.
    /// </summary>
    public static ExtensionRow Metadata { get; } = new("ut_metadata", 1, MetadataMessage.MaxLength, ExtensionScope.UnlessPrivate);

    /// <summary>Peers from peers (BEP 11); private torrents have theirs from their trackers alone (BEP 27).</summary>
    public static ExtensionRow PeerExchange { get; } = new("ut_pex", 2, PeerExchangeMessage.MaxLength, ExtensionScope.PublicOnly);

    /// <summary>A piece is not there any more (BEP 54): its number, four bytes.</summary>
    public static ExtensionRow LostPieces { get; } = new("lt_donthave", 3, 4, ExtensionScope.All);

    /// <summary>Whether the sender wants no piece (libtorrent's form of BEP 21): a byte.</summary>
    public static ExtensionRow UploadOnly { get; } = new("upload_only", 4, 1, ExtensionScope.All);

    /// <summary>Two peers behind routers meet with the help of a third (BEP 55), which tells them of each other as BEP 11 does.</summary>
    public static ExtensionRow HolePunch { get; } = new("ut_holepunch", 5, HolePunchMessage.MaxLength, ExtensionScope.PublicOnly);
}
