using System.Collections.Immutable;

namespace Freshet.Core.Torrents;

/// <summary>Makes the extensions of BEP 10 that a torrent speaks, from the parts of its machine that they work on.</summary>
internal delegate ImmutableArray<IExtension> ExtensionFactory(TorrentContext torrent, TorrentParts parts);
