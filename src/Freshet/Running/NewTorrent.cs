using Freshet.Core.Metainfo;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>A torrent to be added.</summary>
/// <param name="Source">What is known of it.</param>
/// <param name="Options">What its user wants of it.</param>
/// <param name="Position">Its place among the session's torrents.</param>
internal readonly record struct NewTorrent(LoadedSource Source, TorrentOptions Options, long Position)
{
    /// <summary>What is to be recorded of it first.</summary>
    /// <param name="services">The session's.</param>
    /// <param name="key">By what it goes there.</param>
    /// <param name="folder">The absolute folder of its files.</param>
    /// <param name="options">What is wanted of it, with what its link selects.</param>
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
