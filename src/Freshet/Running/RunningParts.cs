using Freshet.Core.Torrents;

namespace Freshet.Running;

/// <summary>The parts of an active torrent, apart from its loop.</summary>
/// <param name="Machine">Makes the decisions. Belongs to the loop.</param>
/// <param name="Effects">Does what the machine asks for. Belongs to the loop.</param>
/// <param name="Memory">What is recorded of the torrent.</param>
/// <param name="History">What the torrent has done. Belongs to the loop.</param>
internal sealed record RunningParts(TorrentMachine Machine, TorrentEffects Effects, TorrentMemory Memory, TorrentHistory History)
{
    /// <summary>Its data; null until the metadata is known.</summary>
    public TorrentStore? Store => Effects.Store;
}
