using Freshet.Api;

namespace Freshet.Daemon.Feeds;

/// <summary>A torrent at one moment.</summary>
/// <param name="Item">As a record, to filter and sort by.</param>
/// <param name="Json">As it is sent. Not to be changed.</param>
internal sealed record CatalogItem(TorrentItem Item, byte[] Json);
