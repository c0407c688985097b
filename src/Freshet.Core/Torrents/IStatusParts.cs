using Freshet.Core.Torrents.Exchange;

namespace Freshet.Core.Torrents;

/// <summary>The parts of a <see cref="TorrentMachine"/> that a status reports on: where peers, metadata and data come from.</summary>
internal interface IStatusParts
{
    Announcing Announcing { get; }

    DhtAsking Dht { get; }

    MetadataFetch MetadataFetch { get; }

    WebSeeding WebSeeding { get; }
}
