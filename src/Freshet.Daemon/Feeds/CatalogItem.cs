using Freshet.Api;

namespace Freshet.Daemon.Feeds;

/// <summary>A torrent at one moment.</summary>
/// <param name="Item">The record, to filter and sort by.</param>
/// <param name="Json">The JSON that is sent. Must not be modified.</param>
internal sealed record CatalogItem(TorrentItem Item, byte[] Json);
