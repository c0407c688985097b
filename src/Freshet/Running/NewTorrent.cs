using Freshet.Core.Metainfo;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>A torrent to be added.</summary>
/// <param name="Source">The torrent's source.</param>
/// <param name="Options">Its options.</param>
/// <param name="Position">Its position among the session's torrents.</param>
internal readonly record struct NewTorrent(LoadedSource Source, TorrentOptions Options, long Position)
{
    /// <summary>Creates the torrent's first record.</summary>
    /// <param name="services">The session's services.</param>
    /// <param name="key">The info-hash under which it is recorded.</param>
    /// <param name="folder">The absolute folder of its files.</param>
    /// <param name="options">Its options, including what its link selects.</param>
    /// <param name="hasMetadata">Whether its metadata is known.</param>
    public TorrentRecord ToRecord(SessionServices services, InfoHash key, string folder, TorrentOptions options, bool hasMetadata) => new()
    {
        InfoHash = key,
        Folder = folder,
        Options = options,
        Run = options.Stopped || (options.StopAtMetadata && hasMetadata) ? RunState.Stopped : RunState.Running,
        Position = Position,
        AddedAt = services.Time.GetUtcNow(),
        Clock = services.Clock.Now,
    };
}
