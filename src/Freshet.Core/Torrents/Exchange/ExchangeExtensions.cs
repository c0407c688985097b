using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>The extensions that every torrent of a session speaks, as far as it may.</summary>
internal static class ExchangeExtensions
{
    /// <summary>Makes them for a torrent.</summary>
    public static ExtensionFactory Factory { get; } = new(
        static (torrent, parts) =>
        [
            new MetadataExchange(parts.MetadataFetch, parts.MetadataServing, parts.Departures),
            new PeerExchange(torrent, parts.Connecting, parts.Departures),
            new LostPieces(torrent, parts.Interest, parts.Departures),
            new UploadOnlyMessages(parts.Connecting),
        ],
        ExtensionRows.Metadata,
        ExtensionRows.PeerExchange,
        ExtensionRows.LostPieces,
        ExtensionRows.UploadOnly);
}
