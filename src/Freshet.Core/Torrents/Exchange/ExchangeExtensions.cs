using System.Collections.Immutable;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>The extensions of every torrent of a session.</summary>
internal static class ExchangeExtensions
{
    private static readonly ImmutableArray<ExtensionRow> Rows =
        [ExtensionRows.Metadata, ExtensionRows.LostPieces, ExtensionRows.UploadOnly];

    /// <summary>Creates all extensions.</summary>
    public static ExtensionFactory Factory { get; } = new(
        static (torrent, parts) => [.. MakeWithPeers(torrent, parts), parts.HolePunching],
        [.. Rows, ExtensionRows.PeerExchange, ExtensionRows.HolePunch]);

    /// <summary>Creates all extensions except hole punching, which needs uTP.</summary>
    public static ExtensionFactory WithoutHoles { get; } = new(MakeWithPeers, [.. Rows, ExtensionRows.PeerExchange]);

    /// <summary>Creates all extensions except peer exchange.</summary>
    public static ExtensionFactory WithoutPeers { get; } = new(Make, Rows);

    private static ImmutableArray<IExtension> MakeWithPeers(TorrentContext torrent, IExtensionParts parts) =>
        [.. Make(torrent, parts), new PeerExchange(torrent, parts.Connecting, parts.Departures, parts.HolePunching)];

    private static ImmutableArray<IExtension> Make(TorrentContext torrent, IExtensionParts parts) =>
    [
        new MetadataExchange(parts.MetadataFetch, parts.MetadataServing, parts.Departures),
        new LostPieces(torrent, parts.Interest, parts.Departures),
        new UploadOnlyMessages(parts.Connecting),
    ];
}
