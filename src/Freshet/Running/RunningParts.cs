using Freshet.Core.Torrents;

namespace Freshet.Running;

/// <summary>What a torrent at work consists of, beside its loop.</summary>
/// <param name="Machine">Decides. Belongs to the loop.</param>
/// <param name="Effects">Does what the machine asks for. Belongs to the loop.</param>
/// <param name="Memory">What is remembered of it.</param>
/// <param name="History">What it has done. Belongs to the loop.</param>
internal sealed record RunningParts(TorrentMachine Machine, TorrentEffects Effects, TorrentMemory Memory, TorrentHistory History)
{
    /// <summary>Its data; null until the metadata is known.</summary>
    public TorrentStore? Store => Effects.Store;
}
