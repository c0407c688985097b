using Freshet.Core.Torrents.Exchange;

namespace Freshet.Core.Torrents;

/// <summary>The parts of a <see cref="TorrentMachine"/> that its extensions work on.</summary>
internal interface IExtensionParts
{
    Connecting Connecting { get; }

    Departures Departures { get; }

    Interest Interest { get; }

    HolePunching HolePunching { get; }

    MetadataFetch MetadataFetch { get; }

    MetadataServing MetadataServing { get; }
}
